"""What waits of partners and training."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.layers.layer import Todo

from .access import is_officer, officer_scope
from .models import Depot
from .partners import LAPSES_SOON_DAYS
from .querysets_people import lapsing, trained_classes, trained_people

NAMED = 3


def people_todos(user: Any) -> list[Todo]:
    """For disaster officers: agreements about to lapse, and towns with depots where nobody can put a class to use."""
    if not is_officer(user):
        return []
    today, scope = timezone.localdate(), officer_scope(user)
    ending = lapsing(today, today + timedelta(days=LAPSES_SOON_DAYS), scope)
    told = ", ".join(f"{each.organisation} {each.valid_until}" for each in ending[:NAMED])
    found = [Todo(_("Agreements about to lapse"), ending.count(), f"{reverse('partner-list')}?state=lapsing", told)]
    trained = trained_people(today, scope)
    for of_class in trained_classes():
        if of_class.people_needed:
            found.append(_nobody(of_class, trained, scope))
    return found


def _nobody(of_class: Any, trained: dict[tuple[int, int], int], scope: frozenset[int] | None) -> Todo:
    towns = Depot.objects.live().filter(area__isnull=False, balances__lot__item__item_class=of_class)
    if scope is not None:
        towns = towns.filter(area__in=sorted(scope))
    names = towns.order_by("area__full_name").values_list("area_id", "area__name").distinct()
    empty = [name for area, name in names if not trained.get((area, of_class.pk))]
    told = _("Towns where nobody trained can use: %(class)s") % {"class": of_class}
    return Todo(told, len(empty), reverse("training-list"), ", ".join(empty[:NAMED]))
