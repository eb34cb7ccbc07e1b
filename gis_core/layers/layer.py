"""What a map layer is: one small declaration from which API, tiles, tree, table, filters and exports come."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.contrib.gis.db import models
from django.db.models import Case, Expression, F, QuerySet, Subquery, When
from django.forms import ModelForm
from django.utils.functional import Promise

from gis_core import permissions
from gis_core.models import AdminArea

Text = str | Promise
ModelClass = type[models.Model]
FormClass = type[ModelForm]

_TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.DateTimeField, "date-time"),
    (models.DateField, "date"),
)


@dataclass(frozen=True)
class Property:
    """One fact of a feature. Without ``source`` it is the model's field of that name.

    ``type`` is string, integer, number, boolean, date, date-time or array; ``read_only`` properties are computed or
    set by the system, and passed over in writes; ``personal`` ones are given only to the roles the layer names.
    The thousands of a number that counts nothing, such as a year, are not ``grouped``.
    """

    name: str
    title: Text = ""
    type: str = ""
    source: str | Expression | Subquery | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    personal: bool = False
    read_only: bool = False
    listed: bool = False
    grouped: bool = True

    @property
    def expression(self) -> F | Expression | Subquery:
        if self.source is None or isinstance(self.source, str):
            return F(self.source or self.name)
        return self.source

    def resolved(self, model: ModelClass) -> "Property":
        """The property with title, type and choices taken from the model's field where not given."""
        if self.title and self.type:
            return self
        found = model._meta.get_field(self.source if isinstance(self.source, str) else self.name)
        assert isinstance(found, models.Field)
        type_ = next((name for kind, name in _TYPES if isinstance(found, kind)), "string")
        return Property(
            name=self.name,
            title=self.title or found.verbose_name,
            type=self.type or ("integer" if found.is_relation else type_),
            source=self.source,
            choices=self.choices or tuple(found.flatchoices),
            personal=self.personal,
            read_only=self.read_only,
            listed=self.listed,
            grouped=self.grouped,
        )


@dataclass(frozen=True)
class Category:
    """How features with one value of the style property look: a colour and a shape, so that neither is alone."""

    value: str
    label: Text
    color: str
    shape: str = "circle"


@dataclass(frozen=True)
class Style:
    property: str | None
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Access:
    view: frozenset[str] = frozenset()
    edit: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    public: bool = False
    # Records that come from elsewhere in the system: nobody adds or changes them one by one.
    read_only: bool = False


@dataclass(frozen=True)
class Todo:
    """Something that waits for the user, shown on the home page."""

    title: Text
    count: int
    url: str
    detail: Text = ""


@dataclass(frozen=True)
class Sum:
    """A figure an area sheet or a scorecard shows of a layer: a count, or the sum of an expression."""

    title: Text
    expression: Expression
    unit: Text = ""


