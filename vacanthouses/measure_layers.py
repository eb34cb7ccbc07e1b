"""Measures of improvement plans on the map and in lists: for those who plan. They are changed on the plan's pages."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers

from .measure_forms import MeasureRecordForm
from .models import Measure, MeasureKind, ReuseKind
from .querysets_planning import PLANNERS


def reuse_text(value: str) -> str:
    return str(ReuseKind(value).label) if value in ReuseKind.values else ""


measures = layers.register(
    Layer(
        id="measures",
        title=_("Measures"),
        singular=_("improvement measure"),
        description=_("Demolition, safety and reuse of vacant houses in improvement plans, and what came of it."),
        group=_("Vacant houses"),
        model=Measure,
        geometry="location",
        geometry_type="Point",
        form=MeasureRecordForm,
        properties=(
            Property("house", _("house (number)"), "integer", source="house_id", read_only=True),
            Property(
                "address", _("address"), "string", source="house__address", personal=True, read_only=True, listed=True
            ),
            *AREA_PROPERTIES,
            Property("plan", _("improvement plan"), "string", source="plan__name", read_only=True, listed=True),
            Property("kind", read_only=True, listed=True),
            # Demolition and safety have none, and the schema lists every choice: plain text, in words below.
            Property("reuse", _("reuse as"), "string", read_only=True),
            Property("state", read_only=True, listed=True),
            Property("planned_on", read_only=True),
            Property("done_on", read_only=True, listed=True),
            Property("outcome", read_only=True),
            Property("living_population", read_only=True),
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(MeasureKind.DEMOLITION, MeasureKind.DEMOLITION.label, "#D55E00", "square"),
                Category(MeasureKind.SAFETY, MeasureKind.SAFETY.label, "#E69F00", "triangle"),
                Category(MeasureKind.REUSE, MeasureKind.REUSE.label, "#009E73", "diamond"),
            ),
        ),
        access=Access(view=PLANNERS, edit=PLANNERS, personal=PLANNERS, read_only=True),
        # The map writes it beside the sign: a code would not be words, an address would be personal.
        label="area__name",
        words={"reuse": reuse_text},
        temporal="done_on",
        search=("house__address", "house__pnu", "plan__name"),
        place_is_personal=True,
        begins_alone=False,
        shown_first=False,
        detail_template="vacanthouses/_measure_links.html",
        # Here rather than with the houses, so that crews, who may open none of them, do not meet them.
        pages=(
            (_("Improvement plans"), "improvement-plans"),
            (_("Neighbour risk"), "risk-list"),
            (_("Reuse of houses"), "reuse-list"),
        ),
    )
)
