from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role
from gis_core.permissions import ALL_ROLES

from .forms import CentreForm
from .models import Centre, CentreCategory
from .todos import centre_todos

centres = layers.register(
    Layer(
        id="centres",
        title=_("Community centres"),
        singular=_("centre"),
        description=_("Community centres and administrative welfare centres."),
        group=_("Facilities"),
        model=Centre,
        geometry="location",
        geometry_type="Point",
        outline="footprint",
        form=CentreForm,
        properties=(
            Property("name", listed=True),
            Property("category", listed=True),
            *AREA_PROPERTIES,
            Property("address"),
            Property("opened_on", listed=True),
            Property("gross_floor_area_m2", listed=True),
            Property("staff", listed=True),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "category",
            (
                Category(
                    CentreCategory.GOVERNMENT_FACILITY, CentreCategory.GOVERNMENT_FACILITY.label, "#0072B2", "square"
                ),
                Category(CentreCategory.COMMUNITY_CENTER, CentreCategory.COMMUNITY_CENTER.label, "#56B4E9", "diamond"),
            ),
        ),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.FACILITY_PLANNER})),
        temporal="opened_on",
        search=("name", "address"),
        keys=("name", "area"),
        todo=centre_todos,
    )
)
