"""Labels with QR codes: printing them, taking them out of use, and what happens when one is scanned."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disaster.access import officer_scope, own_depots
from disaster.label_drawing import Words, page_svg
from disaster.label_forms import LabelForm, key_of
from disaster.label_papers import PAPERS, laid_out
from disaster.models import CountSession, CountState, Depot, Label
from disaster.querysets_inspections import live_labels
from disaster.services import labels as services
from gis_core import pdf, permissions
from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import AdminArea

from .asking import number_of, refuse_others_than_officers
from .refusals import refused

# More depots than these are chosen from town by town.
MOST_DEPOTS = 12
MOST_IN_TOWN = 60


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def label_sheet(request: HttpRequest) -> HttpResponse:
    """Choose what to print labels for. POST makes those that are not there yet and answers with the sheets."""
    refuse_others_than_officers(request.user)
    form = LabelForm(_asked(request), initial={"paper": "21", "start": 1})
    if request.method == "POST":
        if form.is_valid():
            try:
                found = services.labels_of(request.user, form.cleaned_data["things"])
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Invalid as invalid:
                refused(form, invalid)
            else:
                return _sheet(request, found, form.cleaned_data["paper"], form.cleaned_data["start"])
        return _page(request, form, 422)
    return _page(request, form, 200)


def _asked(request: HttpRequest) -> QueryDict | None:
    """What was sent; where all are asked for, everything that the page shows."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if "all" in data:
        rows = [_row(*each, set()) for each in services.printable(_shown(request).listed)]
        data.setlist("t", [value for row in rows for value, _text, _ticked in row["boxes"]])
    return data


class Shown(NamedTuple):
    """The depots on the page: of one town where there are many."""

    listed: list[Depot]
    towns: list[AdminArea]
    town: AdminArea | None
    is_by_town: bool


def _shown(request: HttpRequest) -> Shown:
    depots = own_depots(request.user).order_by("area__full_name", "name", "pk")
    towns = list(AdminArea.objects.filter(pk__in=depots.order_by().values("area")).order_by("full_name"))
    asked, one = request.GET.get("town", ""), number_of(request.GET.get("depot", ""))
    town = next((each for each in towns if str(each.pk) == asked), None)
    is_by_town = len(towns) > 1 and depots.count() > MOST_DEPOTS
    if one is not None:
        shown = depots.filter(pk=one)
    else:
        town = town or (towns[0] if is_by_town else None)
        shown = depots.filter(area=town) if town else depots
    return Shown(list(shown[:MOST_IN_TOWN]), towns, town, is_by_town)


def _page(request: HttpRequest, form: LabelForm, status: int) -> HttpResponse:
    shown = _shown(request)
    chosen = set(request.POST.getlist("t") or request.GET.getlist("t"))
    context = {
        "form": form,
        "towns": shown.towns,
        "town": shown.town,
        "is_by_town": shown.is_by_town,
        "rows": [_row(*each, chosen) for each in services.printable(shown.listed)],
        "labels": [
            (each, _words(each))
            for each in live_labels(Depot.objects.filter(pk__in=[depot.pk for depot in shown.listed]))
        ],
    }  # fmt: skip
    return render(request, "disaster/label_sheet.html", context, status=status)


def _row(depot: Depot, classes: Any, chosen: set[str]) -> dict[str, Any]:
    """A depot with its boxes: (value, words, whether ticked)."""

    def box(thing: Any, text: str) -> tuple[str, str, bool]:
        return key_of(thing), text, key_of(thing) in chosen

    boxes = [box((depot.pk, None, None), _("The depot"))]
    for thing, item_class, lots in classes:
        boxes.append(box(thing, str(item_class)))
        boxes += [box(each, str(lot)) for each, lot in lots]
    return {"depot": depot, "boxes": boxes}


def _words(label: Label) -> Words:
    depot = label.depot
    area = f"{depot.area.name} " if depot and depot.area and depot.area.name not in depot.name else ""
    place = f"{area}{depot}" if depot else ""
    code = label.token[:4]
    thing = label.lot or label.item_class
    return Words(str(thing), place, code) if thing else Words(place, _("Depot"), code)


def _sheet(request: HttpRequest, found: list[Label], paper_id: str, start: int) -> HttpResponse:
    paper = PAPERS[paper_id]
    things = [(request.build_absolute_uri(reverse("label-open", args=[each.token])), _words(each)) for each in found]
    title = _("Labels")
    pages = [mark_safe(page_svg(page, paper, title)) for page in laid_out(things, paper, start)]  # noqa: S308
    document = pdf.render("disaster/sheets/labels.html", {"pages": pages, "title": title}, request)
    response = HttpResponse(document, content_type="application/pdf")
    name = content_disposition_header(False, f"{title}.pdf")
    response.headers["Content-Disposition"] = name or "inline"
    return response


@login_required
@require_POST
def label_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a label out of use; with ``renew`` in the form another takes its place, to be printed."""
    refuse_others_than_officers(request.user)
    label = get_object_or_404(Label.objects.filter(depot__in=own_depots(request.user)), pk=pk)
    try:
        if request.POST.get("renew"):
            made = services.renew(label, request.user)
            messages.success(request, _("The old label no longer opens anything. Print the new one."))
            thing = key_of((made.depot_id, made.item_class_id, made.lot_id))  # type: ignore[arg-type]
            return redirect(f"{reverse('label-sheet')}?depot={made.depot_id}&t={thing}")
        services.revoke(label, request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for texts in invalid.errors.values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, _("This label no longer opens anything."))
    return redirect("label-sheet")


@login_required
@never_cache
@require_safe
def label_open(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code leads to: the checklist in the app. Phones without a network never get here: the app's worker
    answers them."""
    label = get_object_or_404(Label.objects.select_related("depot__area", "item_class", "lot__item"), token=token)
    if label.revoked_at is not None or label.depot is None:
        return render(request, "disaster/label_revoked.html", {"label": label}, status=410)
    if not permissions.covers(officer_scope(request.user), [label.depot.area_id]):
        return redirect("record-detail", "depots", label.depot_id)
    app = f"{reverse('inspect-app')}#l/{label.token}"
    count = CountSession.objects.live().filter(depot=label.depot, state=CountState.OPEN).first()
    if count is not None:
        return render(request, "disaster/label_open.html", {"label": label, "app": app, "count": count})
    return redirect(app)
