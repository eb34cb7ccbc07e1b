"""Machines of partners on the map. Who drives one is a person's name, and no property of a layer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gis_core.editing.forms import RecordForm
from gis_core.layers.declarations import AREA_PROPERTIES, EXAMPLE
from gis_core.layers.layer import Access, Category, Layer, Property, Style
from gis_core.layers.registry import layers
from gis_core.models import Organisation, Role

from .models import Machine, MachineKind
from .todos_people import people_todos


class MachineForm(RecordForm):
    class Meta:
        model = Machine
        fields = ["kind", "name", "organisation", "number", "availability"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.live().order_by("name")  # type: ignore[attr-defined]


machines = layers.register(
    Layer(
        id="machines",
        title=_("Machines of partners"),
        singular=_("machine"),
        description=_("Excavators, trucks and pumps that partners bring, and where they usually stand."),
        group=_("Disaster readiness"),
        model=Machine,
        geometry="location",
        geometry_type="Point",
        form=MachineForm,
        properties=(
            Property("kind", listed=True),
            Property("name", listed=True),
            Property("organisation", _("organisation (number)"), "integer", source="organisation_id"),
            Property(
                "organisation_name",
                _("partner organisation"),
                "string",
                source="organisation__name",
                read_only=True,
                listed=True,
            ),
            Property("number", listed=True),
            Property("availability", listed=True),
            *AREA_PROPERTIES,
            EXAMPLE,
        ),
        style=Style(
            "kind",
            (
                Category(MachineKind.EXCAVATOR, MachineKind.EXCAVATOR.label, "#D55E00", "square"),
                Category(MachineKind.LOADER, MachineKind.LOADER.label, "#E69F00", "square"),
                Category(MachineKind.DUMP_TRUCK, MachineKind.DUMP_TRUCK.label, "#CC79A7", "triangle"),
                Category(MachineKind.WATER_TRUCK, MachineKind.WATER_TRUCK.label, "#0072B2", "triangle"),
                Category(MachineKind.CRANE, MachineKind.CRANE.label, "#6B7684", "star"),
                Category(MachineKind.SNOW_PLOUGH, MachineKind.SNOW_PLOUGH.label, "#56B4E9", "diamond"),
                Category(MachineKind.PUMP, MachineKind.PUMP.label, "#009E73", "circle"),
                Category(MachineKind.OTHER, MachineKind.OTHER.label, "#6B7684", "circle"),
            ),
        ),
        access=Access(
            view=frozenset(
                {Role.DISASTER_OFFICER, Role.ZONE_COORDINATOR, Role.FACILITY_PLANNER, Role.SURVEY_MANAGER, Role.VIEWER}
            ),
            edit=frozenset({Role.DISASTER_OFFICER}),
        ),
        label="name",
        search=("name", "organisation__name"),
        keys=("kind", "name", "organisation_name"),
        tile_properties=("availability", "number"),
        shown_first=False,
        detail_template="disaster/_machine.html",
        pages=((_("Partners"), "partner-list"),),
        todo=people_todos,
    )
)
