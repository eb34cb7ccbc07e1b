from gis_core.layers.layer import Layer
from gis_core.layers.registry import LayerNotFound, layers


class LayerConverter:
    """A layer's id in a path, given to the view as the Layer; an unknown id is a path that does not exist."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> Layer:
        try:
            return layers.get(value)
        except LayerNotFound as error:
            raise ValueError(value) from error

    def to_url(self, value: Layer | str) -> str:
        return value if isinstance(value, str) else value.id
