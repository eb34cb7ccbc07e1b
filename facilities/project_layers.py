"""The layers of redesign projects and of those who take part in them. They lie where their centre lies."""

from django.db.models import Avg, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role
from gis_core.permissions import ALL_ROLES

from .models import (
    Answer,
    Meeting,
    MeetingKind,
    Moment,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    Stage,
    SurveyScore,
)
from .participation_forms import MeetingForm, RequestForm, SurveyForm
from .project_forms import ProjectForm
from .services.projects import project_moved
from .services.rooms import rooms_text
from .todos import project_todos, request_todos

REDESIGN = _("Redesign of centres")
# Whoever plans and whoever looks on; crews in the field have no business here.
ACCESS = Access(view=ALL_ROLES - {Role.SURVEYOR}, edit=frozenset({Role.FACILITY_PLANNER}))

# From pale to dark as a project goes on, and a shape of its own for each.
STAGE_LOOKS = {
    Stage.SURVEY: ("#8A949E", "ring"),
    Stage.AGREEMENT: ("#56B4E9", "circle"),
    Stage.DESIGN_REPORT: ("#E69F00", "triangle"),
    Stage.DETAILED_DESIGN: ("#CC79A7", "diamond"),
    Stage.CONSTRUCTION: ("#D55E00", "square"),
    Stage.COMPLETION: ("#007A5A", "star"),
}
PROJECT_PROPERTIES = (
    Property("project", _("project (number)"), "integer", source="project_id"),
    Property("project_name", _("project"), "string", source="project__name", read_only=True, listed=True),
)

redesign_projects = layers.register(
    Layer(
        id="redesign-projects",
        title=_("Redesign projects"),
        singular=_("redesign project"),
        description=_("Redesigns of community centres, by stage."),
        group=REDESIGN,
        model=RedesignProject,
        geometry="location",
        geometry_type="Point",
        has_own_place=False,
        form=ProjectForm,
        properties=(
            Property("name", listed=True),
            Property("stage", listed=True),
            Property("year", listed=True, grouped=False),
            Property("kind"),
            Property("centre", _("centre (number)"), "integer", source="centre_id"),
            Property("centre_name", _("centre"), "string", source="centre__name", read_only=True, listed=True),
            *AREA_PROPERTIES,
            Property("master_planner", listed=True),
            Property("architect", listed=True),
            Property("agreed_plan", _("agreed plan (number)"), "integer", source="agreed_plan_id"),
            Property("agreed_plan_name", _("agreed plan"), "string", source="agreed_plan__name", read_only=True),
            Property("note"),
            EXAMPLE,
        ),
        style=Style("stage", tuple(Category(stage, stage.label, *STAGE_LOOKS[stage]) for stage in Stage)),
        access=ACCESS,
        search=("name", "centre__name", "master_planner", "architect"),
        keys=("centre", "year"),
        detail_template="facilities/_project.html",
        pages=((_("Redesign programme"), "programme"), (_("Norms and unit costs"), "standards")),
        reshaped=project_moved,
        todo=project_todos,
    )
)

meetings = layers.register(
    Layer(
        id="meetings",
        title=_("Meetings"),
        singular=_("meeting"),
        description=_("Meetings about the redesign of centres: who came, what was said."),
        group=REDESIGN,
        model=Meeting,
        geometry="location",
        geometry_type="Point",
        has_own_place=False,
        on_map=False,
        form=MeetingForm,
        properties=(
            Property("name", listed=True),
            Property("kind", listed=True),
            Property("held_on", listed=True),
            *PROJECT_PROPERTIES,
            *AREA_PROPERTIES,
            Property("place"),
            Property("residents", listed=True),
            Property("staff", listed=True),
            Property("architects"),
            Property("master_planners"),
            Property("others"),
            Property("minutes"),
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(MeetingKind.RESIDENTS, MeetingKind.RESIDENTS.label, "#009E73", "circle"),
                Category(MeetingKind.HEARING, MeetingKind.HEARING.label, "#009E73", "square"),
                Category(MeetingKind.STAFF, MeetingKind.STAFF.label, "#0072B2", "circle"),
                Category(MeetingKind.EXPERTS, MeetingKind.EXPERTS.label, "#CC79A7", "diamond"),
                Category(MeetingKind.BRIEFING, MeetingKind.BRIEFING.label, "#E69F00", "triangle"),
                Category(MeetingKind.PLANNERS, MeetingKind.PLANNERS.label, "#D55E00", "diamond"),
                Category(MeetingKind.OTHER, MeetingKind.OTHER.label, "#6B7684", "ring"),
            ),
        ),
        access=ACCESS,
        temporal="held_on",
        search=("name", "project__name", "place"),
        keys=("project", "held_on", "name"),
        detail_template="facilities/_meeting.html",
    )
)

requests = layers.register(
    Layer(
        id="requests",
        title=_("Requests"),
        singular=_("request"),
        description=_("What people asked of a redesign, what was answered, and which rooms it is about."),
        group=REDESIGN,
        model=Request,
        geometry="location",
        geometry_type="Point",
        has_own_place=False,
        on_map=False,
        form=RequestForm,
        label="asked",
        properties=(
            Property("asked", listed=True),
            Property("group", listed=True),
            Property("answer", listed=True),
            *PROJECT_PROPERTIES,
            Property("meeting", _("meeting (number)"), "integer", source="meeting_id"),
            Property("meeting_name", _("meeting"), "string", source="meeting__name", read_only=True),
            *AREA_PROPERTIES,
            Property("reason"),
            Property("answered_on", listed=True),
            Property("unit_keys", type="array"),
            Property("plan", _("plan (number)"), "integer", source="plan_id"),
            EXAMPLE,
        ),
        style=Style(
            "answer",
            (
                Category(Answer.OPEN, Answer.OPEN.label, "#D55E00", "ring"),
                Category(Answer.ADOPTED, Answer.ADOPTED.label, "#007A5A", "circle"),
                Category(Answer.REJECTED, Answer.REJECTED.label, "#6B7684", "square"),
            ),
        ),
        access=ACCESS,
        temporal="answered_on",
        search=("asked", "reason", "project__name"),
        keys=("project", "asked"),
        detail_template="facilities/_request.html",
        words={"unit_keys": rooms_text},
        todo=request_todos,
    )
)

_scores = SurveyScore.objects.live().filter(survey=OuterRef("pk")).order_by().values("survey")

surveys = layers.register(
    Layer(
        id="satisfaction-surveys",
        title=_("Satisfaction surveys"),
        singular=_("satisfaction survey"),
        description=_("How content residents and staff are, before and after a redesign."),
        group=REDESIGN,
        model=SatisfactionSurvey,
        geometry="location",
        geometry_type="Point",
        has_own_place=False,
        on_map=False,
        form=SurveyForm,
        properties=(
            Property("name", listed=True),
            Property("moment", listed=True),
            Property("held_on", listed=True),
            *PROJECT_PROPERTIES,
            *AREA_PROPERTIES,
            Property("respondents", listed=True),
            Property(
                "mean",
                _("mean score (1–5)"),
                "number",
                source=Subquery(_scores.annotate(figure=Avg("mean")).values("figure")),
                read_only=True,
                listed=True,
            ),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "moment",
            (
                Category(Moment.BEFORE, Moment.BEFORE.label, "#E69F00", "triangle"),
                Category(Moment.AFTER, Moment.AFTER.label, "#0072B2", "circle"),
            ),
        ),
        access=ACCESS,
        temporal="held_on",
        search=("name", "project__name"),
        keys=("project", "moment", "held_on"),
        detail_template="facilities/_survey.html",
    )
)
