"""What bodies the API reads."""

from rest_framework.parsers import JSONParser


class GeoJSONParser(JSONParser):
    """GeoJSON, merge patches (RFC 7396) and plain JSON alike."""

    media_type = "application/*"
