"""What a service refused, told where the person asked for it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gis_core.editing.errors import Invalid, NotAllowed


def refused(form: Any, invalid: Invalid) -> None:
    """Put what a service refused where the person sees it: at its field, or above the form."""
    for name, texts in invalid.errors.items():
        form.add_error(name if name in form.fields else None, texts)


def done(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Whether the service did what a button without a form asks for; else the next page says why not.

    Raises PermissionDenied.
    """
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as invalid:
        for texts in invalid.errors.values():
            messages.error(request, " ".join(texts))
        return False
    return True


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
        refused(form, invalid)
        return 409
    return 302
