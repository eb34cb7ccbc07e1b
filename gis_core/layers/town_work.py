"""The layers of what towns do on their own ground: local policies and outreach visits."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from gis_core.indicators.town_forms import LocalPolicyForm, OutreachVisitForm
from gis_core.models import LocalPolicy, OutreachVisit, Role
from gis_core.permissions import ALL_ROLES

from .declarations import AREA_PROPERTIES, EXAMPLE
from .layer import Access, Category, Layer, Property, Style
from .layer import Sum as LayerSum
from .registry import layers

TOWN_WORK = _("Work of towns")

_PARTNERS = LocalPolicy.partners.through._default_manager.filter(localpolicy=OuterRef("pk"))

policies = layers.register(
    Layer(
        id="local-policies",
        title=_("Local policies"),
        singular=_("local policy"),
        description=_("What towns do that others could take over, with partners, satisfaction and outcome."),
        group=TOWN_WORK,
        model=LocalPolicy,
        geometry="location",
        geometry_type="Point",
        form=LocalPolicyForm,
        label="title",
        properties=(
            Property("title", listed=True),
            Property("year", listed=True, grouped=False),
            *AREA_PROPERTIES,
            Property("summary"),
            Property(
                "partners",
                _("partners (numbers)"),
                "array",
                source=ArraySubquery(_PARTNERS.order_by("organisation_id").values("organisation_id")),
            ),
            Property(
                "partner_names",
                _("partners"),
                "array",
                source=ArraySubquery(_PARTNERS.order_by("organisation_id").values("organisation__name")),
                read_only=True,
                listed=True,
            ),
            Property("satisfaction", listed=True),
            Property("respondents", listed=True),
            Property("outcome"),
            EXAMPLE,
        ),
        style=Style(None, (Category("", _("local policy"), "#8C5A00", "star"),)),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.ZONE_COORDINATOR})),
        search=("title", "summary", "outcome"),
        keys=("title", "year", "area"),
        shown_first=False,
        pages=(
            (_("Local policies by town"), "policy-counter"),
            (_("Indicators"), "indicator-list"),
            (_("Evaluation of towns"), "evaluation-list"),
        ),
    )
)

outreach = layers.register(
    Layer(
        id="outreach-visits",
        title=_("Outreach visits"),
        singular=_("outreach visit"),
        description=_("Visits to the households of villages, as counts: never who was visited."),
        group=TOWN_WORK,
        model=OutreachVisit,
        geometry="location",
        geometry_type="Point",
        form=OutreachVisitForm,
        label="village",
        properties=(
            Property("village", listed=True),
            *AREA_PROPERTIES,
            Property("from_on", listed=True),
            Property("until_on", listed=True),
            Property("households", listed=True),
            Property("visited", listed=True),
            Property("follow_ups"),
            Property("follow_ups_done"),
            Property("subjects"),
            Property(
                "open_follow_ups",
                _("open follow-ups"),
                "integer",
                source=F("follow_ups") - F("follow_ups_done"),
                read_only=True,
                listed=True,
            ),
            EXAMPLE,
        ),
        style=Style(None, (Category("", _("outreach visit"), "#0072B2", "diamond"),)),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.ZONE_COORDINATOR})),
        temporal="from_on",
        temporal_end="until_on",
        search=("village", "subjects"),
        keys=("village", "from_on", "area"),
        sums=(
            LayerSum(_("Households visited"), Sum("visited")),
            LayerSum(_("Open follow-ups"), Sum(F("follow_ups") - F("follow_ups_done"))),
        ),
        shown_first=False,
        pages=((_("Outreach by town"), "outreach-sums"),),
    )
)
