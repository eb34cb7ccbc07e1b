"""GIS programs read the API through GDAL's own driver: what QGIS and ogr2ogr do."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from tests import factories
from tests.factories import geos, make_centre, make_house, make_houses, place, square

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not installed (gdal-bin)"),
]


def run(*command, **options):
    """Run a GDAL program without asking any proxy of this machine."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env={**environment, "NO_PROXY": "*"}, **options
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def copy(server, user, layer, target, *options):
    """The rows of a layer that ogr2ogr copied into a GeoPackage, by feature id."""
    run(
        "ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{server.url}/api", layer, "-nln", "copied",
        "-oo", f"USERPWD={user.username}:{factories.PASSWORD}", "-oo", "PAGE_SIZE=7", *options,
    )  # fmt: skip
    with sqlite3.connect(target) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute("SELECT * FROM copied ORDER BY fid")]


def test_ogrinfo_reads_all_areas_without_signing_in(live_server, territory):
    listed = run("ogrinfo", "-ro", f"OAPIF:{live_server.url}/api")
    assert "areas" in listed
    told = run("ogrinfo", "-ro", "-so", f"OAPIF:{live_server.url}/api", "areas")
    assert "Feature Count: 8" in told
    read = run("ogrinfo", "-ro", "-al", "-geom=SUMMARY", f"OAPIF:{live_server.url}/api", "areas")
    assert read.count("OGRFeature(areas)") == 8
    for name in ("전북특별자치도", "운봉읍", "순창읍", "5219025000"):
        assert name in read


@pytest.mark.parametrize("layer", ["centres", "vacant-houses"])
def test_ogr2ogr_copies_every_feature_and_attribute_with_a_planners_password(
    live_server, territory, planner, layer, tmp_path
):
    for x in range(0, 3800, 190):
        make_centre(
            place(x, 50), name=f"센터 {x}", staff=x, opened_on="1990-07-01", gross_floor_area_m2="1234.50",
            footprint=geos(square(x, 40, 20)), note="두 줄\n메모",
        )  # fmt: skip
        make_house(place(x, 60), grade="2", note=f"메모 {x}")
    import json

    from gis_core.layers.registry import layers
    from gis_core.layers.sql import feature_page

    declared = layers.get(layer)
    page = feature_page(declared, declared.queryset(planner).order_by("pk"), declared.visible_properties(planner))
    expected = json.loads(f"[{page.features}]")
    rows = copy(live_server, planner, layer, tmp_path / "copy.gpkg")
    assert len(rows) == len(expected) == 20
    key = {"centres": "name", "vacant-houses": "pnu"}[layer]
    by_key = {row[key]: row for row in rows}
    for feature in expected:
        row = by_key[feature["properties"][key]]
        for name, value in feature["properties"].items():
            assert name in row, name
            if isinstance(value, dict):
                assert json.loads(row[name])["type"] == value["type"]
            else:
                assert (row[name] or None) == (value or None), name


def test_a_box_given_to_ogr2ogr_holds_what_the_database_says(live_server, territory, planner, tmp_path):
    make_houses([place(x + 0.5, y + 0.5) for x in range(0, 6000, 400) for y in range(0, 4000, 400)])
    boxes = [(127.3935, 35.388, 127.4207, 35.409), (127.40, 35.39, 127.44, 35.40), (126, 34, 126.5, 34.5)]
    for number, corners in enumerate(boxes):
        rows = copy(live_server, planner, "vacant-houses", tmp_path / f"{number}.gpkg", "-spat", *map(str, corners))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pnu FROM vacanthouses_vacanthouse WHERE"
                " ST_Intersects(ST_Transform(location, 4326), ST_MakeEnvelope(%s, %s, %s, %s, 4326))",
                corners,
            )
            expected = {pnu for (pnu,) in cursor.fetchall()}
        assert {row["pnu"] for row in rows} == expected
        assert bool(expected) == (number < 2)


def test_a_filter_on_an_attribute_holds_what_it_should(live_server, territory, planner, tmp_path):
    for grade in ("1", "1", "2", "3"):
        make_house(place(50, 50), grade=grade)
    rows = copy(live_server, planner, "vacant-houses", tmp_path / "copy.gpkg", "-where", "grade = '1'")
    assert [row["grade"] for row in rows] == ["1", "1"]


def test_a_viewers_password_copies_no_vacant_house(live_server, territory, viewer, tmp_path):
    make_house()
    listed = run("ogrinfo", "-ro", f"OAPIF:{live_server.url}/api", "-oo", f"USERPWD=viewer:{factories.PASSWORD}")
    assert "vacant-houses" not in listed
    assert "centres" in listed


READ = """
import sys, pyogrio
if "OAPIF" not in pyogrio.list_drivers():
    sys.exit("no driver")
_meta, _index, geometries, fields = pyogrio.raw.read(sys.argv[1], layer="areas")
print(len(geometries), *(name for column in fields for name in column if name == "운봉읍"))
"""


def test_the_driver_of_our_own_wheel_reads_areas_too(live_server, territory):
    # In a process of its own: the library keeps the interpreter's lock while it waits for our server.
    done = subprocess.run(
        [sys.executable, "-c", READ, f"OAPIF:{live_server.url}/api"],
        capture_output=True, text=True, timeout=60, env={**os.environ, "NO_PROXY": "*"},
    )  # fmt: skip
    if done.stderr.strip() == "no driver":
        pytest.skip("this wheel's GDAL has no OAPIF driver")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["8", "운봉읍"]
