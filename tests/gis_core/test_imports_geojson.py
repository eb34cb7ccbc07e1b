import json
from contextlib import suppress

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from gis_core.imports.errors import ImportProblem
from gis_core.imports.geojson import geometry, read_json
from gis_core.imports.reader import read, require_crs
from tests.gis_core.imports_support import shared

# The file, and a part of the sentence people see. None of these is taken without a word.
HOSTILE = {
    "bad-duplicate-properties": "stands twice",
    "bad-json": "line 3",
    "bad-polygon-interiorring-rhr": "wrong way round",
    "bad-properties-as-array": "row 1, properties",
    "badcoordtype": "row 1, geometry.coordinates[0][0][0]",
    "badfeatureid": "row 1, id",
    "bbox-contains-string": "row 1, geometry.bbox",
    "different-first-last": "row 1, geometry.coordinates[0]: The ring is not closed",
    "excessive_precision_truncated": "row 1: The file is a bare geometry",
    "false": "row 1, geometry.geometries[0]",
    "featurecollection": "needs a list of features",
    "featurecollection-obj": "needs a list of features",
    "geometry_changed_semantics": "row 1, geometry",
    "geometrycollection_single": "row 1: The file is a bare geometry",
    "multipoint-multidimension": "row 1, geometry.coordinates[0]",
    "nofeaturetype": "Featre",
    "point": "row 1, geometry.coordinates: A position needs two numbers",
    "point-labeled-as-a-multipolygon": "row 1, geometry.coordinates[0]",
    "point-toofew": "row 1, geometry.coordinates",
    "rootstring": "not GeoJSON",
    "short-linearring": "needs four positions",
    "stringcoord": "row 1, geometry.coordinates: A coordinate is not a number",
}


@pytest.fixture(autouse=True)
def _english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.parametrize("name", HOSTILE)
def test_wrong_geojson_is_never_taken_without_a_word(name):
    path = shared(f"hostile/geojson-bad/{name}.geojson")
    try:
        source = read(path)
    except ImportProblem as refusal:
        said = str(refusal)
        assert said.startswith(path.name)
    else:
        said = "\n".join(map(str, [*source.problems, *source.warnings]))
    assert HOSTILE[name] in said


def test_every_wrong_file_is_tried():
    folder = shared("hostile/geojson-bad")
    assert {path.stem for path in folder.iterdir()} == set(HOSTILE)


@pytest.mark.parametrize(("name", "count"), [("namwon", 23), ("dangjin", 14)])
def test_the_official_files_are_read_whole(name, count):
    source = read(shared(f"areas/{name}.geojson"))
    assert len(source.rows) == count
    assert source.problems == []
    assert (source.crs.srid, source.crs.how, source.encoding) == (None, "file", "utf-8")
    assert require_crs(source).crs.name == "WGS 84 (CRS84)"
    assert (source.blank_rows, source.duplicate_rows, source.null_geometries) == ([], {}, [])


def features(*parts, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(parts), **members}, ensure_ascii=False)


