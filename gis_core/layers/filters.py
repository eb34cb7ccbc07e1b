"""A layer's filters, made from its properties: the same names in lists, items, tiles, counts and exports."""

from functools import cached_property, lru_cache
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis_core import permissions
from gis_core.models import AdminArea

from .layer import Layer, Property


class BadFilter(ValueError):
    """Filter values that make no sense; ``errors`` maps the filter's name to messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def find_area(text: str) -> AdminArea | None:
    """An area by a code it has or had (7 to 10 digits), or by its id: KOSTAT's shorter codes look like ids."""
    if text.isdecimal() and len(text) < 7:
        return AdminArea.objects.filter(pk=int(text)).first()
    return AdminArea.objects.by_code(text)


class AreaField(forms.CharField):
    def clean(self, value: Any) -> AdminArea | None:
        text = super().clean(value)
        if not text:
            return None
        area = find_area(text)
        if area is None:
            raise forms.ValidationError(_("No area has the code or number “%(code)s”."), params={"code": text})
        return area


class AreaFilter(filters.Filter):
    """Everything in an area and below it."""

    field_class = AreaField

    def filter(self, qs: QuerySet, value: AdminArea | None) -> QuerySet:
        if value is None:
            return qs
        layer: Layer = self.parent.layer
        return layer.in_areas(qs, AdminArea.objects.descendant_ids([value.pk]))


