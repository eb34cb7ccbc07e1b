"""What bodies the API reads."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error


class GeoJSONParser(PlainJSONParser):
    media_type = "application/geo+json"


class MergePatchParser(PlainJSONParser):
    """Merge patches (RFC 7396)."""

    media_type = "application/merge-patch+json"
