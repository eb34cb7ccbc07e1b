"""Days that are free, or worked, here only."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from disaster.access import is_officer, officer_scope
from disaster.models import LocalHoliday
from disaster.schedule_forms import HolidayForm
from disaster.services import schedules as services
from disaster.working_days import holidays_of

from .asking import refuse_strangers
from .refusals import carried_out


def _may(user: Any) -> bool:
    """Holidays move everybody's days: whoever looks after depots may note them."""
    return is_officer(user) and officer_scope(user) != frozenset()


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_list(request: HttpRequest) -> HttpResponse:
    """The local days, and the law's of this year and the next. POST adds a local day and shifts what is due anew."""
    refuse_strangers(request.user)
    form = HolidayForm(request.POST or None)
    moved: list[int] = []
    status = 200
    if request.method == "POST":
        if not _may(request.user):
            raise PermissionDenied(_("Only disaster officers may do this."))

        def add(data: dict[str, Any]) -> None:
            moved.append(services.add_holiday(data["day"], data["name"], bool(data["is_working_day"])))

        status = carried_out(form, add)
    if status == 302:
        _tell(request, moved[0])
        return redirect("holiday-list")
    year = timezone.localdate().year
    language = "en" if get_language() == "en" else "ko"
    context = {
        "form": form, "local": LocalHoliday.objects.filter(day__gte=date(year - 1, 1, 1)), "may": _may(request.user),
        "years": [(each, holidays_of(each, language)) for each in (year, year + 1)],
    }  # fmt: skip
    return render(request, "disaster/holiday_list.html", context, status=status)


@login_required
@require_POST
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    if not _may(request.user):
        raise PermissionDenied(_("Only disaster officers may do this."))
    _tell(request, services.remove_holiday(pk))
    return redirect("holiday-list")


def _tell(request: HttpRequest, moved: int) -> None:
    told = ngettext("Saved; %(number)d schedule moved.", "Saved; %(number)d schedules moved.", moved)
    messages.success(request, told % {"number": moved} if moved else _("Saved; no schedule moved."))