class SearchFilter(filters.CharFilter):
    """Every word is found in one of the layer's search fields."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        paths: tuple[str, ...] = self.parent.search_paths
        for word in (value or "").split():
            matches = Q(pk__in=[])
            for path in paths:
                matches |= self._matches(f"{path}__icontains", word)
            qs = qs.filter(matches)
        return qs

    def _matches(self, lookup: str, word: str) -> Q:
        if lookup.count("__") == 1:
            return Q(**{lookup: word})
        # Through a relation a record would be found once per related row.
        found = self.model._default_manager.filter(**{lookup: word})
        return Q(pk__in=found.order_by().values("pk"))


class IntegerFilter(filters.NumberFilter):
    """Whole numbers: Django would look for 1 when asked for 1.5."""

    field_class = forms.IntegerField


BLANK = "blank"


class BlankChoiceFilter(filters.MultipleChoiceFilter):
    """Values side by side, of which one is empty: an address cannot tell it from no filter, so BLANK stands for it."""

    def __init__(self, *args: Any, choices: tuple[tuple[str, Any], ...], **options: Any) -> None:
        super().__init__(*args, choices=[(value or BLANK, label) for value, label in choices], **options)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return super().filter(qs, ["" if each == BLANK else each for each in value])


class LayerFilterSet(filters.FilterSet):
    """Base of the generated filter sets. ``shown`` names the filters a form offers to people."""

    layer: Layer
    search_paths: tuple[str, ...]
    shown: tuple[str, ...]


def _property_filters(prop: Property) -> dict[str, filters.Filter]:
    path = prop.source if isinstance(prop.source, str) else prop.name
    options: dict[str, Any] = {"field_name": path, "label": prop.title}
    if prop.choices:
        kind = BlankChoiceFilter if any(value == "" for value, _label in prop.choices) else filters.MultipleChoiceFilter
        return {prop.name: kind(choices=prop.choices, distinct=False, **options)}
    match prop.type:
        case "boolean":
            return {prop.name: filters.BooleanFilter(**options)}
        case "integer":
            return {prop.name: IntegerFilter(**options)}
        case "number":
            return {prop.name: filters.NumberFilter(**options)}
        case "date":
            widget = forms.DateInput(attrs={"type": "date"})
            return {prop.name: filters.DateFilter(widget=widget, **options), **_days(prop, path, "")}
        case "date-time":
            return {prop.name: filters.IsoDateTimeFilter(**options), **_days(prop, path, "date__")}
        case "string":
            return {prop.name: filters.CharFilter(**options)}
    return {}


def _days(prop: Property, path: str, of_moment: str) -> dict[str, filters.Filter]:
    """From a day and until a day; of a moment, its day in Asia/Seoul."""
    widget = forms.DateInput(attrs={"type": "date"})
    return {
        f"{prop.name}_from": filters.DateFilter(
            field_name=path,
            lookup_expr=f"{of_moment}gte",
            widget=widget,
            label=_("%(date)s from") % {"date": prop.title},
        ),
        f"{prop.name}_to": filters.DateFilter(
            field_name=path,
            lookup_expr=f"{of_moment}lte",
            widget=widget,
            label=_("%(date)s until") % {"date": prop.title},
        ),
    }


@lru_cache(maxsize=128)
def filterset_class(layer: Layer, personal: bool, language: str = "") -> type[LayerFilterSet]:
    """The layer's filter set; personal properties can be asked about only by those who may see them.

    ``language`` is part of the key because labels of date ranges are put together when the class is made.
    """
    found: dict[str, filters.Filter] = {}
    usable = [prop for prop in layer.resolved_properties if personal or not prop.personal]
    for prop in usable:
        if prop.source is None or isinstance(prop.source, str):
            found.update(_property_filters(prop))
    hidden_paths = {prop.name for prop in layer.properties if prop.personal and not personal}
    found["area"] = AreaFilter(label=_("area"))
    found["q"] = SearchFilter(label=_("search"), widget=forms.TextInput(attrs={"type": "search"}))
    with_choices = [prop.name for prop in usable if prop.choices and prop.name in found]
    dates = [
        f"{prop.name}_{end}"
        for prop in usable
        if prop.type in {"date", "date-time"} and prop.listed
        for end in ("from", "to")
    ]
    attributes: dict[str, Any] = {
        **found,
        "layer": layer,
        "search_paths": tuple(path for path in layer.search if path not in hidden_paths),
        "shown": ("q", "area", *with_choices, *dates),
        "Meta": type("Meta", (), {"model": layer.model, "fields": []}),
    }
    return type(f"{layer.model.__name__}FilterSet", (LayerFilterSet,), attributes)


class LayerQuery:
    """One user's question to a layer: the scoped queryset, filtered by query parameters.

    Raises BadFilter when a value makes no sense.
    """

    def __init__(self, layer: Layer, user: Any, params: QueryDict | dict[str, Any] | None = None) -> None:
        self.layer, self.user = layer, user
        # Whoever sees personal data of some records only may not ask about it: the answer would tell of the others.
        self.personal = not layer.has_personal or permissions.personal_scope(user, layer) is None
        self._data = params if params is not None else QueryDict()
        self._filterset_class = filterset_class(layer, self.personal, get_language() or "")
        self.names = frozenset(self._filterset_class.base_filters)
        self.given = frozenset(name for name in self.names if self._data.get(name) not in (None, ""))

    @cached_property
    def filterset(self) -> LayerFilterSet:
        """Made when it is asked for: copying its filters costs a tile more than planning its statement."""
        return self._filterset_class(self._data, self.layer.queryset(self.user))

    @cached_property
    def records(self) -> QuerySet:
        if not self.given:
            return self.layer.queryset(self.user)
        if not self.filterset.form.is_valid():
            raise BadFilter({name: list(map(str, found)) for name, found in self.filterset.form.errors.items()})
        return self.filterset.qs

    def area_ids(self) -> frozenset[int] | None:
        """The areas the question is limited to, by role and by filter; None means everywhere."""
        layer = self.layer
        scope = None if layer.access.public else permissions.area_scope(self.user, layer.access.view)
        if not permissions.can_view(self.user, layer):
            return frozenset()
        self.records  # noqa: B018  (validates)
        area = self.filterset.form.cleaned_data.get("area") if "area" in self.given else None
        if area is None:
            return scope
        wanted = AdminArea.objects.descendant_ids([area.pk])
        return wanted if scope is None else wanted & scope

    def categories(self) -> list[str] | None:
        """The values the style property is limited to; None when it is not."""
        name = self.layer.style.property
        if name is None or name not in self.given:
            return None
        self.records  # noqa: B018  (validates)
        return list(self.filterset.form.cleaned_data[name])
