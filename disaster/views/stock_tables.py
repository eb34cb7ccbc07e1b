"""What uploads of tables share: the file is read at once, and kept between two pages."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from disaster.querysets_counts import cities
from disaster.stock_table_forms import TableForm
from gis_core.imports import uploads
from gis_core.imports.errors import ImportProblem
from gis_core.imports.reader import read
from gis_core.imports.source import Source
from gis_core.models import AdminArea

from .asking import refuse_others_than_officers


@dataclass(frozen=True)
class Table:
    """An uploaded table and what was said of it."""

    source: Source
    city: AdminArea
    day: date
    upload: str


def upload_page(request: HttpRequest, template: str, following: str) -> HttpResponse:
    """The form of a table; a file that cannot be read is told here."""
    refuse_others_than_officers(request.user)
    form = TableForm(request.POST or None, request.FILES or None, cities=cities(request.user))
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(form.cleaned_data["file"], request.user)
        given = form.kept()
        try:
            read(uploads.path_of(upload), encoding=given.get("encoding", ""), layer=given.get("layer", ""))
        except ImportProblem as problem:
            uploads.forget(upload)
            form.add_error("file", str(problem))
        else:
            return redirect(f"{reverse(following, args=[upload])}?{urlencode(given)}")
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


def find_table(request: HttpRequest, upload: str) -> Table:
    """The table of the address. Raises Http404 for somebody else's, or one that is no longer kept."""
    refuse_others_than_officers(request.user)
    city = cities(request.user).filter(mois_code=request.GET.get("city", "")).first()
    if city is None or not uploads.belongs_to(upload, request.user):
        raise Http404
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
        source = read(
            uploads.path_of(upload), encoding=request.GET.get("encoding", ""), layer=request.GET.get("layer", "")
        )
    except (ImportProblem, ValueError) as problem:
        raise Http404(str(problem)) from problem
    return Table(source, city, day, upload)
