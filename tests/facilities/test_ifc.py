"""IFC models: storeys, spaces and doors. Without the optional extra ``ifcopenshell`` only the refusal is tested."""

import io
import zipfile
from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from facilities.exchange import ifc
from facilities.exchange.report import ImportRefused
from facilities.plan.document import EMPLOYEES_ONLY, OPEN
from tests.facilities.exchange_documents import codes

installed = pytest.mark.skipif(
    find_spec("ifcopenshell") is None, reason="ifcopenshell (the optional extra `ifc`) is not installed"
)


def test_without_the_package_an_ifc_file_is_refused_with_the_packages_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ifc, "is_installed", lambda: False)
    with pytest.raises(ImportRefused) as refused:
        ifc.read(b"ISO-10303-21;")
    assert (refused.value.code, refused.value.params) == ("ifc_not_installed", {"package": "ifcopenshell"})


class Model:
    """An IFC4 model in millimetres, built by hand; shapes are in metres."""

    def __init__(self) -> None:
        self.api: Any = SimpleNamespace(**{name: import_module(f"ifcopenshell.api.{name}") for name in _APIS})
        self.file = self.api.project.create_file(version="IFC4")
        project = self._make("IfcProject", "P")
        unit = self.api.unit.add_si_unit(self.file, unit_type="LENGTHUNIT", prefix="MILLI")
        self.api.unit.assign_unit(self.file, units=[unit])
        model = self.api.context.add_context(self.file, context_type="Model")
        self.body = self.api.context.add_context(
            self.file, context_type="Model", context_identifier="Body", target_view="MODEL_VIEW", parent=model
        )
        self.site = self._make("IfcSite", "S")
        self._put(self.site, project)

    def _make(self, type_: str, name: str) -> Any:
        return self.api.root.create_entity(self.file, ifc_class=type_, name=name)

    def _put(self, part: Any, whole: Any) -> None:
        self.api.aggregate.assign_object(self.file, products=[part], relating_object=whole)

    def building(self, name: str) -> Any:
        found = self._make("IfcBuilding", name)
        self._put(found, self.site)
        return found

    def storey(self, building: Any, name: str, elevation: float) -> Any:
        found = self._make("IfcBuildingStorey", name)
        found.Elevation = elevation * 1000
        self._put(found, building)
        return found

    def _body(self, element: Any, shape: Polygon, z: float, height: float, turn: float) -> None:
        points = [self.file.createIfcCartesianPoint((x * 1000, y * 1000)) for x, y in shape.exterior.coords]
        profile = self.file.createIfcArbitraryClosedProfileDef("AREA", None, self.file.createIfcPolyline(points))
        body = self.api.geometry.add_profile_representation(self.file, context=self.body, profile=profile, depth=height)
        self.api.geometry.assign_representation(self.file, product=element, representation=body)
        matrix = np.eye(4)
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        matrix[:2, :2] = [[c, -s], [s, c]]
        matrix[2, 3] = z
        self.api.geometry.edit_object_placement(self.file, product=element, matrix=matrix)

    def properties(self, element: Any, name: str, **values: Any) -> None:
        found = self.api.pset.add_pset(self.file, product=element, name=name)
        self.api.pset.edit_pset(self.file, pset=found, properties=values)

    def space(self, storey: Any, shape: Polygon, name: str, long_name: str = "", turn: float = 0.0) -> Any:
        found = self._make("IfcSpace", name)
        found.LongName = long_name or None
        self._put(found, storey)
        self._body(found, shape, (storey.Elevation or 0) / 1000, 2.7, turn)
        return found

    def door(self, storey: Any, shape: Polygon, width: float, name: str, turn: float = 0.0) -> Any:
        found = self._make("IfcDoor", name)
        found.OverallWidth = width * 1000
        self.api.spatial.assign_container(self.file, products=[found], relating_structure=storey)
        self._body(found, shape, (storey.Elevation or 0) / 1000, 2.1, turn)
        return found

    def bytes(self) -> bytes:
        return bytes(self.file.to_string(), "utf-8")


_APIS = ("project", "root", "unit", "context", "aggregate", "geometry", "pset", "spatial")


def centre(turn: float = 0.0) -> Model:
    model = Model()
    building = model.building("주민센터")
    upper = model.storey(building, "2층", 3.6)
    ground = model.storey(building, "1층", 0.0)
    hall = model.space(ground, Polygon([(0, 0), (8, 0), (8, 3), (5, 3), (5, 6), (0, 6)]), "101", "민원실", turn)
    model.properties(hall, "Pset_SpaceCommon", PubliclyAccessible=True)
    office = model.space(ground, box(8.2, 0, 12, 6), "102", "사무실", turn)
    model.properties(office, "Pset_SpaceCommon", PubliclyAccessible=False)
    model.properties(office, "Pset_SpaceOccupancyRequirements", OccupancyNumber=7)
    model.space(ground, box(5.2, 3.2, 8, 6), "계단실", turn=turn)
    model.space(upper, box(5.2, 3.2, 8, 6), "계단실", turn=turn)
    model.door(ground, box(8.0, 1, 8.2, 1.9), 0.9, "문", turn)
    # A leaf that stands open takes up more than its doorway.
    way_in = model.door(
        ground, Polygon([(2, -0.2), (3.0, -0.2), (3.0, 0), (2.1, 0), (2.1, -0.1), (2, -0.1)]), 0.8, "현관", turn
    )
    model.properties(way_in, "Pset_DoorCommon", HandicapAccessible=False)
    return model


