"""What reading costs: never a query per row, on pages, in the API, in tiles and in counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gis_core.crs import LONLAT_SRID, STORAGE_SRID, WEB_SRID, reproject
from gis_core.layers.registry import layers
from gis_core.models import Role, User
from gis_core.tiles.grid import tile_bounds
from tests.facilities.records import make_facility_records
from tests.factories import (
    Territory,
    geos,
    make_centre,
    make_depot,
    make_house,
    make_organisation,
    make_stock,
    make_territory,
    make_user,
    make_zone,
    place,
)
from tests.gis_core.pages_support import signed_in
from tests.gis_core.participation_support import make_proposal, make_round
from tests.gis_core.projects_support import make_project
from tests.gis_core.town_work_support import make_policy, make_visit

pytestmark = pytest.mark.django_db

LAYERS = tuple(layer.id for layer in layers)
FEW, MANY = 3, 12


def fill(territory: Territory, number: int) -> None:
    """So many records in every layer but areas, spread over two towns."""
    for index in range(number):
        point = place(1900 + 10 * index, 1000)
        keeper = make_organisation(point=point)
        make_facility_records(make_centre(point))
        make_house(point)
        make_stock(make_depot(point, keeper=keeper))
        make_project(make_zone(territory.unbong, territory.jucheon, organisations=[keeper], lead=keeper), point)
        make_proposal(make_round(territory.unbong), location=geos(point), moderation="pending")
        make_policy(east=1900 + 10 * index)
        make_visit(east=1900 + 10 * index)


def tile(zoom: int) -> str:
    """The tile of this zoom in which the records lie, as row and column."""
    point = reproject(place(2000, 1000), STORAGE_SRID, WEB_SRID)
    west, _south, _east, north = tile_bounds(0, 0, 0)
    size = 2 * north / 2**zoom
    return f"{zoom}/{int((north - point.y) // size)}/{int((point.x - west) // size)}"


def bbox() -> str:
    west, south = reproject(place(0, 0), STORAGE_SRID, LONLAT_SRID).coords[0]
    east, north = reproject(place(4000, 4000), STORAGE_SRID, LONLAT_SRID).coords[0]
    return f"{west},{south},{east},{north}"


def readings() -> Iterator[Any]:
    """Addresses with the number of queries they may take, however many records there are."""
    for layer in LAYERS:
        yield pytest.param(f"/records/{layer}/", 12, id=f"list of {layer}")
        yield pytest.param(f"/records/{layer}/export.csv", 12, id=f"export of {layer}")
        yield pytest.param(f"/api/collections/{layer}/items?limit=1000&bbox={bbox()}", 9, id=f"items of {layer}")
        for zoom in (6, 16):
            path = f"/api/collections/{layer}/tiles/WebMercatorQuad/{tile(zoom)}"
            yield pytest.param(path, 6, id=f"z{zoom} tile of {layer}")
    for zoom in (6, 14):
        path = f"/map/counts/?bbox={bbox()}&zoom={zoom}&layers={','.join(LAYERS)}"
        yield pytest.param(path, len(LAYERS) + 6, id=f"counts of the map at z{zoom}")
    yield pytest.param("/", 50, id="home page")
    # One for each layer, and those of the page.
    yield pytest.param("/areas/5219025000/", len(layers.all()) + 50, id="page of an area")


def queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert response.status_code == 200, response.content[:500]
    return [query["sql"] for query in captured.captured_queries]


@dataclass(frozen=True)
class Filled:
    """Many records of everything, and what each address asked for when there were few."""

    territory: Territory
    reader: User
    few: dict[str, list[str]]


@pytest.fixture(scope="module")
def filled(undone_later: None) -> Filled:
    territory = make_territory()
    reader = make_user("reader", (Role.ADMINISTRATOR, None))
    client = signed_in(reader)
    fill(territory, FEW)
    few = {}
    for path in {str(each.values[0]) for each in readings()}:
        client.get(path)
        few[path] = queries(client, path)
    fill(territory, MANY)
    # Else they would be checked again after each test.
    connection.check_constraints()
    return Filled(territory, reader, few)


@pytest.mark.parametrize(("path", "most"), list(readings()))
def test_reading_more_records_takes_no_more_queries(path: str, most: int, filled: Filled) -> None:
    client = signed_in(filled.reader)
    client.get(path)
    many = queries(client, path)
    assert len(many) <= len(filled.few[path]), "\n".join(many)
    assert len(many) <= most, "\n".join(many)


@pytest.mark.parametrize("path", ["/records/vacant-houses/", "/api/collections/vacant-houses/items"])
def test_a_user_of_one_town_costs_no_more_than_a_few_queries_for_the_scope(path: str, filled: Filled) -> None:
    surveyor = make_user("surveyor", (Role.SURVEYOR, filled.territory.unbong))
    for user in (filled.reader, surveyor):
        signed_in(user).get(path)
    assert len(queries(signed_in(surveyor), path)) <= len(queries(signed_in(filled.reader), path)) + 2
