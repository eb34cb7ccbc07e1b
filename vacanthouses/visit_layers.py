"""Visits in lists and pages: for managers alone. A surveyor who saw others' answers could not survey blindly."""

from django.utils.translation import gettext_lazy as _

from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Role

from .models import Visit, VisitState
from .visit_forms import VisitForm

MANAGERS = frozenset({Role.SURVEY_MANAGER})

visits = layers.register(
    Layer(
        id="visits",
        title=_("Visits"),
        singular=_("visit"),
        description=_("What crews found at houses, with photos, and where its review stands."),
        group=_("Vacant houses"),
        model=Visit,
        geometry="location",
        geometry_type="Point",
        form=VisitForm,
        properties=(
            Property("house", _("house (number)"), "integer", source="house_id", read_only=True),
            Property(
                "address", _("address"), "string", source="house__address", personal=True, read_only=True, listed=True
            ),
            *AREA_PROPERTIES,
            Property("campaign", _("survey round"), "string", source="campaign__name", read_only=True, listed=True),
            Property("step", read_only=True, listed=True),
            Property("outcome", read_only=True, listed=True),
            Property("state", read_only=True, listed=True),
            Property("surveyor", _("surveyor"), "string", source="surveyor__name", read_only=True, listed=True),
            Property("visited_at", read_only=True, listed=True),
            Property("received_at", read_only=True),
            Property("accuracy_m", read_only=True),
            Property("reason", read_only=True),
            Property("note", read_only=True, personal=True),
            Property("found_new", read_only=True),
            EXAMPLE,
        ),
        style=Style(
            "state",
            (
                Category(VisitState.WAITING, VisitState.WAITING.label, "#6B7684", "ring"),
                Category(VisitState.SUBMITTED, VisitState.SUBMITTED.label, "#0072B2", "circle"),
                Category(VisitState.RETURNED, VisitState.RETURNED.label, "#E69F00", "triangle"),
                Category(VisitState.ACCEPTED, VisitState.ACCEPTED.label, "#009E73", "square"),
                Category(VisitState.SET_ASIDE, VisitState.SET_ASIDE.label, "#CC79A7", "diamond"),
            ),
        ),
        access=Access(view=MANAGERS, edit=MANAGERS, personal=MANAGERS, read_only=True),
        label="step",
        search=("house__address", "house__pnu"),
        place_is_personal=True,
        begins_alone=False,
        on_map=False,
        detail_template="vacanthouses/_visit.html",
    )
)
