from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .forms import VacantHouseForm
from .models import Grade, VacantHouse
from .todos import house_todos

# Exact addresses are personal data (빈집 특례법 §28): only those who survey houses or plan their reuse see them.
SURVEY_ROLES = frozenset({Role.SURVEY_MANAGER, Role.SURVEYOR, Role.FACILITY_PLANNER})

vacant_houses = layers.register(
    Layer(
        id="vacant-houses",
        title=_("Vacant houses"),
        singular=_("vacant house"),
        description=_("Houses suspected or found to be vacant, with their grade."),
        group=_("Vacant houses"),
        model=VacantHouse,
        geometry="location",
        geometry_type="Point",
        outline="parcel",
        form=VacantHouseForm,
        properties=(
            Property("address", personal=True, listed=True),
            Property("pnu", personal=True, listed=True),
            *AREA_PROPERTIES,
            Property("regime", listed=True),
            Property("status", listed=True),
            Property("grade", listed=True),
            Property("found_on", listed=True),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "grade",
            (
                Category(Grade.ONE, Grade.ONE.label, "#009E73", "circle"),
                Category(Grade.TWO, Grade.TWO.label, "#E69F00", "triangle"),
                Category(Grade.THREE, Grade.THREE.label, "#D55E00", "square"),
                Category(Grade.FOUR, Grade.FOUR.label, "#8C2D04", "diamond"),
                Category(Grade.ORDINARY, Grade.ORDINARY.label, "#56B4E9", "circle"),
                Category(Grade.SPECIFIC, Grade.SPECIFIC.label, "#CC79A7", "square"),
                Category(Grade.NONE, Grade.NONE.label, "#6B7684", "ring"),
            ),
        ),
        access=Access(view=SURVEY_ROLES, edit=frozenset({Role.SURVEY_MANAGER, Role.SURVEYOR}), personal=SURVEY_ROLES),
        label="address",
        temporal="found_on",
        search=("pnu", "address"),
        keys=("pnu",),
        cluster_below=12,
        place_is_personal=True,
        todo=house_todos,
        detail_template="vacanthouses/_house.html",
        pages=(
            (_("Survey rounds"), "campaign-list"),
            (_("Legal clocks"), "clocks"),
            (_("Status report"), "house-status"),
            (_("Review of visits"), "review-queue-all"),
            (_("Rule tables"), "rule-list"),
            (_("Phones of the survey"), "survey-devices"),
        ),
    )
)

# Layers of the same group follow the houses they are about.
from . import measure_layers, visit_layers, work_area_layers, zone_layers  # noqa: E402, F401
