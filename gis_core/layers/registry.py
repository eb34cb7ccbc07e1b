"""The layers there are. Each app's ``layers.py`` registers its own when Django starts."""

from collections.abc import Iterator
from typing import Any

from django.utils.module_loading import autodiscover_modules

from gis_core import permissions

from .layer import Layer


class LayerNotFound(LookupError):
    """No layer has this id."""


class LayerRegistry:
    def __init__(self) -> None:
        self._layers: dict[str, Layer] = {}

    def register(self, layer: Layer) -> Layer:
        if layer.id in self._layers:
            raise ValueError(f"two layers are called {layer.id}")
        self._layers[layer.id] = layer
        return layer

    def get(self, layer_id: str) -> Layer:
        try:
            return self._layers[layer_id]
        except KeyError as error:
            raise LayerNotFound(layer_id) from error

    def of(self, record: Any) -> Layer:
        """The layer a record belongs to."""
        for layer in self:
            if isinstance(record, layer.model):
                return layer
        raise LayerNotFound(type(record).__name__)

    def all(self) -> list[Layer]:
        return list(self._layers.values())

    def visible_to(self, user: Any) -> list[Layer]:
        return [layer for layer in self if permissions.can_view(user, layer)]

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.all())


layers = LayerRegistry()


def discover() -> None:
    """Register gis_core's own layers first, then every app's, in the order of INSTALLED_APPS."""
    from . import cooperation, declarations, participation, town_work  # noqa: F401

    autodiscover_modules("layers")
