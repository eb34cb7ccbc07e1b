"""The layer of what zones do together."""

from django.db.models import Sum as Total
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_core.models import Role
from gis_core.models.cooperation import ProjectStage, ZoneProject
from gis_core.permissions import ALL_ROLES
from gis_core.zones import projects_querysets as queries
from gis_core.zones.projects_forms import ZoneProjectForm

from .declarations import AREA_PROPERTIES, EXAMPLE, TERRITORY
from .layer import Access, Category, Layer, Property, Style, Sum
from .registry import layers

_LOOKS = {
    ProjectStage.PROPOSED: ("#6B7684", "ring"),
    ProjectStage.AGREED: ("#0072B2", "circle"),
    ProjectStage.UNDERWAY: ("#C97B00", "triangle"),
    ProjectStage.FINISHED: ("#007A5A", "star"),
    ProjectStage.STOPPED: ("#B23A48", "x"),
}

zone_projects = layers.register(
    Layer(
        id="zone-projects",
        title=_("Zone projects"),
        singular=_("zone project"),
        description=_("What zones do together: at a place, along a line or in an area."),
        group=TERRITORY,
        model=ZoneProject,
        geometry="geometry",
        geometry_type="Geometry",
        form=ZoneProjectForm,
        properties=(
            Property("name", listed=True),
            Property("zone", _("cooperation zone (number)"), "integer", source="zone_id"),
            Property("zone_name", _("cooperation zone"), "string", source="zone__name", read_only=True, listed=True),
            Property("stage", listed=True),
            Property("summary"),
            Property("starts_on", listed=True),
            Property("ends_on", listed=True),
            Property("agreement", _("agreement (number)"), "integer", source="agreement_id"),
            Property("agreement_title", _("agreement"), "string", source="agreement__title", read_only=True),
            Property("lead", _("lead organisation (number)"), "integer", source="lead_id"),
            Property("lead_name", _("lead organisation"), "string", source="lead__name", read_only=True, listed=True),
            Property("partners", _("partners"), "array", source=queries.partners_of("organisation_id")),
            Property(
                "partner_names",
                _("partners"),
                "array",
                source=queries.partners_of("organisation__name"),
                read_only=True,
            ),
            Property(
                "planned_krw", _("planned (KRW)"), "integer", source=queries.planned(), read_only=True, listed=True
            ),
            Property("spent_krw", _("spent (KRW)"), "integer", source=queries.spent(), read_only=True, listed=True),
            Property("attendance", _("attendance"), "integer", source=queries.attendance(), read_only=True),
            *AREA_PROPERTIES,
            EXAMPLE,
        ),
        style=Style("stage", tuple(Category(stage, stage.label, *_LOOKS[stage]) for stage in ProjectStage)),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.ZONE_COORDINATOR})),
        # A project concerns all of its zone, wherever its place lies.
        area_path="zone__member_areas",
        temporal="starts_on",
        temporal_end="ends_on",
        search=("name", "summary", "zone__name"),
        keys=("zone", "name"),
        sums=(
            Sum(_("planned"), Total(queries.planned()), pgettext_lazy("unit", "KRW")),
            Sum(_("spent, as far as known"), Total(queries.spent_known()), pgettext_lazy("unit", "KRW")),
            Sum(_("attendance at events"), Total(queries.attendance()), _("people")),
        ),
        detail_template="gis_core/zones/_project.html",
    )
)
