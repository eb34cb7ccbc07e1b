"""Inspections in lists, on pages and on the map. They come from phones and the desk form, never by themselves."""

from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import RecordForm
from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import Inspection, InspectionResult


class InspectionForm(RecordForm):
    """The form a layer needs; inspections are written by ``services.inspections`` only."""

    class Meta:
        model = Inspection
        fields = ["note"]


inspections = layers.register(
    Layer(
        id="inspections",
        title=_("Inspections"),
        singular=_("inspection"),
        description=_("What was found at depots: answers, photos, and the repairs that follow."),
        group=_("Disaster readiness"),
        model=Inspection,
        geometry="location",
        geometry_type="Point",
        form=InspectionForm,
        properties=(
            Property("depot", _("depot (number)"), "integer", source="depot_id", read_only=True),
            Property("depot_name", _("depot"), "string", source="depot__name", read_only=True, listed=True),
            Property("class", _("class of items"), "string", source="item_class__name", read_only=True, listed=True),
            *AREA_PROPERTIES,
            Property("result", read_only=True, listed=True),
            Property("kind", read_only=True),
            Property("inspected_on", read_only=True, listed=True),
            Property(
                "inspector", _("inspected by"), "string", source="inspected_by__name", read_only=True, listed=True
            ),
            Property("due_on", read_only=True),
            Property("is_complete", read_only=True),
            Property("note", read_only=True),
            EXAMPLE,
        ),
        style=Style(
            "result",
            (
                Category(InspectionResult.PASSED, InspectionResult.PASSED.label, "#009E73", "circle"),
                Category(InspectionResult.FAILED, _("Not passed"), "#D55E00", "triangle"),
            ),
        ),
        access=Access(
            view=frozenset(
                {Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR, Role.FACILITY_PLANNER, Role.SURVEY_MANAGER, Role.VIEWER}
            ),
            edit=frozenset({Role.DISASTER_OFFICER}),
            read_only=True,
        ),
        label="depot__name",
        temporal="inspected_on",
        search=("depot__name", "note"),
        begins_alone=False,
        shown_first=False,
        detail_template="disaster/_inspection.html",
    )
)
