"""The page on which a depot's stock is counted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from disaster.models import Depot, StockLine
from disaster.services import save_stock
from disaster.stock_forms import StockFormSet
from gis_core import permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.layers.registry import layers


def _lines(depot: Depot) -> list[StockLine]:
    lines = StockLine.objects.filter(depot=depot, retired_at__isnull=True)
    return list(lines.select_related("item").order_by("item_id"))


def _initial(lines: list[StockLine]) -> list[dict[str, Any]]:
    return [
        {
            "line": line.pk,
            "version": line.version,
            "item": line.item_id,
            "quantity": line.quantity,
            "standard_quantity": line.standard_quantity,
        }
        for line in lines
    ]


@login_required
@never_cache
def edit_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines of a depot in one table; saved together or not at all."""
    layer = layers.get("depots")
    depot = get_object_or_404(layer.queryset(request.user), pk=pk)
    if not permissions.can_change(request.user, layer, depot):
        raise PermissionDenied(_("This lies outside the area in which you may change records."))
    formset = StockFormSet(request.POST or None, initial=_initial(_lines(depot)))
    problems: list[str] = []
    if request.method == "POST" and formset.is_valid():
        entries = [form.entry() for form in formset if form.is_touched()]
        try:
            changed = save_stock(depot, request.user, entries)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
        else:
            messages.success(request, _("Stock saved.") if changed else _("Nothing had changed."))
            return redirect("record-detail", layer, depot.pk)
    current = {str(line.pk): line for line in _lines(depot)}
    for form in formset:
        form.existing = current.get(str(form["line"].value()))
    context = {"layer": layer, "record": depot, "formset": formset, "problems": problems}
    status = 422 if problems or (request.method == "POST") else 200
    return render(request, "disaster/stock_form.html", context, status=status)
