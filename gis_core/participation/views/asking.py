"""Who may open the office's pages of rounds, and what a service refused."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gis_core.editing.errors import Invalid, NotAllowed
from gis_core.models import ProposalRound
from gis_core.participation.access import is_staff, may_manage, seen_rounds


def refuse_strangers(user: Any) -> None:
    """Raises PermissionDenied for roles that have nothing to do with rounds."""
    if not is_staff(user):
        raise PermissionDenied(_("Your role does not see proposal rounds."))


def find(request: HttpRequest, pk: int, *, to_manage: bool = False) -> ProposalRound:
    """Raises PermissionDenied, Http404."""
    refuse_strangers(request.user)
    found: ProposalRound = get_object_or_404(seen_rounds(request.user), pk=pk)
    if to_manage:
        refuse_lookers(request.user, found)
    return found


def refuse_lookers(user: Any, found: ProposalRound) -> None:
    """Raises PermissionDenied for those who see a round and do not look after it."""
    if not may_manage(user, found):
        raise PermissionDenied(_("Rounds of this area, or about this, are looked after by somebody else."))


def token_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def carried_out(form: Any, act: Callable[[], Any]) -> int:
    """302 when the form was good and the service did it; else 422 or 409, with the reasons in the form.

    Raises PermissionDenied.
    """
    if not form.is_valid():
        return 422
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            form.add_error(name if name in form.fields else None, texts)
        return 409
    return 302


def done(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do what a button asks for; the next page says why not. Raises PermissionDenied."""
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for texts in invalid.errors.values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, _("Saved."))
