"""Residents' proposals on the map, for those who answer them. What becomes of one is decided on its round's pages."""

from django.utils.translation import gettext_lazy as _

from gis_core.models import Proposal
from gis_core.models.participation import Decision, Moderation
from gis_core.participation.access import STAFF
from gis_core.participation.record_forms import ProposalRecordForm
from gis_core.participation.todos import proposal_todos

from .declarations import AREA_PROPERTIES, EXAMPLE, TERRITORY
from .layer import Access, Category, Layer, Property, Style
from .registry import layers

proposals = layers.register(
    Layer(
        id="proposals",
        title=_("Residents' proposals"),
        singular=_("residents' proposal"),
        description=_("What residents propose in a round, and what the office answers."),
        group=TERRITORY,
        model=Proposal,
        geometry="location",
        geometry_type="Point",
        form=ProposalRecordForm,
        properties=(
            Property("title", read_only=True, listed=True),
            Property("text", read_only=True),
            Property("round", _("round (number)"), "integer", source="round_id", read_only=True, grouped=False),
            Property("round_title", _("proposal round"), "string", source="round__title", read_only=True, listed=True),
            Property(
                "moderation",
                choices=((Moderation.PENDING, _("Waiting to be looked at")), *Moderation.choices[1:]),
                read_only=True,
                listed=True,
            ),
            Property("decision", choices=(("", _("Not answered")), *Decision.choices), read_only=True, listed=True),
            Property("answer", read_only=True),
            Property("answered_at", read_only=True, listed=True),
            *AREA_PROPERTIES,
            EXAMPLE,
        ),
        style=Style(
            "decision",
            (
                Category("", _("Not answered"), "#6B7684", "circle"),
                Category(Decision.ADOPTED, Decision.ADOPTED.label, "#009E73", "star"),
                Category(Decision.PARTLY, Decision.PARTLY.label, "#56B4E9", "diamond"),
                Category(Decision.LATER, Decision.LATER.label, "#E69F00", "square"),
                Category(Decision.DECLINED, Decision.DECLINED.label, "#D55E00", "triangle"),
            ),
        ),
        access=Access(view=STAFF, read_only=True),
        label="title",
        temporal="created_at",
        search=("title", "text"),
        detail_template="gis_core/participation/_record.html",
        pages=((_("Proposal rounds"), "round-list"),),
        todo=proposal_todos,
        shown_first=False,
    )
)