@dataclass(frozen=True, kw_only=True)
class Layer:
    id: str
    title: Text
    singular: Text
    description: Text
    group: Text
    model: ModelClass
    geometry: str
    geometry_type: str
    form: FormClass
    properties: tuple[Property, ...]
    style: Style
    access: Access
    outline: str | None = None
    # ORM path to the ids of the areas a record belongs to; the scope of a role is tested against it.
    area_path: str = "area_id"
    # The relation to the record whose area this one shares, wherever its own shape reaches.
    area_of: str | None = None
    label: str = "name"
    # The date a record speaks of, or begins with; and the date it ends with, where it lasts.
    temporal: str | None = None
    temporal_end: str | None = None
    search: tuple[str, ...] = ()
    # Fields by which a row of an imported file finds the record it speaks of.
    keys: tuple[str, ...] = ()
    # Columns a tile's features carry besides label, style property and area.
    tile_properties: tuple[str, ...] = ()
    cluster_below: int | None = None
    # Below this zoom its tiles are empty: features too small to be told apart.
    from_zoom: int = 0
    # The filter with which the map first shows the layer, by property.
    first_filter: tuple[tuple[str, str], ...] = ()
    sums: tuple[Sum, ...] = ()
    detail_template: str | None = None
    # Pages of the domain that stand beside the layer's list in the menu: title and URL name.
    pages: tuple[tuple[Text, str], ...] = ()
    # False for records that lie where another record lies: their form asks for no place, and nobody draws them.
    has_own_place: bool = True
    # False for records that begin on another record's page: map and list offer no empty form for them.
    begins_alone: bool = True
    # Whether the map shows it before anybody chose; False for ``on_map`` keeps it to lists and pages.
    shown_first: bool = True
    on_map: bool = True
    # Whether the place alone tells what is personal: a file made without a reason then holds a cell instead.
    place_is_personal: bool = False
    # Values of these fields in words, where the stored ones say nothing to people.
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict, compare=False)
    todo: Callable[[Any], list[Todo]] | None = field(default=None, compare=False)
    # Called inside the transaction when a shape has changed, with the record, the shape before, and the user;
    # ``reshaped_by`` names other columns that move what hangs on the shape.
    reshaped: Callable[[Any, Any, Any], None] | None = field(default=None, compare=False)
    reshaped_by: tuple[str, ...] = ()
    # Live and current records; areas leave out those whose validity has ended.
    base: Callable[[Any], QuerySet] | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash(self.id)

    @cached_property
    def resolved_properties(self) -> tuple[Property, ...]:
        return tuple(prop.resolved(self.model) for prop in self.properties)

    @cached_property
    def has_personal(self) -> bool:
        return any(prop.personal for prop in self.properties)

    @cached_property
    def geometry_fields(self) -> tuple[str, ...]:
        return (self.geometry, self.outline) if self.outline else (self.geometry,)

    @property
    def takes_points(self) -> bool:
        """Whether a place can be given by coordinates. A "Geometry" may be a point, a line or an area."""
        return self.geometry_type in {"Point", "Geometry"}

    @cached_property
    def tables(self) -> frozenset[str]:
        """The layer's own table, the areas' (every scope and every area's name is theirs), and what properties name."""
        found = {self.model._meta.db_table, AdminArea._meta.db_table}
        for prop in self.properties:
            model: Any = self.model
            if isinstance(prop.source, Subquery) and prop.source.query.model:
                found.add(prop.source.query.model._meta.db_table)
            for step in prop.source.split("__")[:-1] if isinstance(prop.source, str) else ():
                model = model._meta.get_field(step).related_model
                found.add(model._meta.db_table)
        return frozenset(found)

    def records(self, *, with_retired: bool = False) -> QuerySet:
        """All live records, whoever asks; ``with_retired`` those too that were taken out of use."""
        manager = self.model._default_manager
        found = manager.all() if with_retired else manager.live()  # type: ignore[attr-defined]
        return self.base(found) if self.base else found

    def queryset(self, user: Any, *, with_retired: bool = False) -> QuerySet:
        """The live records this user may see; ``with_retired`` those too that were taken out of use."""
        records = self.records(with_retired=with_retired)
        if self.access.public:
            return records
        if not permissions.can_view(user, self):
            return records.none()
        return self.in_areas(records, permissions.area_scope(user, self.access.view))

    def in_areas(self, records: QuerySet, area_ids: frozenset[int] | None) -> QuerySet:
        """Records of these areas; None means everywhere. Several areas of one record do not multiply it."""
        if area_ids is None:
            return records
        if self.area_path.endswith("_id") or self.area_path == "pk":
            return records.filter(**{f"{self.area_path}__in": sorted(area_ids)})
        # A record may belong to many areas: match by subquery, so that joins multiply nothing.
        member = self.model._default_manager.filter(**{f"{self.area_path}__in": sorted(area_ids)})
        return records.filter(pk__in=member.order_by().values("pk"))

    def area_ids_of(self, record: Any) -> Iterable[int | None]:
        if self.area_path == "pk":
            return [record.pk]
        if self.area_path.endswith("_id"):
            return [getattr(record, self.area_path)]
        *steps, members = self.area_path.split("__")
        for step in steps:
            record = getattr(record, step)
        return list(getattr(record, members).values_list("pk", flat=True)) if record.pk else []

    def visible_properties(self, user: Any) -> tuple[Property, ...]:
        """What the user may be told of a record they see: elsewhere than in their own areas, no personal data.

        Lists, exports and pages read values through these properties, never through the model's fields.
        """
        scope = permissions.personal_scope(user, self) if self.has_personal else None
        if scope is None:
            return self.resolved_properties
        found = self.resolved_properties if scope else [prop for prop in self.resolved_properties if not prop.personal]
        return tuple(self._within(prop, scope) if prop.personal else prop for prop in found)

    def _within(self, prop: Property, area_ids: frozenset[int]) -> Property:
        """The property with a value in these areas only. As an expression, it cannot be filtered by."""
        held = When(**{f"{self.area_path}__in": sorted(area_ids)}, then=prop.expression)
        return replace(prop, source=Case(held))

    def property_named(self, name: str) -> Property:
        """Raises KeyError when the layer has no such property."""
        for prop in self.resolved_properties:
            if prop.name == name:
                return prop
        raise KeyError(name)
