"""How DRF is told that choosing a format is the views' business."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class Negotiation(DefaultContentNegotiation):
    """Views answer in the format they find best (``render.respond``): nothing is refused for its Accept header."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