def feature(shape=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": shape}


POINT = {"type": "Point", "coordinates": [127.4, 35.4]}
SQUARE = mapping(shapely.box(127.4, 35.4, 127.5, 35.5))


def test_a_bad_feature_does_not_hide_the_next_bad_one():
    text = features(
        feature(POINT, n=1),
        feature({"type": "Point", "coordinates": ["a", 1]}),
        feature(POINT, n=3),
        feature({"type": "Pont", "coordinates": [1, 1]}),
    )
    source = read_json(text.encode(), "a.geojson")
    assert [(each.row, each.field) for each in source.problems] == [(2, "geometry.coordinates"), (4, "geometry.type")]
    assert [row.values["n"] for row in source.rows] == ["1", "3"]
    with pytest.raises(ImportProblem, match="row 4"):
        source.require_clean()


@pytest.mark.parametrize(
    "text",
    [
        "[NaN]",
        '{"type": "Point", "coordinates": [NaN, 1]}',
        '{"type":"Point","coordinates":[1e999,1]}',
        "[" * 100_000,
        '"x',
        "",
        "{}",
        "7",
        "[]",
    ],
)
def test_text_that_is_no_geojson_is_refused_with_a_sentence(text, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(ImportProblem, match=r"^a\.geojson: "):
        read(path).require_clean()


def test_a_feature_without_geometry_is_counted():
    source = read_json(features(feature(POINT, a="x"), feature(None, a="y")).encode(), "a.geojson")
    assert source.null_geometries == [2]


def test_the_same_feature_twice_is_counted_as_a_duplicate():
    source = read_json(
        features(feature(POINT, a="x"), feature(POINT, a="y"), feature(POINT, a="x")).encode(), "a.geojson"
    )
    assert source.duplicate_rows == {3: 1}


def test_values_come_as_a_person_would_type_them():
    source = read_json(
        features(feature(POINT, a=1.0, b=None, c=True, d=[1, "가"], e=" x ", f=0.5)).encode(), "a.geojson"
    )
    assert source.rows[0].values == {"a": "1", "b": "", "c": "true", "d": '[1, "가"]', "e": "x", "f": "0.5"}


def test_features_with_different_properties_have_all_columns():
    source = read_json(features(feature(POINT, a="x"), feature(POINT, b="y")).encode(), "a.geojson")
    assert [row.values for row in source.rows] == [{"a": "x", "b": ""}, {"a": "", "b": "y"}]


def test_old_geojson_may_name_its_reference_system():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5186"}}
    source = read_json(
        features(feature({"type": "Point", "coordinates": [227000, 330000]}), crs=crs).encode(), "a.geojson"
    )
    assert (source.crs.srid, source.crs.how) == (5186, "file")


def test_geojson_in_metres_without_a_reference_system_is_not_taken_for_degrees():
    source = read_json(
        features(feature({"type": "Point", "coordinates": [955000, 1700000]}, a=1)).encode(), "a.geojson"
    )
    assert source.crs is None
    with pytest.raises(ImportProblem, match="EPSG:5179"):
        require_crs(source)


def test_exchanged_coordinates_are_pointed_out(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(features(feature({"type": "Point", "coordinates": [35.4, 127.4]})))
    assert "exchanged" in str(read(path).warnings[-1])


def test_cp949_geojson_is_read(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(features(feature(POINT, 이름="운봉읍")).encode("cp949"))
    source = read(path)
    assert source.rows[0].values == {"이름": "운봉읍"}
    assert source.encoding == "cp949"


def test_text_that_was_garbled_before_is_pointed_out(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        features(feature(POINT, name="운봉읍".encode("cp949").decode("latin-1")), feature(POINT, name="운�읍"))
    )
    assert [warning.row for warning in read(path).warnings] == [1, 2]


def test_text_that_the_database_cannot_keep_is_a_problem(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"Feature","properties":{"a":"x\\u0000","b":"\\ud800"},"geometry":null}')
    assert [each.field for each in read(path).problems] == ["a", "b"]


TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [127, 35]},
    "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]],
    "objects": {
        "towns": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "서"}},
                {"type": "Polygon", "arcs": [[2, -1]], "properties": {"name": "동"}},
            ],
        }
    },
}


def test_topojson_is_put_together_from_its_arcs(tmp_path):
    path = tmp_path / "a.topojson"
    path.write_text(json.dumps(TOPOLOGY, ensure_ascii=False))
    source = read(path)
    west, east = (row.geometry for row in source.rows)
    assert (source.format, source.layer, source.problems) == ("TopoJSON", "towns", [])
    assert west.normalize().equals_exact(shapely.box(127, 35, 127.1, 35.1).normalize(), 1e-9)
    assert east.normalize().equals_exact(shapely.box(127.1, 35, 127.2, 35.1).normalize(), 1e-9)


@pytest.mark.parametrize("arcs", [[[9]], [["x"]], None, [[]], [[0]], 3])
def test_topojson_with_arcs_that_are_not_there_names_the_row(arcs):
    broken = json.loads(json.dumps(TOPOLOGY))
    broken["objects"]["towns"]["geometries"][1]["arcs"] = arcs
    source = read_json(json.dumps(broken).encode(), "a.json")
    assert [each.row for each in source.problems] == [2]


@pytest.mark.parametrize(
    "change",
    [
        {"arcs": 3},
        {"arcs": [["x"]]},
        {"objects": {}},
        {"objects": []},
        {"objects": {"a": {}, "b": {}}},
        {"transform": {}},
    ],
)
def test_a_broken_topology_is_refused(change):
    with pytest.raises(ImportProblem):
        read_json(json.dumps(TOPOLOGY | change).encode(), "a.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
kinds = st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "MultiLineString"])


@given(json_values)
def test_no_value_makes_the_reader_stumble(value):
    with suppress(ImportProblem):
        geometry(value)


@given(kinds, json_values)
def test_no_coordinates_make_the_reader_stumble(kind, value):
    with suppress(ImportProblem):
        geometry({"type": kind, "coordinates": value})


@given(st.lists(st.tuples(st.floats(124, 132), st.floats(33, 39)), min_size=3, max_size=12, unique=True))
def test_what_shapely_writes_is_read_back_exactly(positions):
    for shape in (shapely.Polygon(positions), shapely.MultiPoint(positions), shapely.LineString(positions)):
        again = geometry(json.loads(json.dumps(mapping(shape))))
        assert again.equals_exact(shape)
