"""The layers that stand on gis_core's own models: areas, zones, organisations."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.utils.translation import gettext_lazy as _

from gis_core.models import AdminArea, CooperationZone, Organisation, Role, ZoneArea, ZoneOrganisation
from gis_core.models.areas import Boundary
from gis_core.models.organisations import OrganisationKind
from gis_core.models.zones import ZoneKind
from gis_core.permissions import ALL_ROLES
from gis_core.record_forms import AreaForm, OrganisationForm
from gis_core.territory import boundary_redrawn
from gis_core.todos import area_todos, zone_todos
from gis_core.zones.forms import ZoneForm

from .layer import Access, Category, Layer, Property, Style
from .registry import layers

TERRITORY = _("Territory")

# Facts every placed record carries about its area.
AREA_PROPERTIES = (
    Property("area", _("area (number)"), "integer", source="area_id", read_only=True),
    Property("area_code", _("area code"), "string", source="area__mois_code", read_only=True),
    Property("area_name", _("area"), "string", source="area__full_name", read_only=True, listed=True),
)
EXAMPLE = Property("is_example", read_only=True)


def _members(through: type[Model], value: str, order: str) -> ArraySubquery:
    """A zone's members as an array of one of their values."""
    found = through._default_manager.filter(cooperationzone=OuterRef("pk"))
    return ArraySubquery(found.order_by(order).values(value))


areas = layers.register(
    Layer(
        id="areas",
        title=_("Areas"),
        singular=_("area"),
        description=_("Administrative areas: provinces, cities and counties, towns."),
        group=TERRITORY,
        model=AdminArea,
        geometry="geometry",
        geometry_type="MultiPolygon",
        form=AreaForm,
        properties=(
            Property("name", listed=True),
            Property("full_name", read_only=True, listed=True),
            Property("level", read_only=True, listed=True),
            Property("mois_code", read_only=True, listed=True),
            Property("kostat_code", read_only=True),
            Property("parent", _("part of (number)"), "integer", source="parent_id", read_only=True),
            Property("km2", read_only=True, listed=True),
            Property("boundary", read_only=True, listed=True),
            Property("valid_from", read_only=True),
        ),
        style=Style(
            "boundary",
            (
                Category(Boundary.IMPORTED, Boundary.IMPORTED.label, "#4D5B6B", "line"),
                Category(Boundary.DRAWN, Boundary.DRAWN.label, "#4D5B6B", "line"),
                Category(Boundary.DERIVED, Boundary.DERIVED.label, "#4D5B6B", "line"),
                Category(Boundary.SCHEMATIC, Boundary.SCHEMATIC.label, "#8A6D00", "dashed"),
            ),
        ),
        access=Access(public=True),
        area_path="pk",
        base=lambda live: live.filter(valid_to__isnull=True),
        search=("full_name", "codes__code"),
        keys=("mois_code",),
        todo=area_todos,
        tile_properties=("level",),
        reshaped=boundary_redrawn,
    )
)

zones = layers.register(
    Layer(
        id="zones",
        title=_("Cooperation zones"),
        singular=_("cooperation zone"),
        description=_("Areas and organisations that work together across boundaries."),
        group=TERRITORY,
        model=CooperationZone,
        geometry="geometry",
        geometry_type="MultiPolygon",
        form=ZoneForm,
        properties=(
            Property("name", listed=True),
            Property("kind", listed=True),
            Property("purpose"),
            Property("lead", _("lead organisation (number)"), "integer", source="lead_id"),
            Property("lead_name", _("lead organisation"), "string", source="lead__name", read_only=True, listed=True),
            Property(
                "member_areas",
                _("member areas"),
                "array",
                source=_members(ZoneArea, "adminarea_id", "adminarea__mois_code"),
            ),
            Property(
                "member_area_names",
                _("member areas"),
                "array",
                source=_members(ZoneArea, "adminarea__name", "adminarea__mois_code"),
                read_only=True,
                listed=True,
            ),
            Property(
                "member_organisations",
                _("member organisations"),
                "array",
                source=_members(ZoneOrganisation, "organisation_id", "organisation_id"),
            ),
            Property(
                "member_organisation_names",
                _("member organisations"),
                "array",
                source=_members(ZoneOrganisation, "organisation__name", "organisation_id"),
                read_only=True,
            ),
            Property("period_start", listed=True),
            Property("period_end", listed=True),
            Property("agreed_on"),
            Property("budget_krw", listed=True),
            Property("drawn", read_only=True),
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(ZoneKind.LIVING_SPHERE, ZoneKind.LIVING_SPHERE.label, "#009E73", "area"),
                Category(ZoneKind.COOPERATION, ZoneKind.COOPERATION.label, "#CC79A7", "area"),
                Category(ZoneKind.DISASTER, ZoneKind.DISASTER.label, "#D55E00", "area"),
                Category(ZoneKind.SERVICE, ZoneKind.SERVICE.label, "#0072B2", "area"),
            ),
        ),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.ZONE_COORDINATOR})),
        area_path="member_areas",
        temporal="period_start",
        temporal_end="period_end",
        todo=zone_todos,
        search=("name", "member_areas__name"),
        keys=("name",),
        detail_template="gis_core/zones/_zone.html",
        pages=(
            (_("Agreements of zones"), "zone-agreements"),
            (_("Suggested zones"), "zone-suggest"),
            (_("Travel and movement tables"), "zone-links"),
        ),
    )
)

organisations = layers.register(
    Layer(
        id="organisations",
        title=_("Organisations"),
        singular=_("organisation"),
        description=_("Offices, residents' bodies and partners."),
        group=TERRITORY,
        model=Organisation,
        geometry="location",
        geometry_type="Point",
        form=OrganisationForm,
        properties=(
            Property("name", listed=True),
            Property("kind", listed=True),
            *AREA_PROPERTIES,
            Property("address"),
            Property("contact_name", personal=True, listed=True),
            Property("contact_phone", personal=True, listed=True),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(OrganisationKind.LOCAL_GOVERNMENT, OrganisationKind.LOCAL_GOVERNMENT.label, "#1B1B1B", "star"),
                Category(OrganisationKind.TOWN_OFFICE, OrganisationKind.TOWN_OFFICE.label, "#0072B2", "square"),
                Category(
                    OrganisationKind.RESIDENTS_COUNCIL, OrganisationKind.RESIDENTS_COUNCIL.label, "#009E73", "circle"
                ),
                Category(OrganisationKind.VILLAGE_HEADS, OrganisationKind.VILLAGE_HEADS.label, "#009E73", "diamond"),
                Category(OrganisationKind.VOLUNTEER_FIRE, OrganisationKind.VOLUNTEER_FIRE.label, "#D55E00", "triangle"),
                Category(OrganisationKind.NIGHT_PATROL, OrganisationKind.NIGHT_PATROL.label, "#56B4E9", "diamond"),
                Category(OrganisationKind.DISASTER_CORPS, OrganisationKind.DISASTER_CORPS.label, "#D55E00", "circle"),
                Category(OrganisationKind.MACHINERY_OWNER, OrganisationKind.MACHINERY_OWNER.label, "#E69F00", "square"),
                Category(OrganisationKind.CIVIC, OrganisationKind.CIVIC.label, "#CC79A7", "circle"),
                Category(OrganisationKind.OTHER, OrganisationKind.OTHER.label, "#6B7684", "circle"),
            ),
        ),
        access=Access(
            view=ALL_ROLES,
            edit=frozenset({Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR}),
            personal=frozenset({Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR}),
        ),
        search=("name", "address"),
        keys=("name", "area"),
        shown_first=False,
    )
)
