"""Invented villages and roads in the towns of Namwon, ways in of depots, and a flood map made by arithmetic."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import networkx as nx
import numpy as np
import rasterio
import shapely
from affine import Affine
from django.utils import timezone
from pyproj import Transformer
from shapely import LineString, Point

from disaster.floods.reading import NODATA
from disaster.models import Depot, Hazard, HazardRaster, Road, Village
from disaster.querysets_places import OFFICES
from disaster.services import floods
from gis_core.crs import LONLAT_SRID
from gis_core.demo import fixtures
from gis_core.editing.shapes import to_geos, to_shapely
from gis_core.models import AdminArea, Organisation

FLOOD_FILE = "example-flood.tif"
# Tries before a town counts as full.
TRIES = 400


def load() -> dict[str, int]:
    """Each part is made where there is none of the demo's yet."""
    facts = fixtures.parameters("villages")
    city = AdminArea.objects.by_code(facts["city"])
    towns = list(AdminArea.objects.towns().filter(parent=city).order_by("mois_code")) if city else []
    return {
        "villages": _villages(towns, facts),
        "roads": _roads(towns, facts),
        "ways in": _ways_in(facts),
        "flood maps": _flood_map(facts),
    }


def _villages(towns: Sequence[AdminArea], facts: dict[str, Any]) -> int:
    if Village.objects.filter(is_example=True).exists():
        return 0
    rules, random = facts["villages"], Random(facts["seed"])  # noqa: S311
    made = [village for town in towns for village in _in_town(town, rules, random)]
    return len(Village.objects.bulk_create(made))


def _in_town(town: AdminArea, rules: dict[str, Any], random: Random) -> list[Village]:
    shape = shapely.from_wkb(bytes(town.geometry.wkb))
    ground = shape.buffer(-rules["inside_m"])
    ground = shape if ground.is_empty else ground
    shapely.prepare(ground)
    west, south, east, north = ground.bounds
    found: list[Point] = []
    for _try in range(TRIES):
        place = Point(round(random.uniform(west, east), 1), round(random.uniform(south, north), 1))
        is_free = all(place.distance(other) >= rules["apart_m"] for other in found)
        if is_free and len(found) < rules["per_town"] and ground.contains(place):
            found.append(place)
    names = random.sample(rules["names"], len(found))
    return [_village(town, name, place, rules, random) for name, place in zip(names, found, strict=True)]


def _village(town: AdminArea, name: str, place: Point, rules: dict[str, Any], random: Random) -> Village:
    people = random.randint(*rules["people"])
    is_counted = random.random() >= rules["uncounted"]
    days = timedelta(days=random.randint(*rules["counted_days_ago"]))
    return Village(
        name=f"{town.name} {name}{rules['suffix']}",
        area=town,
        people=people if is_counted else None,
        households=max(1, round(people / rules["people_per_household"])) if is_counted else None,
        counted_on=timezone.localdate() - days if is_counted else None,
        location=to_geos(place),
        is_example=True,
    )


def _roads(towns: Sequence[AdminArea], facts: dict[str, Any]) -> int:
    if Road.objects.filter(is_example=True).exists():
        return 0
    rules, random = facts["roads"], Random(facts["seed"] + 1)  # noqa: S311
    ids = [town.pk for town in towns]
    offices = {
        each.area_id: _point(each)
        for each in Organisation.objects.filter(
            is_example=True, area_id__in=ids, kind__in=OFFICES, location__isnull=False
        ).order_by("-pk")
    }
    places = [
        (each.area_id, _point(each))
        for model in (Depot, Village)
        for each in model.objects.filter(is_example=True, area_id__in=ids).order_by("pk")
        if model is Depot or random.random() >= rules["unrecorded"]
    ]
    lines = [(start, end, "main") for start, end in _between_towns(list(offices.values()), rules["more_main"])]
    for area, office in sorted(offices.items()):
        inside = [place for town, place in places if town == area]
        lines += [(start, end, "town" if office in (start, end) else "lane") for start, end in _tree([office, *inside])]
    made = [_road(start, end, rules[kind], rules["bend"], random) for start, end, kind in lines if start != end]
    for road in made:
        road.area = AdminArea.objects.containing(road.line.interpolate_normalized(0.5))
    return len(Road.objects.bulk_create(made))


def _point(record: Any) -> tuple[float, float]:
    return round(record.location.x, 1), round(record.location.y, 1)


def _tree(places: Sequence[tuple[float, float]]) -> list[tuple[Any, Any]]:
    """The shortest roads that join all places."""
    return list(nx.minimum_spanning_tree(_complete(places)).edges)


