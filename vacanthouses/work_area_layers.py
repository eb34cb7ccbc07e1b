"""Work areas on the map: for those who survey. They are made by a split and given on the assignments' pages."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import WorkArea
from .work_area_forms import WorkAreaForm

SURVEYING = frozenset({Role.SURVEY_MANAGER, Role.SURVEYOR})

work_areas = layers.register(
    Layer(
        id="work-areas",
        title=_("Work areas"),
        singular=_("work area"),
        description=_("Parts of a survey round of about the same work, each for one crew."),
        group=_("Vacant houses"),
        model=WorkArea,
        geometry="geometry",
        geometry_type="MultiPolygon",
        form=WorkAreaForm,
        properties=(
            Property("name", read_only=True, listed=True),
            Property("number", read_only=True, listed=True),
            *AREA_PROPERTIES,
            Property("campaign", _("survey round"), "string", source="campaign__name", read_only=True, listed=True),
            Property("crew", _("crew"), "string", source="crew__name", read_only=True, listed=True),
            Property("minutes", read_only=True, listed=True),
            EXAMPLE,
        ),
        style=Style(None, ()),
        access=Access(view=SURVEYING, edit=frozenset({Role.SURVEY_MANAGER}), read_only=True),
        search=("name", "campaign__name", "crew__name"),
        begins_alone=False,
        shown_first=False,
    )
)
