"""The catalogue of items and their classes."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster.catalogue_forms import ItemClassForm, ItemForm, RetireForm
from disaster.models import Hazard, Item, ItemClass
from disaster.querysets_stock import may_edit_catalogue
from disaster.services import catalogue_history, stock

from .asking import refuse_strangers
from .refusals import carried_out


@login_required
@never_cache
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    refuse_strangers(request.user)
    items = Item.objects.select_related("item_class").order_by("retired_at", "pk")
    context = {
        "items": [(item, ", ".join(str(Hazard(each).label) for each in item.hazards)) for item in items],
        "classes": ItemClass.objects.live(),
        "may_edit": may_edit_catalogue(request.user),
    }
    return render(request, "disaster/catalogue.html", context)


def _token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _edit(request: HttpRequest, form_class: Any, record: Any, template: str, **context: Any) -> HttpResponse:
    """The form of an item or a class: a new one, or one to change."""
    if not may_edit_catalogue(request.user):
        raise PermissionDenied(_("The catalogue is kept by disaster officers of a city or county."))
    form = form_class(request.POST or None, instance=record)
    token, status = _token(request), 200
    theirs: list[str] = []

    def act(_data: dict[str, Any]) -> None:
        if record is None:
            stock.add_to_catalogue(request.user, form_class.Meta.model, form.values(), token)
        else:
            theirs.extend(stock.change_catalogue(request.user, record, form.base(), form.values()))

    if request.method == "POST":
        status = carried_out(form, act)
    if status == 302:
        messages.success(request, _("Saved."))
        if theirs:
            names = ", ".join(str(form[name].label) for name in theirs)
            told = _("Somebody else changed meanwhile, and it was kept: %(fields)s.")
            messages.info(request, told % {"fields": names})
        return redirect("catalogue")
    return render(request, template, {"form": form, "record": record, "token": token, **context}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, ItemForm, None, "disaster/item_form.html", title=_("Add an item"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item.objects.live(), pk=pk)
    classes = {each.pk: str(each) for each in ItemClass.objects.all()}
    return _edit(
        request, ItemForm, item, "disaster/item_form.html", title=str(item),
        changes=catalogue_history.changes(item, classes), retire_form=RetireForm(initial={"version": item.version}),
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(["POST"])
def item_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item off the catalogue; its ledger stays."""
    item = get_object_or_404(Item.objects.live(), pk=pk)
    form = RetireForm(request.POST)
    status = carried_out(form, lambda data: stock.retire_item(request.user, item, data["reason"], data["version"]))
    if status == 302:
        messages.success(request, _("It is off the catalogue. Its ledger stays."))
        return redirect("catalogue")
    context = {"form": form, "record": item, "title": str(item), "retiring": True}
    return render(request, "disaster/item_form.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, ItemClassForm, None, "disaster/item_form.html", title=_("Add a class"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ItemClass.objects.live(), pk=pk)
    return _edit(request, ItemClassForm, found, "disaster/item_form.html", title=str(found))
