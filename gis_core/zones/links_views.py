"""Tables of travel times and movements from town to town: what is loaded, loading one, taking one away."""

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Count, Q
from django.db.models.aggregates import Aggregate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core import jobs, permissions
from gis_core.imports import uploads
from gis_core.imports.forms import UploadField
from gis_core.layers.registry import layers
from gis_core.models import AreaLink
from gis_core.models.cooperation import LinkKind

from .links_services import MOST_PERIOD, load_links


class LinksForm(forms.Form):
    kind = forms.ChoiceField(choices=LinkKind.choices, label=gettext_lazy("What the values are"))
    source = forms.CharField(
        max_length=200, label=gettext_lazy("Source"), help_text=gettext_lazy("Who made the table, and of what.")
    )
    period = forms.CharField(
        max_length=MOST_PERIOD, required=False, label=gettext_lazy("Period"),
        help_text=gettext_lazy("Such as 2024 or 2024-07; for rows that say none themselves."),
    )  # fmt: skip
    file = UploadField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("CSV or XLSX with the columns: from code, to code, value, period.")


def _scope(user: Any) -> frozenset[int] | None:
    return permissions.area_scope(user, layers.get("zones").access.edit)


def _refuse_others_than_coordinators(user: Any) -> None:
    if not permissions.can_add(user, layers.get("zones")):
        raise PermissionDenied(_("Only coordinators of zones change these tables."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_tables(request: HttpRequest) -> HttpResponse:
    """What is loaded, for everybody who sees zones. POST loads a file in the background, for coordinators."""
    layer = layers.get("zones")
    if not permissions.can_view(request.user, layer):
        raise PermissionDenied(_("Your roles do not let you see this list."))
    form = LinksForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        _refuse_others_than_coordinators(request.user)
        if form.is_valid():
            return redirect("job", _start(request, form).pk)
    context = {
        "form": form, "layer": layer, "tables": tables(),
        "can_change": permissions.can_add(request.user, layer),
    }  # fmt: skip
    return render(request, "gis_core/zones/links.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, form: LinksForm) -> Any:
    data, scope = form.cleaned_data, _scope(request.user)
    upload = uploads.keep(data["file"], request.user)
    title = _("Import of %(file)s") % {"file": uploads.path_of(upload).name}
    return jobs.start(
        load_links, request.user, title, upload=upload, kind=data["kind"], period=data["period"].strip(),
        source=data["source"], scope=None if scope is None else sorted(scope),
    )  # fmt: skip


class BoolOr(Aggregate):
    function = "BOOL_OR"
    output_field = BooleanField()


def tables() -> list[dict[str, Any]]:
    """Each kind, period and source with its number of pairs and of towns: one statement."""
    found = AreaLink.objects.order_by("kind", "-period", "source").values("kind", "period", "source")
    rows = found.annotate(
        pairs=Count("pk"), towns=Count("from_area", distinct=True), is_example=BoolOr("is_example")
    )  # fmt: skip
    return [{**row, "kind_title": LinkKind(row["kind"]).label} for row in rows]


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take away a table's pairs that touch the areas in which this person may change records."""
    _refuse_others_than_coordinators(request.user)
    asked = {name: request.POST.get(name, "") for name in ("kind", "period", "source")}
    rows, scope = AreaLink.objects.filter(**asked), _scope(request.user)
    if scope is not None:
        rows = rows.filter(Q(from_area__in=sorted(scope)) | Q(to_area__in=sorted(scope)))
    number, _each = rows.delete()
    told = ngettext("%(number)s pair was taken away.", "%(number)s pairs were taken away.", number)
    messages.success(request, told % {"number": f"{number:,}"})
    return redirect("zone-links")


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A file with the headings and two lines to go by."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="town-to-town.csv"'
    response.write("\ufeff")
    lines = [["from code", "to code", "value", "period"], ["4427025300", "4427038000", "1240", "2024"]]
    csv.writer(response).writerows([*lines, ["4427038000", "4427025300", "980", "2024"]])
    return response
