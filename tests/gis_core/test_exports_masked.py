"""Files without a reason: no personal data, no place by which a door is found; and the formats of GIS programs."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from gis_core.exports import vectors
from gis_core.exports.masking import CELL_M
from gis_core.layers.registry import layers
from gis_core.models import PersonalDataAccess, User
from tests.factories import Territory, geos, make_house, make_houses, make_organisation, place, square
from tests.gis_core.pages_support import signed_in, text

FORMATS = ("csv", "geojson", "xlsx", "gpkg", "shp")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def opened(raw: bytes, folder: Path, name: str) -> Path:
    """The file as a GIS program finds it on disk."""
    path = folder / f"file.{name}"
    path.write_bytes(raw)
    if name != "shp":
        return path
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "shp")
    return next((folder / "shp").glob("vacant-houses.shp"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csv", "geojson", "gpkg"])
def test_a_file_without_a_reason_tells_no_address_and_is_not_noted(
    manager: User, territory: Territory, name: str
) -> None:
    make_house(place(512, 537), address="남원시 운봉읍 서천리 7", pnu="5219025021100070000", grade="2")
    raw = body(signed_in(manager, "en").get(f"/records/vacant-houses/export.{name}"))
    assert "서천리".encode() not in raw
    assert b"5219025021100070000" not in raw
    assert not PersonalDataAccess.objects.exists()


@pytest.mark.django_db
def test_the_place_of_a_file_without_a_reason_is_the_middle_of_a_cell(
    manager: User, territory: Territory, tmp_path: Path
) -> None:
    make_house(place(512, 537), parcel=geos(square(505, 530, 12)))
    raw = body(signed_in(manager).get("/records/vacant-houses/export.gpkg"))
    path = opened(raw, tmp_path, "gpkg")
    assert [name for name, _kind in pyogrio.list_layers(path)] == ["vacant-houses"], "the parcel would tell the door"
    shape = shapely.from_wkb(pyogrio.raw.read(path)[2][0])
    assert (shape.x % CELL_M, shape.y % CELL_M) == (CELL_M / 2, CELL_M / 2)
    assert shape.distance(place(512, 537)) <= CELL_M * 0.71
    feature = json.loads(body(signed_in(manager).get("/records/vacant-houses/export.geojson")))["features"][0]
    assert "parcel" not in feature["properties"]


@pytest.mark.django_db
def test_a_reason_gives_everything_and_is_kept_with_the_name(
    manager: User, territory: Territory, tmp_path: Path
) -> None:
    make_house(place(512, 537), address="남원시 운봉읍 서천리 7", parcel=geos(square(505, 530, 12)), grade="2")
    answer = signed_in(manager).post("/records/vacant-houses/export.gpkg", {"reason": "정비계획 수립"})
    path = opened(body(answer), tmp_path, "gpkg")
    assert {name for name, _kind in pyogrio.list_layers(path)} == {"vacant-houses", "vacant-houses-parcel"}
    meta, _ids, shapes, columns = pyogrio.raw.read(path, layer="vacant-houses")
    found = dict(zip(meta["fields"], (column[0] for column in columns), strict=True))
    assert (found["address"], found["grade"]) == ("남원시 운봉읍 서천리 7", "2")
    assert "5179" in meta["crs"]
    assert shapely.from_wkb(shapes[0]).distance(place(512, 537)) < 0.001
    noted = PersonalDataAccess.objects.get()
    assert (noted.action, noted.count) == ("export gpkg", 1)
    assert noted.detail.startswith("정비계획 수립")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "    ", "abc"])
def test_personal_data_without_a_reason_is_refused(manager: User, territory: Territory, reason: str) -> None:
    make_house()
    refused = signed_in(manager, "en").post("/records/vacant-houses/export.csv", {"reason": reason})
    assert refused.status_code == 422
    assert "noted with your name" in text(refused)
    assert not PersonalDataAccess.objects.exists()


@pytest.mark.django_db
def test_those_who_see_no_personal_data_get_none_for_any_reason(viewer: User, territory: Territory) -> None:
    make_organisation(contact_name="홍담당", contact_phone="063-111-2222")
    raw = body(signed_in(viewer).post("/records/organisations/export.csv", {"reason": "a good reason"}))
    assert b"063-111-2222" not in raw
    assert not PersonalDataAccess.objects.exists()


@pytest.mark.django_db
def test_a_shapefile_tells_its_short_names_and_what_it_had_to_cut(
    manager: User, territory: Territory, tmp_path: Path
) -> None:
    make_house(place(500, 500), note="가" * 120, built_year=None, found_on=date(2024, 5, 1))
    make_house(place(900, 500), note="짧음", built_year=1971)
    answer = signed_in(manager, "en").post("/records/vacant-houses/export.shp", {"reason": "for the GIS team"})
    assert answer["Content-Disposition"].endswith('-shp.zip"')
    path = opened(body(answer), tmp_path, "shp")
    meta, _ids, shapes, columns = pyogrio.raw.read(path)
    rows = dict(zip(meta["fields"], columns, strict=True))
    assert list(rows["note"]) == ["가" * 84, "짧음"]
    assert str(rows["found_on"][0])[:10] == "2024-05-01"
    assert len(shapes) == 2
    about = (path.parent / "README.txt").read_text(encoding="utf-8-sig")
    assert "1 texts are longer" in about
    assert all(len(name) <= 10 for name in meta["fields"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["gpkg", "shp"])
def test_files_for_gis_programs_hold_every_page_of_records(
    manager: User, territory: Territory, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "PAGE", 7)
    make_houses(place(10 * number, 10) for number in range(21))
    raw = body(signed_in(manager).get(f"/records/vacant-houses/export.{name}"))
    assert pyogrio.read_info(opened(raw, tmp_path, name))["features"] == 21


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["gpkg", "shp"])
def test_nothing_filtered_is_a_file_without_features(
    manager: User, territory: Territory, tmp_path: Path, name: str
) -> None:
    raw = body(signed_in(manager).get(f"/records/vacant-houses/export.{name}"))
    assert pyogrio.read_info(opened(raw, tmp_path, name))["features"] == 0


@pytest.mark.django_db
def test_unknown_numbers_stay_unknown_in_a_geopackage(manager: User, territory: Territory, tmp_path: Path) -> None:
    make_organisation("기관", place(500, 500))
    raw = body(signed_in(manager).get("/records/organisations/export.gpkg"))
    path = opened(raw, tmp_path, "gpkg")
    assert pyogrio.read_info(path)["features"] == 1
    rows = csv.DictReader(
        io.StringIO(body(signed_in(manager).get("/records/organisations/export.csv")).decode("utf-8-sig"))
    )
    assert len(list(rows)) == 1


@pytest.mark.django_db
def test_who_sees_no_personal_data_gets_no_exact_place_either(
    viewer: User, territory: Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = layers.get("organisations")
    open_to_all = replace(layer, place_is_personal=True)
    monkeypatch.setitem(layers._layers, "organisations", open_to_all)
    make_organisation("기관", place(512, 537))
    for send in ("get", "post"):
        answer = getattr(signed_in(viewer), send)("/records/organisations/export.gpkg", {"reason": "a good reason"})
        shape = shapely.from_wkb(pyogrio.raw.read(opened(body(answer), tmp_path, "gpkg"))[2][0])
        assert (shape.x % CELL_M, shape.y % CELL_M) == (CELL_M / 2, CELL_M / 2), send
