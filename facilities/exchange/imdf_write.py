"""Writing a plan as an IMDF 1.0.0 archive (OGC 20-094)."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from facilities.plan.document import Amenity, Document, Fixture, Level, Opening, Part, Unit
from facilities.plan.topology import OUTSIDE, joins, sides

from . import imdf_terms as terms
from . import imdf_values, jsontext, places, shapes
from .meta import GENERATOR, CannotExport, Meta, feature_id, stable_key

Feature = dict[str, Any]
EMPTY = "empty"
# How wide a line is drawn where IMDF wants an area, and how far the venue reaches around its building.
LINE_HALF_M, VENUE_MARGIN_M = 0.05, 2.0
_STAIRS = {"steps": "stairs", "stairs": "stairs"}


def write(document: Document, meta: Meta) -> bytes:
    """The archive (zip) of a plan: WGS84, every part with its key as id.

    What IMDF has no place for is carried in ``properties.dongne``. Raises CannotExport when there is nothing to write.
    """
    files = _Archive(document, meta).files()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(name, jsontext.dump(value))
    return packed.getvalue()


class _Archive:
    def __init__(self, document: Document, meta: Meta) -> None:
        self.document, self.meta = document, meta
        self.outlines = _outlines(document)
        self.venue, self.building = feature_id(meta.venue_key), feature_id(meta.building_key)
        self.address = stable_key("address", meta.venue_key)
        self.rooms = {level.key: document.on_level("units", level.key) for level in document.levels}

    def files(self) -> dict[str, Any]:
        found: dict[str, list[Feature]] = {name: [] for name in terms.FEATURE_TYPES}
        for feature in self._features():
            found[feature["feature_type"]].append(feature)
        collections = {
            f"{name}.geojson": {"type": "FeatureCollection", "name": name, "features": features}
            for name, features in found.items()
        }
        return {"manifest.json": self._manifest(), **collections}

    def _manifest(self) -> dict[str, Any]:
        created = self.meta.created or datetime.now(UTC)
        return {
            "version": terms.VERSION,
            "created": created.isoformat(timespec="seconds"),
            "generated_by": GENERATOR,
            "language": imdf_values.LANGUAGE,
            "extensions": [terms.EXTENSION],
        }

    def _features(self) -> Iterable[Feature]:
        yield from self._whole()
        for level in self.document.ordered_levels():
            yield self._level(level)
        for kind in ("units", "openings", "fixtures", "amenities"):
            for part in self.document.parts(kind):
                if part.level in self.outlines:
                    yield self._part(part)
        yield from self._occupants()
        yield from self._shafts()
        yield from self._passages()

    def _feature(self, kind: str, key: str, shape: BaseGeometry | None, properties: dict[str, Any]) -> Feature:
        geometry = None
        if shape is not None:
            right, turned = shapes.right_handed(shape)
            geometry = mapping(places.to_lonlat(self.meta.frame, right))
            if turned and terms.OWN in properties:
                properties[terms.OWN]["turned"] = turned
        return {
            "id": feature_id(key),
            "type": "Feature",
            "feature_type": kind,
            "geometry": geometry,
            "properties": properties,
        }

    def _spot(self, shape: BaseGeometry) -> dict[str, Any]:
        """A display point: surely on the shape."""
        return dict(mapping(places.to_lonlat(self.meta.frame, shape.point_on_surface())))

    def _whole(self) -> Iterable[Feature]:
        meta = self.meta
        ground = [self.outlines[level.key] for level in self.document.levels if level.ordinal >= 0]
        footprint = shapely.union_all(ground or list(self.outlines.values()))
        site = footprint.convex_hull.buffer(VENUE_MARGIN_M, join_style="mitre")
        yield self._feature("address", self.address, None, self._address())
        shared = {"restriction": None, "alt_name": None, "address_id": self.address}
        venue = {
            "category": meta.category if meta.category in terms.VENUES else "governmentfacility",
            "name": imdf_values.labels(meta.venue_name or meta.building_name or GENERATOR, meta.venue_name_en),
            "hours": None,
            "phone": None,
            "website": None,
            "display_point": self._spot(footprint),
        }
        yield self._feature("venue", self.venue, site, {**shared, **venue})
        frame = places.frame_to_json(meta.frame)
        ours = {"frame": frame, "teams": [asdict(team) for team in self.document.teams], "plan": meta.plan_name}
        building = {
            "category": "unspecified",
            "name": imdf_values.labels(meta.building_name or meta.venue_name or GENERATOR, meta.building_name_en),
            "display_point": self._spot(footprint),
            terms.OWN: {"key": meta.building_key, **ours},
        }
        yield self._feature("building", self.building, None, {**shared, **building})
        properties = {"category": "ground", "name": None, "building_ids": [self.building]}
        yield self._feature("footprint", stable_key("footprint", self.building), footprint, properties)

    def _address(self) -> dict[str, Any]:
        meta = self.meta
        return {
            "address": meta.address or meta.venue_name or meta.building_name or GENERATOR,
            "unit": None,
            "locality": meta.locality or meta.province or "KR",
            "province": meta.province or None,
            "country": "KR",
            "postal_code": meta.postal_code or None,
            "postal_code_ext": None,
            "postal_code_vanity": None,
        }

    def _level(self, level: Level) -> Feature:
        shape = self.outlines[level.key]
        ours = {**asdict(level), "outline": level.outline is not None}
        properties = {
            "category": "unspecified",
            "restriction": None,
            "outdoor": False,
            "ordinal": level.ordinal,
            "name": imdf_values.labels(level.name or level.short_name or str(level.ordinal)),
            "short_name": imdf_values.labels(level.short_name or str(level.ordinal)),
            "display_point": self._spot(shape),
            "address_id": self.address,
            "building_ids": [self.building],
            terms.OWN: ours,
        }
        return self._feature("level", level.key, shape, properties)

    def _part(self, part: Part) -> Feature:
        told = {**imdf_values.properties(part), "alt_name": None}
        ours = imdf_values.own(part)
        if isinstance(part, Amenity):
            return self._amenity(part, told, ours)
        told |= {"level_id": feature_id(part.level), "display_point": self._spot(part.geometry), terms.OWN: ours}
        if isinstance(part, Unit | Opening):
            return self._feature("unit" if isinstance(part, Unit) else "opening", part.key, part.geometry, told)
        return self._fixture(part, told, ours)

    def _fixture(self, fixture: Fixture, told: dict[str, Any], ours: dict[str, Any]) -> Feature:
        shape, told = fixture.geometry, {**told, "anchor_id": None}
        if not isinstance(shape, shapely.Polygon):
            ours["line"] = mapping(places.to_lonlat(self.meta.frame, shape))["coordinates"]
            shape = shape.buffer(LINE_HALF_M, cap_style="flat", join_style="mitre")
            told["display_point"] = self._spot(shape)
        if told["category"] == "kiosk":
            del told["category"]
            return self._feature("kiosk", fixture.key, shape, told)
        return self._feature("fixture", fixture.key, shape, told)

    def _amenity(self, amenity: Amenity, told: dict[str, Any], ours: dict[str, Any]) -> Feature:
        rooms = self.rooms[amenity.level]
        around = min(rooms, key=lambda unit: unit.geometry.distance(amenity.geometry), default=None)
        properties = {
            **told,
            "accessibility": None,
            "hours": None,
            "phone": None,
            "website": None,
            "unit_ids": [feature_id(around.key)] if around else [],
            "address_id": None,
            "correlation_id": None,
            terms.OWN: {**ours, "level": feature_id(amenity.level)},
        }
        return self._feature("amenity", amenity.key, amenity.geometry, properties)

    def _occupants(self) -> Iterable[Feature]:
        """Each team in each of its rooms: an anchor within the room and an occupant on it."""
        for unit in self.document.units:
            for team in (self.document.team_of[key] for key in unit.teams if key in self.document.team_of):
                anchor = stable_key("anchor", team.key, unit.key)
                place = {"address_id": self.address, "unit_id": feature_id(unit.key)}
                yield self._feature("anchor", anchor, unit.geometry.point_on_surface(), place)
                properties = {
                    "name": imdf_values.labels(team.name or "-"),
                    "category": "publicservices.government",
                    "anchor_id": anchor,
                    "hours": None,
                    "phone": None,
                    "website": None,
                    "validity": None,
                    "correlation_id": feature_id(team.key),
                }
                yield self._feature("occupant", stable_key("occupant", team.key, unit.key), None, properties)

    def _shafts(self) -> Iterable[Feature]:
        """From each stairs, lift or ramp to the next one up in its shaft."""
        ordinals = {level.key: level.ordinal for level in self.document.levels}
        chains: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.document.units:
            category = _STAIRS.get(unit.category, unit.category)
            if unit.shaft and category in terms.RELATIONSHIPS and unit.level in ordinals:
                chains.setdefault((unit.shaft, category), []).append(unit)
        for (_, category), chain in chains.items():
            rising = sorted(chain, key=lambda unit: ordinals[unit.level])
            for below, above in pairwise(rising):
                yield self._relationship(category, below.key, None, above.key)

    def _passages(self) -> Iterable[Feature]:
        for key, pair in sides(self.document).items():
            if joins(pair) and OUTSIDE not in pair:
                yield self._relationship("traversal", str(pair[0]), key, str(pair[1]))

    def _relationship(self, category: str, origin: str, opening: str | None, destination: str) -> Feature:
        properties = {
            "category": category,
            "direction": "undirected",
            "origin": {"id": feature_id(origin), "feature_type": "unit"},
            "intermediary": [{"id": feature_id(opening), "feature_type": "opening"}] if opening else None,
            "destination": {"id": feature_id(destination), "feature_type": "unit"},
            "hours": None,
        }
        return self._feature("relationship", stable_key(category, origin, opening, destination), None, properties)


def _outlines(document: Document) -> dict[str, BaseGeometry]:
    """A shape for each level; one that nothing is drawn on takes the whole building's."""
    found = {level.key: shapes.outline_of(document, level.key) for level in document.levels}
    whole = shapely.union_all(list(found.values()))
    if whole.is_empty:
        raise CannotExport(EMPTY)
    return {key: whole if shape.is_empty else shape for key, shape in found.items()}
