from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role
from gis_core.permissions import ALL_ROLES

from .forms import BuildingForm, CentreForm, UnitForm
from .models import Building, Centre, CentreCategory, Unit
from .services.documents import building_moved
from .services.projects import centre_moved
from .todos import centre_todos
from .words.document import RESTRICTION_COLORS, RESTRICTION_LABELS, UNIT_CATEGORY_LABELS

FACILITIES = _("Facilities")

centres = layers.register(
    Layer(
        id="centres",
        title=_("Community centres"),
        singular=_("centre"),
        description=_("Community centres and administrative welfare centres."),
        group=FACILITIES,
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
        detail_template="facilities/_centre.html",
        reshaped=centre_moved,
        todo=centre_todos,
    )
)

buildings = layers.register(
    Layer(
        id="buildings",
        title=_("Buildings"),
        singular=_("building"),
        description=_("Buildings of community centres, with the frame in which their plans are drawn."),
        group=FACILITIES,
        model=Building,
        geometry="anchor",
        geometry_type="Point",
        outline="footprint",
        form=BuildingForm,
        properties=(
            Property("name", listed=True),
            Property("centre", _("centre (number)"), "integer", source="centre_id"),
            Property("centre_name", _("centre"), "string", source="centre__name", read_only=True, listed=True),
            *AREA_PROPERTIES,
            Property("rotation"),
            Property("note"),
            EXAMPLE,
        ),
        style=Style(None, ()),
        access=Access(view=ALL_ROLES, edit=frozenset({Role.FACILITY_PLANNER})),
        search=("name", "centre__name"),
        keys=("name", "centre"),
        detail_template="facilities/_building.html",
        begins_alone=False,
        shown_first=False,
        # What a retired centre leaves behind is read from its page.
        base=lambda records: records.filter(centre__retired_at=None),
        reshaped=building_moved,
        reshaped_by=("rotation",),
    )
)

rooms = layers.register(
    Layer(
        id="units",
        title=_("Rooms"),
        singular=_("room"),
        description=_("Rooms of the plan shown of each building. They are changed in the plan editor."),
        group=FACILITIES,
        model=Unit,
        geometry="place",
        geometry_type="Polygon",
        area_of="plan__building",
        form=UnitForm,
        label="name_ko",
        properties=(
            Property("name_ko", listed=True),
            Property("name_en"),
            Property("number", listed=True),
            Property("category", choices=tuple(UNIT_CATEGORY_LABELS.items()), listed=True),
            Property("restriction", choices=tuple(RESTRICTION_LABELS.items()), listed=True),
            # Not the word for an area's level.
            Property(
                "level",
                pgettext_lazy("storey", "level"),
                "string",
                source="level__short_name",
                read_only=True,
                listed=True,
            ),
            Property("ordinal", _("ordinal"), "integer", source="level__ordinal", read_only=True),
            Property("building", _("building"), "string", source="plan__building__name", read_only=True, listed=True),
            Property("centre", _("centre"), "string", source="plan__building__centre__name", read_only=True),
            Property("plan", _("plan (number)"), "integer", source="plan_id", read_only=True),
            Property("after_hours"),
            Property("idle"),
            *AREA_PROPERTIES,
        ),
        style=Style(
            "restriction",
            tuple(Category(value, label, *RESTRICTION_COLORS[value]) for value, label in RESTRICTION_LABELS.items()),
        ),
        access=Access(view=ALL_ROLES - {Role.SURVEYOR}, read_only=True),
        detail_template="facilities/_room.html",
        search=("name_ko", "name_en", "number"),
        from_zoom=17,
        # One floor over another cannot be read: the map begins with the ground floor.
        first_filter=(("ordinal", "0"),),
        tile_properties=("category",),
        base=lambda records: records.filter(
            plan__is_shown=True,
            plan__retired_at=None,
            plan__building__retired_at=None,
            plan__building__centre__retired_at=None,
            level__retired_at=None,
        ),
    )
)

from . import project_layers  # noqa: E402, F401  (after the centres they lie at)