def _between_towns(places: Sequence[tuple[float, float]], more: int) -> list[tuple[Any, Any]]:
    """The tree, and so many of the next shortest, so that there is more than one way."""
    whole = _complete(places)
    tree = nx.minimum_spanning_tree(whole)
    edges = whole.edges(data="weight")
    others = sorted((length, start, end) for start, end, length in edges if not tree.has_edge(start, end))
    return [*tree.edges, *((start, end) for _length, start, end in others[:more])]


def _complete(places: Sequence[tuple[float, float]]) -> Any:
    graph = nx.Graph()
    graph.add_nodes_from(places)
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            graph.add_edge(one, other, weight=float(np.hypot(one[0] - other[0], one[1] - other[1])))
    return graph


def _road(
    start: tuple[float, float], end: tuple[float, float], kind: dict[str, Any], bend: float, random: Random
) -> Road:
    """A road with two bends, each off the straight line by a share of its length."""
    across = (-(end[1] - start[1]), end[0] - start[0])
    middle = []
    for share in (0.33, 0.67):
        off = random.uniform(-bend, bend)
        middle.append(tuple(round(start[i] + share * (end[i] - start[i]) + off * across[i], 1) for i in (0, 1)))
    return Road(**kind, line=to_geos(LineString([start, *middle, end])), is_example=True)


def _ways_in(facts: dict[str, Any]) -> int:
    """Towards where most of the demo's roads lie: the middle of the depot's town."""
    rules, random = facts["ways_in"], Random(facts["seed"] + 2)  # noqa: S311
    depots = Depot.objects.filter(is_example=True).select_related("area").order_by("pk")
    if depots.filter(access_place__isnull=False).exists():
        return 0
    made = 0
    for depot in depots:
        if random.random() >= rules["marked"] or depot.area is None:
            continue
        here, middle = to_shapely(depot.location), to_shapely(depot.area.geometry.centroid)
        way = LineString([here, middle])
        place = way.interpolate(min(rules["away_m"], way.length))
        made += Depot.objects.filter(pk=depot.pk).update(access_place=to_geos(place))
    return made


def _flood_map(facts: dict[str, Any]) -> int:
    rules = facts["flood"]
    found = HazardRaster.objects.filter(is_example=True, file=FLOOD_FILE).first()
    if found is not None and floods.path_of(found).exists():
        return 0
    bounds, deepest = _write_flood(rules)
    if found is not None:
        return 0
    HazardRaster.objects.create(
        title=rules["title"], hazard=Hazard.FLOOD, scenario=rules["scenario"], source=facts["source"], file=FLOOD_FILE,
        crs=rules["crs"], bounds=bounds, max_depth_m=deepest, is_example=True,
    )  # fmt: skip
    return 1


def _write_flood(rules: dict[str, Any]) -> tuple[list[float], float]:
    """Depths that fall off from the stream on either side; its bounds in degrees and the greatest depth."""
    to_map = Transformer.from_crs(LONLAT_SRID, rules["crs"], always_xy=True)
    stream = LineString([to_map.transform(lon, lat) for lon, lat in rules["stream"]])
    pixel, reach = rules["pixel_m"], rules["known_within_m"]
    west, south, east, north = (round(edge / pixel) * pixel for edge in stream.buffer(rules["map_within_m"]).bounds)
    x, y = np.arange(west + pixel / 2, east, pixel), np.arange(north - pixel / 2, south, -pixel)
    away = _distance(stream, *np.meshgrid(x, y))
    depth = np.clip(rules["depth_m"] * (1 - (away / rules["half_width_m"]) ** 2), 0, None).round(2)
    values = np.where(away <= reach, depth, NODATA).astype("float32")
    path = floods.folder() / FLOOD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": len(x), "height": len(y), "crs": rules["crs"],
        "transform": Affine(pixel, 0, west, 0, -pixel, north), "nodata": NODATA, "tiled": True, "blockxsize": 256,
        "blockysize": 256, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(values, 1)
    back = Transformer.from_crs(rules["crs"], LONLAT_SRID, always_xy=True)
    bounds = [round(edge, 6) for edge in back.transform_bounds(west, south, east, north)]
    return bounds, float(depth.max())


def _distance(line: LineString, x: Any, y: Any) -> Any:
    """From each pixel to the line, segment by segment: a call of shapely per pixel takes ten times as long."""
    least = np.full(x.shape, np.inf)
    points = np.array(line.coords)
    for (ax, ay), (bx, by) in pairwise(points):
        along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1)
        np.minimum(least, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)), out=least)
    return least
