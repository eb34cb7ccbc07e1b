"""What phones hold and have sent, for those who manage their people; and taking a file that a phone handed over."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core import permissions
from gis_core.editing.errors import Invalid
from gis_core.models import Role, User
from gis_core.offline import handed_over
from gis_core.offline.standing import devices, people, rejected, standings

FILE_LIMIT = 200_000_000
SHOWN = 100
WORRIES = {
    "silent": gettext_lazy("not seen for days, with unsent records"),
    "unsent": gettext_lazy("has unsent records"),
    "differs": gettext_lazy("differs from the server"),
    "rejected": gettext_lazy("has records that were not accepted"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device_list(request: HttpRequest, roles: Collection[str] = (Role.SURVEY_MANAGER,)) -> HttpResponse:
    if not permissions.roles_of(request.user) & {*roles, Role.ADMINISTRATOR}:
        raise PermissionDenied(_("Only those who manage a survey may see its devices."))
    report: handed_over.Report | None = None
    problems: list[str] = []
    scope = permissions.area_scope(request.user, roles)
    if request.method == "POST":
        report, problems = _loaded(request, people(scope))
    found = standings(devices(scope)[:SHOWN])
    context: dict[str, Any] = {
        "standings": [(each, [WORRIES[code] for code in each.worries]) for each in found],
        "rejected": list(rejected(request.user, frozenset(roles))[:SHOWN]),
        "report": report,
        "problems": problems,
    }
    return render(request, "gis_core/offline/devices.html", context, status=422 if problems else 200)


def _loaded(request: HttpRequest, people: QuerySet[User]) -> tuple[handed_over.Report | None, list[str]]:
    """What became of the file, or what is wrong with it."""
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return None, [_("Choose the file that the phone made.")]
    if upload.size > FILE_LIMIT:
        return None, [_("This file is too large.")]
    try:
        report = handed_over.load(upload.read(), people)
    except Invalid as error:
        return None, [text for texts in error.errors.values() for text in texts]
    messages.success(request, _("The file was read; below is what became of each record."))
    return report, []
