"""What every page's frame needs: where we are, and the lists and pages this person may open."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from gis_core import permissions
from gis_core.layers.layer import Layer
from gis_core.layers.registry import layers


class Shell:
    """Evaluated when a template asks: fragments have no frame and pay nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._user = getattr(request, "user", None)
        self._match = getattr(request, "resolver_match", None)

    @property
    def page(self) -> str:
        return (self._match and self._match.url_name) or ""

    @property
    def layer_id(self) -> str:
        layer = self._match.kwargs.get("layer") if self._match else None
        return getattr(layer, "id", "")

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """Layers this person may see, by group, in the order of registration."""
        if self._user is None:
            return []
        groups: dict[str, list[Layer]] = {str(layer.group): [] for layer in layers}
        for layer in layers.visible_to(self._user):
            groups[str(layer.group)].append(layer)
        return [{"title": title, "layers": members} for title, members in groups.items() if members]

    @property
    def is_administrator(self) -> bool:
        return self._user is not None and permissions.is_administrator(self._user)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
