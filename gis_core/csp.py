"""What a page with a map may load beyond our own server: tiles of the base maps in use, and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from gis_core.basemaps import enabled_hosts


def allows_base_maps(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def page(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        # django-csp reads the addition to the policy from this attribute.
        response._csp_update = {"img-src": enabled_hosts()}  # type: ignore[attr-defined]
        return response

    return page