@installed
def test_spaces_become_rooms_with_their_names_use_restriction_and_places() -> None:
    imported = ifc.read(centre().bytes())
    document = imported.document
    rooms = {unit.name_ko: unit for unit in document.units if unit.name_ko != "계단실"}
    assert set(rooms) == {"민원실", "사무실"}
    assert shapely.symmetric_difference(
        rooms["민원실"].geometry, Polygon([(0, 0), (8, 0), (8, 3), (5, 3), (5, 6), (0, 6)])
    ).area == pytest.approx(0, abs=1e-6)
    assert (rooms["민원실"].category, rooms["민원실"].number, rooms["민원실"].restriction) == ("lobby", "101", OPEN)
    assert (rooms["사무실"].category, rooms["사무실"].desks) == ("office", 7)
    assert rooms["사무실"].restriction == EMPLOYEES_ONLY


@installed
def test_storeys_become_levels_and_stairs_above_one_another_a_shaft() -> None:
    document = ifc.read(centre().bytes()).document
    levels = [(level.ordinal, level.name, level.height_m) for level in document.levels]
    assert levels == [(0, "1층", 3.6), (1, "2층", 2.7)]
    stairs = [unit for unit in document.units if unit.name_ko == "계단실"]
    assert [(unit.category, unit.shaft) for unit in stairs] == [("stairs", "S1")] * 2


@installed
def test_doors_become_openings_as_wide_as_they_are() -> None:
    document = ifc.read(centre().bytes()).document
    doors = {opening.name: opening for opening in document.openings}
    assert doors["문"].width_m == pytest.approx(0.9, abs=1e-3)
    assert shapely.equals_exact(
        shapely.normalize(doors["문"].geometry), shapely.LineString([(8.1, 1), (8.1, 1.9)]), 1e-3
    )
    assert doors["현관"].width_m == pytest.approx(0.8, abs=1e-3)
    assert (doors["현관"].entrance, doors["문"].entrance) == (True, False)
    assert (doors["현관"].step_free, doors["문"].step_free) == (False, True)


@installed
def test_keys_are_the_models_own_and_stay_the_same() -> None:
    data = centre().bytes()
    one, two = ifc.read(data).document, ifc.read(data).document
    assert [unit.key for unit in one.units] == [unit.key for unit in two.units]
    assert [level.key for level in one.levels] == [level.key for level in two.levels]


@installed
def test_a_building_that_stands_askew_is_turned_square_to_its_walls() -> None:
    imported = ifc.read(centre(turn=27).bytes())
    assert imported.rotation == pytest.approx(27, abs=1e-3)
    hall = next(unit for unit in imported.document.units if unit.name_ko == "민원실")
    assert hall.geometry.envelope.area == pytest.approx(48, abs=1e-3)
    assert codes(imported)["moved"] == 1


@installed
def test_of_several_buildings_one_has_to_be_chosen() -> None:
    model = centre()
    annex = model.building("별관")
    model.space(model.storey(annex, "1층", 0.0), box(0, 0, 5, 5), "창고")
    with pytest.raises(ImportRefused) as refused:
        ifc.read(model.bytes())
    assert refused.value.code == "ifc.choose_building"
    choices = {each["name"]: each["id"] for each in refused.value.params["buildings"]}
    document = ifc.read(model.bytes(), ifc.Options(building=choices["별관"])).document
    assert [unit.category for unit in document.units] == ["storage"]


@installed
def test_a_zipped_model_is_read() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("model.ifc", centre().bytes())
    assert len(ifc.read(data.getvalue()).document.units) == 4


@installed
def test_models_without_spaces_and_files_that_are_none_are_refused() -> None:
    model = Model()
    model.storey(model.building("빈 건물"), "1층", 0.0)
    for data, code in (
        (b"", "empty"),
        (b"hello", "not_this_format"),
        (b"PK\x03\x04", "broken"),
        (b"ISO-10303-21;\nrubbish", "broken"),
        (model.bytes(), "ifc.no_spaces"),
    ):
        with pytest.raises(ImportRefused) as refused:
            ifc.read(data)
        assert refused.value.code == code


@installed
def test_a_model_that_is_cut_off_gives_what_is_left_of_it_or_is_refused() -> None:
    whole = centre().bytes()
    for share in range(1, 8):
        try:
            imported = ifc.read(whole[: len(whole) * share // 8])
        except ImportRefused as error:
            assert error.code
        else:
            assert len(imported.document.units) <= 4


@installed
def test_a_space_without_a_body_is_left_out_and_counted() -> None:
    model = centre()
    space = model._make("IfcSpace", "유령")
    model._put(space, model.file.by_type("IfcBuildingStorey")[0])
    imported = ifc.read(model.bytes())
    assert len(imported.document.units) == 4
    assert codes(imported)["invalid_shape"] == 1
