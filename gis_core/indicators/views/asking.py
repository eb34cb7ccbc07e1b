"""What the pages here share: which city and period is asked for, forms sent, and what a service refused."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.indicators.querysets import cities, coordinator_scope, indicators, is_coordinator, view_scope
from gis_core.models import AdminArea, Indicator


@dataclass(frozen=True)
class Asked:
    """``city`` is None where the person sees none; ``scope`` are the areas they see (None: everywhere)."""

    scope: frozenset[int] | None
    cities: list[AdminArea]
    city: AdminArea | None


def asked(request: HttpRequest, preferred: set[int] | None = None) -> Asked:
    """The city of ``?city=``, else the first one, of ``preferred`` where there is one. Raises PermissionDenied."""
    scope = view_scope(request.user)
    found = list(cities(scope))
    code = request.GET.get("city", "")
    first = next((each for each in found if preferred and each.pk in preferred), found[0] if found else None)
    return Asked(scope, found, next((each for each in found if each.mois_code == code), first))


def find(key: str) -> Indicator:
    """Raises Http404."""
    indicator: Indicator = get_object_or_404(indicators(), key=key)
    return indicator


def changed_scope(request: HttpRequest) -> frozenset[int] | None:
    """The areas whose figures this person may change. Raises PermissionDenied for those who may change none."""
    if not is_coordinator(request.user):
        raise PermissionDenied(_("Only zone coordinators may change this."))
    return coordinator_scope(request.user)


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def number_of(text: str, default: int, low: int, high: int) -> int:
    """A whole number within limits; the default for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 and low <= int(text) <= high else default


def carried_out(form: Any, act: Callable[[dict[str, Any]], Any]) -> int:
    """302 when the form was good and the service did it; else 422 or 409, with the reasons in the form.

    Raises PermissionDenied.
    """
    if not form.is_valid():
        return 422
    try:
        act(form.cleaned_data)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            form.add_error(name if name in form.fields else None, texts)
        return 409
    return 302
