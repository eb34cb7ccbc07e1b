"""What a list page shows beside its table: filter fields, chips of what is set, links that carry the filter."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.forms import Select
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gis_core import permissions
from gis_core.api import parameters
from gis_core.api.problems import BadRequest
from gis_core.layers.filters import BLANK, BadFilter, LayerQuery
from gis_core.layers.layer import Layer
from gis_core.models import AdminArea, AreaLevel

from .display import text_of

# Beyond this many areas a choice list helps nobody: towns are then reached through the page of their city or county.
MOST_AREAS = 400


def without(params: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """The parameters without one value (or all values) of a name, and back on the first page."""
    changed = params.copy()
    changed.pop("page", None)
    left = [item for item in changed.getlist(name) if value is not None and item != value]
    changed.setlist(name, left)
    if not left:
        changed.pop(name, None)
    return changed


def records(query: LayerQuery, params: QueryDict) -> QuerySet:
    """What the list holds: the filtered records, with ``bbox`` only those of a map's view. Raises BadFilter."""
    try:
        return parameters.in_bbox(query.layer, query.records, parameters.bbox(params))
    except BadRequest as error:
        raise BadFilter({"bbox": [str(error)]}) from error


def filter_params(query: LayerQuery, params: QueryDict) -> QueryDict:
    """Only what filters: neither page, size nor order."""
    kept = QueryDict(mutable=True)
    if "bbox" in params:
        kept["bbox"] = str(params["bbox"])
    for name in sorted(query.given):
        kept.setlist(name, params.getlist(name))
    return kept


def area_choices(user: Any, layer: Layer) -> list[Any]:
    """Areas this person may ask about, (code, name), towns grouped under their city or county."""
    scope = None if layer.access.public else permissions.area_scope(user, layer.access.view)
    areas = AdminArea.objects.current()
    if scope is not None:
        areas = areas.filter(pk__in=sorted(scope))
    found = list(
        areas.order_by("mois_code").values_list("pk", "mois_code", "name", "full_name", "level", "parent_id")[
            : MOST_AREAS + 1
        ]
    )
    if len(found) > MOST_AREAS:
        upper = areas.exclude(level=AreaLevel.EUPMYEONDONG).order_by("mois_code")
        return [("", _("All")), *upper.values_list("mois_code", "full_name")]
    choices: list[Any] = [("", _("All"))]
    towns: dict[int | None, list[tuple[str, str]]] = {}
    for _pk, code, name, _full, level, parent in found:
        if level == AreaLevel.EUPMYEONDONG:
            towns.setdefault(parent, []).append((code, name))
    for pk, code, _name, full, level, _parent in found:
        if level != AreaLevel.EUPMYEONDONG:
            choices.append((code, full))
            if pk in towns:
                choices.append((full, towns.pop(pk)))
    # A role held in towns only: their city is not among the areas.
    choices.extend(town for group in towns.values() for town in group)
    return choices


def filter_fields(query: LayerQuery, params: QueryDict) -> Iterator[dict[str, Any]]:
    layer, form = query.layer, query.filterset.form
    categories = {category.value: category for category in layer.style.categories}
    for name in query.filterset.shown:
        field = form.fields[name]
        if name == "q":
            continue
        if name == "area":
            widget = Select(attrs={"id": "filter_area"}, choices=area_choices(query.user, layer))
            yield {
                "name": name,
                "label": capfirst(str(field.label)),
                "widget": widget.render(name, params.get(name, "")),
            }
        elif getattr(field, "choices", None) and name in {
            prop.name for prop in layer.resolved_properties if prop.choices
        }:
            chosen = set(params.getlist(name))
            yield {
                "name": name,
                "label": capfirst(str(field.label)),
                "choices": [
                    {
                        "value": value or BLANK,
                        "label": label,
                        "checked": (value or BLANK) in chosen,
                        "category": categories.get(value) if name == layer.style.property else None,
                    }
                    for value, label in layer.property_named(name).choices
                ],
            }
        else:
            widget_html = field.widget.render(name, params.get(name, ""), {"id": f"filter_{name}"})
            yield {"name": name, "label": capfirst(str(field.label)), "widget": widget_html}


def chips(query: LayerQuery, params: QueryDict) -> list[dict[str, str]]:
    """One chip per value that filters, leading to the list without it."""
    found = []
    if "bbox" in params:
        found.append({"text": _("Part of the map"), "url": f"?{without(params, 'bbox').urlencode()}"})
    properties = {prop.name: prop for prop in query.layer.resolved_properties}
    for name in query.filterset.filters:
        if name == "q" or name not in query.given:
            continue
        label = capfirst(str(query.filterset.form.fields[name].label))
        for value in params.getlist(name):
            text = value
            if name == "area":
                text = _area_name(value)
            elif name in properties:
                text = text_of(properties[name], "" if value == BLANK else value)
            rest = without(params, name, value).urlencode()
            found.append({"text": f"{label}: {text}", "url": f"?{rest}"})
    return found


def _area_name(code: str) -> str:
    area = AdminArea.objects.by_code(code)
    return area.full_name if area else code


def map_url(query: LayerQuery, params: QueryDict) -> str:
    """The map with this layer on and under the same filter."""
    link = QueryDict(mutable=True)
    link["on"] = query.layer.id
    for name, values in filter_params(query, params).lists():
        if name == "area":
            area = AdminArea.objects.by_code(values[0])
            if area is not None:
                link["area"] = str(area.pk)
        elif name != "bbox":
            link.setlist(f"{query.layer.id}.{name}", values)
    return f"{reverse('map')}?{link.urlencode(safe='/,')}"


def search_hint(layer: Layer) -> str:
    titles = {prop.name: str(prop.title) for prop in layer.resolved_properties}
    named = [titles[path] for path in layer.search if path in titles]
    return _("Search by %(what)s") % {"what": ", ".join(named)} if named else _("Search")
