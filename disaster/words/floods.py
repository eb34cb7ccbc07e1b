"""What flood maps say and why one is refused, in the user's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from disaster.flooded import Finding, Limits, Wet
from disaster.floods.reading import DEEPEST_M, FloodRefused

REFUSALS = {
    "not_geotiff": gettext_lazy("This is not a GeoTIFF, or it is damaged at its very beginning."),
    "damaged": gettext_lazy("The file is damaged: a part of it cannot be read."),
    "no_crs": gettext_lazy(
        "The file does not say its coordinate reference system. Save it with one (in QGIS: Assign projection)."
    ),
    "no_place": gettext_lazy(
        "The file does not say where it lies: it has no georeference. Georeference it and save it again."
    ),
    "outside": gettext_lazy("The map lies outside Korea."),
    "empty": gettext_lazy("The map is empty: every pixel is nodata."),
    "bands": gettext_lazy("The file has %(value)s bands. A flood map has one: the depth of water in metres."),
    "picture": gettext_lazy("This is a coloured picture of a map. What is needed are the depths, in metres."),
    "kind": gettext_lazy("The pixels are of the kind %(value)s, which is no depth."),
    "unit_named": gettext_lazy("The file says that its unit is “%(value)s”. Depths must be in metres."),
    "units": gettext_lazy(
        "The greatest value is %(value)s. No flood is deeper than %(deepest)s m: these seem to be centimetres, or "
        "heights above the sea."
    ),
    "negative": gettext_lazy("The least value is %(value)s. A depth is never less than 0: these seem to be heights."),
    "too_large": gettext_lazy("The map is too large (%(value)s pixels). Cut it to the city."),
    "too_heavy": gettext_lazy("Reading the file takes too much time or memory. Cut it to the city."),
    "too_many_bytes": gettext_lazy("The file is larger than the %(value)s MB allowed."),
}
STATES = {
    Wet.FLOODED: gettext_lazy("flooded"),
    Wet.DRY: gettext_lazy("dry"),
    Wet.UNKNOWN: pgettext_lazy("coverage", "not known"),
}


def refusal(error: FloodRefused) -> str:
    return str(REFUSALS[error.code]) % {"value": error.value, "deepest": f"{DEEPEST_M:g}"}


def depth(value: float | None) -> str:
    return pgettext("coverage", "not known") if value is None else f"{value:.2f} m"


def way_in(found: Finding, limits: Limits) -> str:
    """The depth on the way in; where that is not known, what the ground around says."""
    depths = found.depths.way_in
    if not found.depths.is_ring:
        return depth(depths[0])
    known = [each for each in depths if each is not None]
    if not known:
        return _("not known within %(metres)s m around") % {"metres": f"{limits.ring_m:g}"}
    wet = sum(each >= limits.way_in_m for each in known)
    told = _("%(wet)s of %(all)s places %(metres)s m around are flooded")
    if len(known) < len(depths):
        told = _("%(wet)s of %(all)s places %(metres)s m around are flooded, %(unknown)s not known")
    return told % {
        "wet": wet,
        "all": len(depths),
        "metres": f"{limits.ring_m:g}",
        "unknown": len(depths) - len(known),
    }


def summary(flooded: int, unknown: int, number: int) -> str:
    told = ngettext(
        "Of %(number)s depot %(flooded)s cannot be used.", "Of %(number)s depots %(flooded)s cannot be used.", number
    ) % {"number": number, "flooded": flooded}
    if unknown:
        told += " " + _("Of %(unknown)s the map does not say enough: that is not taken for dry.") % {"unknown": unknown}
    return told
