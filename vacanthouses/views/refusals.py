"""What a service refused, in the form that asked for it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from gis_core.editing.errors import Invalid, NotAllowed


def refused(form: Any, invalid: Invalid) -> None:
    """Put what a service refused where the person sees it: at its field, or above the form."""
    for name, texts in invalid.errors.items():
        form.add_error(name if name in form.fields else None, texts)


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
