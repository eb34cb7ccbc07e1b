"""A plan that goes out through an exchange format and comes back is the same plan."""

from dataclasses import replace
from types import ModuleType

import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from facilities.exchange import geojson, imdf, indoorgml
from facilities.exchange.meta import Meta
from facilities.exchange.report import DUPLICATE_KEY, INVALID_SHAPE, NEW_KEY, REPAIRED_SHAPE, UNKNOWN_CATEGORY
from facilities.plan.document import Document, Unit
from tests.facilities.exchange_documents import FRAME, META, codes, documents, metas, rich, unlike
from tests.facilities.factories_plans import make_document

FORMATS = pytest.mark.parametrize("format_", [imdf, indoorgml, geojson], ids=["IMDF", "IndoorGML", "GeoJSON"])
# What must never be said of a file that we wrote ourselves.
UNSOUND = {DUPLICATE_KEY, INVALID_SHAPE, NEW_KEY, REPAIRED_SHAPE, UNKNOWN_CATEGORY, "text_cut", "unknown_value"}
slowly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FORMATS
def test_a_plan_comes_back_as_it_went_out(format_: ModuleType) -> None:
    document = rich()
    imported = format_.read(format_.write(document, META))
    assert unlike(document, imported.document) == []
    assert imported.frame == FRAME
    assert not UNSOUND & set(codes(imported))


@FORMATS
@slowly
@given(documents(), metas())
def test_any_plan_of_any_building_comes_back(format_: ModuleType, document: Document, meta: Meta) -> None:
    imported = format_.read(format_.write(document, meta))
    assert unlike(document, imported.document) == []
    assert not UNSOUND & set(codes(imported))


@FORMATS
@slowly
@given(documents(), metas())
def test_areas_come_back_to_a_millionth(format_: ModuleType, document: Document, meta: Meta) -> None:
    back = format_.read(format_.write(document, meta)).document
    for unit in document.units:
        other: Unit = back.get("units", unit.key)
        assert other.geometry.area == pytest.approx(unit.geometry.area, rel=1e-6)
        assert shapely.hausdorff_distance(other.geometry, unit.geometry) < 1e-4


@slowly
@given(documents())
def test_a_plan_survives_a_journey_through_every_format(document: Document) -> None:
    travelling = document
    for format_ in (imdf, geojson, indoorgml, imdf):
        travelling = format_.read(format_.write(travelling, META)).document
    assert unlike(document, travelling) == []


@FORMATS
def test_a_plan_read_into_another_building_stands_where_it_stood_in_the_world(format_: ModuleType) -> None:
    if format_ is indoorgml:
        pytest.skip("IndoorGML is in the building's own metres")
    document = rich()
    moved = replace(FRAME, anchor_x=FRAME.anchor_x - 40, anchor_y=FRAME.anchor_y + 15, rotation=10)
    back = format_.read(format_.write(document, META), format_.Options(frame=moved)).document
    for unit in document.units:
        here = FRAME.to_world(unit.geometry)
        there = moved.to_world(back.get("units", unit.key).geometry)
        assert shapely.hausdorff_distance(here, there) < 1e-3


@FORMATS
def test_a_large_plan_of_640_rooms_goes_round(format_: ModuleType) -> None:
    document = make_document(16, 10, 4, wall=0.2)
    assert len(document.units) > 640
    assert unlike(document, format_.read(format_.write(document, META)).document) == []


@FORMATS
def test_writing_the_same_plan_twice_gives_the_same_file(format_: ModuleType) -> None:
    first, second = (format_.write(rich(), META) for _ in range(2))
    # A zip states when each of its files was packed.
    assert len(first) == len(second) if format_ is imdf else first == second
