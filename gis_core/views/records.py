"""Reading records: the list of a layer, the page of a record, and its short form in the map's side panel."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_core import permissions
from gis_core.csp import allows_base_maps
from gis_core.exports import FORMATS
from gis_core.exports.masking import sees_personal
from gis_core.layers.filters import BadFilter, LayerQuery
from gis_core.layers.layer import Layer
from gis_core.layers.sql import matched

from . import listing
from .display import Fact, facts, rows
from .states import field_title
from .tables import PAGE_SIZES, page_size, record_table


def refuse_unless_visible(request: HttpRequest, layer: Layer) -> HttpResponse | None:
    """None when the layer may be seen; a sign-in page for strangers. Raises PermissionDenied for others."""
    if permissions.can_view(request.user, layer):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise PermissionDenied(_("Your roles do not let you see this list."))


def find(request: HttpRequest, layer: Layer, pk: int) -> Any:
    """A record this person may see, retired ones too: their page tells why. Raises Http404."""
    records = layer.model._default_manager.select_related("created_by", "updated_by")
    if any(field.name == "area" for field in layer.model._meta.fields):
        records = records.select_related("area")
    if not layer.access.public:
        records = layer.in_areas(records, permissions.area_scope(request.user, layer.access.view))
    record = records.filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def import_url(layer: Layer) -> str:
    try:
        return reverse("import-areas") if layer.id == "areas" else reverse("import-records", args=[layer])
    except NoReverseMatch:
        return ""


@require_safe
def record_list(request: HttpRequest, layer: Layer) -> HttpResponse:
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    query = LayerQuery(layer, request.user, request.GET)
    errors: dict[str, list[str]] = {}
    try:
        records = listing.records(query, request.GET)
    except BadFilter as error:
        errors, records = error.errors, layer.queryset(request.user).none()
    columns = [prop for prop in layer.visible_properties(request.user) if prop.listed]
    total = matched(layer, records)
    table = record_table(request, layer, columns, records, total)
    if any(prop.personal for prop in columns):
        permissions.log_personal(request.user, layer, "list", count=len(table.cells), detail=request.GET.urlencode())
    exported = listing.filter_params(query, request.GET).urlencode()
    context = {
        "layer": layer,
        "table": table,
        "pages": list(table.paginator.get_elided_page_range(table.page.number, on_each_side=2, on_ends=1)),
        "page_sizes": PAGE_SIZES,
        "page_size": page_size(request),
        "total": total,
        "total_text": formats.number_format(total, use_l10n=True, force_grouping=True),
        "errors": errors,
        "chips": listing.chips(query, request.GET),
        "filter_fields": listing.filter_fields(query, request.GET),
        "search_hint": listing.search_hint(layer),
        "map_url": listing.map_url(query, request.GET) if not errors else reverse("map"),
        "exports_masked": sees_personal(layer.visible_properties(request.user)),
        "exports": [
            {"title": title, "url": f"{reverse('record-export', args=[layer, name])}?{exported}"}
            for name, title in FORMATS.items()
        ],
        "can_add": layer.begins_alone and permissions.can_add(request.user, layer),
        "import_url": import_url(layer),
    }
    return render(request, "gis_core/record_list.html", context, status=400 if errors else 200)


def note_look(user: Any, layer: Layer, record: Any, action: str) -> None:
    """Note that personal data of a record were shown, if this person sees any of them."""
    if layer.has_personal and permissions.sees_personal(user, layer, record):
        permissions.log_personal(user, layer, action, record_id=record.pk)


def record_facts(request: HttpRequest, layer: Layer, record: Any, action: str) -> list[Fact]:
    """What this person may know of a record; a look at personal data is noted."""
    properties = layer.visible_properties(request.user)
    row = rows(layer, layer.model._default_manager.filter(pk=record.pk), properties).get()
    note_look(request.user, layer, record, action)
    return facts(layer, row, properties)


def record_context(request: HttpRequest, layer: Layer, record: Any, action: str) -> dict[str, Any]:
    return {
        "layer": layer,
        "record": record,
        "area": record if layer.area_path == "pk" else getattr(record, "area", None),
        "facts": record_facts(request, layer, record, action),
        "outline_title": field_title(layer, layer.outline) if layer.outline else "",
        "outlined": layer.outline is not None and getattr(record, layer.outline) is not None,
        "can_change": permissions.can_change(request.user, layer, record),
        "map_url": f"{reverse('map')}?on={layer.id}&sel={layer.id}/{record.pk}",
    }


@allows_base_maps
@require_safe
def record_detail(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    record = find(request, layer, pk)
    return render(request, "gis_core/record_detail.html", record_context(request, layer, record, "page"))


@require_safe
def record_panel(request: HttpRequest, layer: Layer, pk: int) -> HttpResponse:
    refused = refuse_unless_visible(request, layer)
    if refused:
        return refused
    record = find(request, layer, pk)
    return render(request, "gis_core/_panel.html", record_context(request, layer, record, "panel"))
