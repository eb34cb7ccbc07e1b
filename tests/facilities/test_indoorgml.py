"""IndoorGML: cells, boundaries, the graph and its layers on the way out; other people's buildings on the way in."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
import shapely
from defusedxml.ElementTree import fromstring
from shapely import Point

from facilities.exchange import indoorgml
from facilities.exchange.indoorgml_write import CORE, GML, NAVI, XLINK
from facilities.exchange.meta import CannotExport
from facilities.exchange.report import ImportRefused
from facilities.plan.document import Document, Level
from gis_core.crs import LONLAT_SRID, STORAGE_SRID, reproject
from tests.facilities.exchange_documents import FRAME, META, SAMPLES, codes, rich
from tests.facilities.factories_plans import key

ID, HREF = f"{{{GML}}}id", f"{{{XLINK}}}href"
SPACES = {"gml": GML, "core": CORE, "navi": NAVI}


def written(document: Document | None = None) -> Element:
    root: Element = fromstring(indoorgml.write(document or rich(), META))
    return root


def ids(elements: Iterable[Element]) -> set[str]:
    return {element.get(ID, "") for element in elements}


def targets(element: Element, name: str) -> list[str]:
    return [each.get(HREF, "").removeprefix("#") for each in element.findall(f"core:{name}", SPACES)]


def test_every_id_is_used_once_and_every_link_leads_somewhere() -> None:
    root = written()
    found = [element.get(ID) for element in root.iter() if element.get(ID)]
    assert len(found) == len(set(found))
    linked = {element.get(HREF, "").removeprefix("#") for element in root.iter() if element.get(HREF)}
    assert linked <= set(found)


def test_rooms_are_general_spaces_and_ways_are_transition_spaces() -> None:
    document = rich()
    root = written(document)
    ways = {unit.key for unit in document.units if unit.category in {"walkway", "stairs", "elevator"}}
    rooms = {unit.key for unit in document.units} - ways
    assert ids(root.iter(f"{{{NAVI}}}TransitionSpace")) == {f"C-{each}" for each in ways}
    assert ids(root.iter(f"{{{NAVI}}}GeneralSpace")) == {f"C-{each}" for each in rooms}


def test_matter_and_voids_are_cells_nobody_walks_in() -> None:
    document = rich()
    column = replace(document.units[4], category="column")
    root = written(replace(document, units=(*document.units[:4], column, *document.units[5:])))
    assert ids(root.iter(f"{{{CORE}}}CellSpace")) == {f"C-{column.key}"}


def test_doors_between_rooms_are_connections_and_the_entrance_is_an_anchor() -> None:
    document = rich()
    root = written(document)
    assert len(ids(root.iter(f"{{{NAVI}}}ConnectionBoundary"))) == len(document.openings) - 1
    entrance = next(opening.key for opening in document.openings if opening.entrance)
    assert ids(root.iter(f"{{{NAVI}}}AnchorBoundary")) == {f"B-{entrance}"}


def test_the_graph_joins_the_rooms_that_openings_join_and_the_levels_of_a_shaft() -> None:
    document = rich()
    layer = next(each for each in written(document).iter(f"{{{CORE}}}SpaceLayer") if each.get(ID) == "L-all")
    assert layer.findtext("core:class", namespaces=SPACES) == "TOPOGRAPHIC"
    assert len(list(layer.iter(f"{{{CORE}}}State"))) == len(document.units)
    edges = list(layer.iter(f"{{{CORE}}}Transition"))
    through = [edge for edge in edges if targets(edge, "duality")]
    # All openings but the entrance; a lift and stairs between two levels.
    assert (len(through), len(edges) - len(through)) == (len(document.openings) - 1, 2)
    states = ids(layer.iter(f"{{{CORE}}}State"))
    assert all(set(targets(edge, "connects")) <= states and len(targets(edge, "connects")) == 2 for edge in edges)
    connected = {each for state in layer.iter(f"{{{CORE}}}State") for each in targets(state, "connects")}
    assert connected == ids(edges)
    assert all(float(edge.findtext("core:weight", "0", SPACES)) > 0.5 for edge in edges)


def test_open_and_closed_rooms_are_two_layers_tied_to_the_first() -> None:
    document = rich()
    root = written(document)
    layers = {each.get(ID, ""): each for each in root.iter(f"{{{CORE}}}SpaceLayer")}
    assert set(layers) == {"L-all", "L-open", "L-closed"}
    closed = {unit.key for unit in document.units if not unit.is_open}
    assert ids(layers["L-closed"].iter(f"{{{CORE}}}State")) == {f"closed-S-{each}" for each in closed}
    assert len(list(layers["L-open"].iter(f"{{{CORE}}}State"))) == len(document.units) - len(closed)
    assert layers["L-open"].findtext("core:class", namespaces=SPACES) == "LOGICAL"
    # Only one room is closed, so no door joins two closed rooms.
    assert not list(layers["L-closed"].iter(f"{{{CORE}}}Transition"))
    ties = list(root.iter(f"{{{CORE}}}InterLayerConnection"))
    assert len(ties) == len(document.units)
    assert all(len(targets(tie, "interConnects")) == len(targets(tie, "ConnectedLayers")) == 2 for tie in ties)


def test_a_plan_without_a_room_cannot_be_written() -> None:
    with pytest.raises(CannotExport, match="empty"):
        indoorgml.write(Document(levels=(Level(key("level"), 0),)), META)


# Files of other programs


def ring(points: Iterable[tuple[float, ...]]) -> str:
    positions = "".join(f"<gml:pos>{' '.join(map(str, point))}</gml:pos>" for point in points)
    return f"<gml:LinearRing>{positions}</gml:LinearRing>"


def face(points: Sequence[tuple[float, ...]], id_: str = "") -> str:
    name = f' gml:id="{id_}"' if id_ else ""
    return f"<gml:Polygon{name}><gml:exterior>{ring([*points, points[0]])}</gml:exterior></gml:Polygon>"


def solid(x0: float, y0: float, x1: float, y1: float, z: float = 0.0, height: float = 3.0) -> str:
    """A box of which the floor is neither the first nor the last face."""
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    sides = [
        [(*a, z), (*b, z), (*b, z + height), (*a, z + height)]
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    faces = [[(*at, z + height) for at in corners], *sides[:2], [(*at, z) for at in corners], *sides[2:]]
    members = "".join(f"<gml:surfaceMember>{face(each)}</gml:surfaceMember>" for each in faces)
    body = f"<gml:Solid><gml:exterior><gml:Shell>{members}</gml:Shell></gml:exterior></gml:Solid>"
    return f"<core:cellSpaceGeometry><core:Geometry3D>{body}</core:Geometry3D></core:cellSpaceGeometry>"


def cell(id_: str, shape: str, type_: str = "navi:GeneralSpace", name: str = "", description: str = "") -> str:
    told = f"<gml:description>{description}</gml:description><gml:name>{name}</gml:name>"
    return f'<core:cellSpaceMember><{type_} gml:id="{id_}">{told}{shape}</{type_}></core:cellSpaceMember>'


def boundary(
    id_: str, points: Sequence[tuple[float, ...]], type_: str = "navi:ConnectionBoundary", more: str = ""
) -> str:
    shape = f"<core:geometry3D>{face(points)}</core:geometry3D>"
    place = f"<core:cellSpaceBoundaryGeometry>{shape}</core:cellSpaceBoundaryGeometry>"
    inner = f'<{type_} gml:id="{id_}">{more}{place}</{type_}>'
    return f"<core:cellSpaceBoundaryMember>{inner}</core:cellSpaceBoundaryMember>"


def file(*members: str, version: str = "1.0", srs: str = "", graph: str = "") -> bytes:
    base = "http://www.opengis.net/indoorgml"
    spaces = (
        f'xmlns:core="{base}/{version}/core" xmlns:navi="{base}/{version}/navigation" xmlns:gml="{GML}" '
        f'xmlns:xlink="{XLINK}"'
    )
    around = f'<gml:boundedBy><gml:Envelope srsName="{srs}"/></gml:boundedBy>' if srs else ""
    primal = f"<core:PrimalSpaceFeatures>{''.join(members)}</core:PrimalSpaceFeatures>"
    content = f"{around}<core:primalSpaceFeatures>{primal}</core:primalSpaceFeatures>{graph}"
    return f'<core:IndoorFeatures {spaces} gml:id="I">{content}</core:IndoorFeatures>'.encode()


TWO_ROOMS = (
    cell("C1", solid(0, 0, 6, 4), name="민원실", description='storey="1":'),
    cell("C2", solid(6, 0, 9, 4), name="102", description='storey="1":'),
)


def test_of_a_solid_the_lowest_level_face_is_the_floor() -> None:
    document = indoorgml.read(file(*TWO_ROOMS)).document
    hall, other = document.units
    assert hall.geometry.equals(shapely.box(0, 0, 6, 4))
    assert (hall.name_ko, hall.category) == ("민원실", "lobby")
    assert (other.number, other.category) == ("102", "room")
    (level,) = document.levels
    assert (level.ordinal, level.short_name, level.height_m) == (0, "1", 3.0)


def test_version_1_1_is_read_too() -> None:
    assert len(indoorgml.read(file(*TWO_ROOMS, version="1.1")).document.units) == 2


def test_a_door_and_its_reverse_are_one_opening() -> None:
    one = [(6.0, 1.0, 0.0), (6.0, 1.9, 0.0), (6.0, 1.9, 2.1), (6.0, 1.0, 2.1)]
    imported = indoorgml.read(file(*TWO_ROOMS, boundary("B1", one), boundary("B1-REVERSE", one[::-1])))
    (door,) = imported.document.openings
    assert door.width_m == pytest.approx(0.9)
    assert "opening_joins_one" not in codes(imported)


def test_a_door_of_which_each_direction_is_half_is_whole() -> None:
    lower = [(6.0, 1.0, 0.0), (6.0, 1.5, 0.0), (6.0, 1.5, 2.1), (6.0, 1.0, 2.1)]
    upper = [(6.0, 1.5, 0.0), (6.0, 2.2, 0.0), (6.0, 2.2, 2.1), (6.0, 1.5, 2.1)]
    imported = indoorgml.read(file(*TWO_ROOMS, boundary("B1", lower), boundary("B1-REVERSE", upper)))
    (door,) = imported.document.openings
    assert door.width_m == pytest.approx(1.2)


def test_a_wall_without_a_way_through_is_no_opening() -> None:
    wall = [(6.0, 0.0, 0.0), (6.0, 4.0, 0.0), (6.0, 4.0, 3.0), (6.0, 0.0, 3.0)]
    imported = indoorgml.read(file(*TWO_ROOMS, boundary("B1", wall, "core:CellSpaceBoundary")))
    assert imported.document.openings == ()
    assert codes(imported)["indoorgml.walls"] == 1
    passable = boundary("B1", wall, "core:CellSpaceBoundary", '<core:duality xlink:href="#T1"/>')
    assert len(indoorgml.read(file(*TWO_ROOMS, passable)).document.openings) == 1


def test_a_door_drawn_as_a_space_in_the_wall_becomes_an_opening() -> None:
    door = cell("D1", solid(6, 1, 6.2, 2), "navi:ConnectionSpace", name="출입문")
    far = cell("C2", solid(6.2, 0, 9, 4), description='storey="1":')
    way_out = cell("D2", solid(2, -0.3, 3.5, 0), "navi:AnchorSpace")
    imported = indoorgml.read(file(TWO_ROOMS[0], far, door, way_out))
    assert len(imported.document.units) == 2
    inner, outer = imported.document.openings
    assert shapely.equals_exact(shapely.normalize(inner.geometry), shapely.LineString([(6.1, 1), (6.1, 2)]), 1e-6)
    assert (inner.name, inner.entrance, outer.entrance) == ("출입문", False, True)
    assert codes(imported)["indoorgml.door_cells"] == 2
    assert not {"opening_joins_one", "opening_joins_nothing"} & set(codes(imported))


def test_floors_are_told_apart_by_height_where_nothing_names_them() -> None:
    rooms = [cell(f"C{number}", solid(0, 0, 6, 4, z)) for number, z in enumerate((-3.2, 0.0, 3.4, 3.5))]
    document = indoorgml.read(file(*rooms)).document
    assert [(level.ordinal, level.short_name) for level in document.levels] == [(-1, "B1"), (0, "1F"), (1, "2F")]
    assert len(document.on_level("units", document.levels[2].key)) == 2


def test_stairs_that_a_transition_joins_are_one_shaft() -> None:
    stairs = [
        cell(f"C{number}", solid(0, 0, 3, 5, 3.0 * number), "navi:TransitionSpace", description='indoor="stair":')
        for number in range(2)
    ]
    states = "".join(
        f'<core:stateMember><core:State gml:id="S{number}"><core:duality xlink:href="#C{number}"/></core:State>'
        "</core:stateMember>"
        for number in range(2)
    )
    edge = (
        '<core:transitionMember><core:Transition gml:id="T0"><core:connects xlink:href="#S0"/>'
        '<core:connects xlink:href="#S1"/></core:Transition></core:transitionMember>'
    )
    document = indoorgml.read(file(*stairs, graph=f"<core:graph>{states}{edge}</core:graph>")).document
    assert [(unit.category, unit.shaft) for unit in document.units] == [("stairs", "S1"), ("stairs", "S1")]


def test_surfaces_and_lists_of_positions_are_read_as_well() -> None:
    listed = '<gml:LinearRing><gml:posList srsDimension="2">0 0 6 0 6 4 0 4 0 0</gml:posList></gml:LinearRing>'
    polygon = f"<gml:Polygon><gml:exterior>{listed}</gml:exterior></gml:Polygon>"
    flat = f"<core:cellSpaceGeometry><core:Geometry2D>{polygon}</core:Geometry2D></core:cellSpaceGeometry>"
    (unit,) = indoorgml.read(file(cell("C1", flat, "core:CellSpace"))).document.units
    assert unit.geometry.area == 24
    for again in ("", ' srsDimension="2"'):
        other = flat.replace(' srsDimension="2"', "").replace("<gml:Polygon>", f"<gml:Polygon{again}>")
        six = other.replace("0 0 6 0 6 4 0 4 0 0", "0 0 3 0 6 0 6 4 0 4 0 0")
        assert indoorgml.read(file(cell("C1", six, "core:CellSpace"))).document.units[0].geometry.area == 24
    patch = polygon.replace("gml:Polygon", "gml:PolygonPatch")
    surface = f"<gml:Surface><gml:patches>{patch}</gml:patches></gml:Surface>"
    (unit,) = indoorgml.read(file(cell("C1", flat.replace(polygon, surface)))).document.units
    assert unit.geometry.area == 24


def test_a_shell_may_borrow_its_faces_from_boundaries() -> None:
    corners = [(0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (6.0, 4.0, 0.0), (0.0, 4.0, 0.0)]
    floor = boundary("B1", corners, "core:CellSpaceBoundary").replace("<gml:Polygon>", '<gml:Polygon gml:id="P1">')
    shell = '<gml:Solid><gml:Shell><gml:surfaceMember xlink:href="#P1"/></gml:Shell></gml:Solid>'
    place = f"<core:cellSpaceGeometry><core:Geometry3D>{shell}</core:Geometry3D></core:cellSpaceGeometry>"
    (unit,) = indoorgml.read(file(cell("C1", place), floor)).document.units
    assert unit.geometry.area == 24


def in_the_world(srid: int, swap: bool) -> str:
    box = reproject(FRAME.to_world(shapely.box(0, 0, 6, 4)), STORAGE_SRID, srid)
    points = [(y, x, 0.0) if swap else (x, y, 0.0) for x, y in box.exterior.coords[:-1]]
    return f"<core:cellSpaceGeometry><core:Geometry2D>{face(points)}</core:Geometry2D></core:cellSpaceGeometry>"


@pytest.mark.parametrize(
    ("srs", "srid", "swap", "told"),
    [
        ("urn:ogc:def:crs:EPSG::4326", 4326, True, ""),
        ("EPSG:4326", 4326, False, ""),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False, ""),
        ("http://www.opengis.net/def/crs/EPSG/0/5186", 5186, True, ""),
        ("EPSG::5179", 5179, False, ""),
        ("urn:ogc:def:crs:EPSG::4326", 4326, False, "indoorgml.axes_swapped"),
    ],
)
def test_a_file_in_a_known_crs_is_brought_into_the_buildings_metres(srs: str, srid: int, swap: bool, told: str) -> None:
    data = file(cell("C1", in_the_world(srid, swap)), srs=srs)
    imported = indoorgml.read(data, indoorgml.Options(frame=FRAME))
    (unit,) = imported.document.units
    assert shapely.hausdorff_distance(unit.geometry, shapely.box(0, 0, 6, 4)) < 0.002
    assert (told in codes(imported)) == bool(told)
    fitted = indoorgml.read(data)
    assert fitted.frame is not None
    assert fitted.frame.to_world(fitted.document.units[0].geometry).distance(
        reproject(reproject(FRAME.to_world(Point(3, 2)), STORAGE_SRID, LONLAT_SRID), LONLAT_SRID, STORAGE_SRID)
    ) < 0.01  # fmt: skip


def test_a_crs_that_the_coordinates_belie_is_not_believed() -> None:
    imported = indoorgml.read(file(*TWO_ROOMS, srs="EPSG::4326"))
    assert codes(imported)["indoorgml.srs_ignored"] == 1
    assert imported.document.units[0].geometry.area == 24


def test_a_file_in_millimetres_is_told_and_can_be_scaled() -> None:
    data = file(cell("C1", solid(0, 0, 6000, 4000, 0, 3000), description='storey="1":'))
    imported = indoorgml.read(data, indoorgml.Options(scale=0.001))
    assert imported.document.units[0].geometry.area == 24
    assert "indoorgml.unit_unclear" not in codes(imported)
    unclear = [each for each in indoorgml.read(data).findings if each.code == "indoorgml.unit_unclear"]
    assert unclear[0].params["suggested"] == 0.001


def test_korean_files_in_their_old_encoding_are_read() -> None:
    text = '<?xml version="1.0" encoding="EUC-KR"?>' + file(*TWO_ROOMS).decode()
    assert indoorgml.read(text.encode("cp949")).document.units[0].name_ko == "민원실"


# Files that are wrong


def refused(data: bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as found:
        indoorgml.read(data)
    return found.value


def test_what_is_no_indoorgml_is_refused() -> None:
    assert refused(b"").code == "empty"
    assert refused(b"rubbish").code == "broken"
    assert refused(b"<kml/>").code == "not_this_format"
    assert refused(file(*TWO_ROOMS)[:-40]).code == "broken"
    assert refused(file()).code == "nothing_found"
    assert refused(file(cell("C1", ""))).code == "nothing_found"


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{("&a" + str(n - 1 or "") + ";") * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "declared", [LAUGHS, '<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY % d SYSTEM "http://localhost/d"> %d;']
)
def test_xml_that_declares_entities_is_refused(declared: str) -> None:
    text = f"<!DOCTYPE core:IndoorFeatures [{declared}]>".encode() + file(*TWO_ROOMS)
    assert refused(text).code == "indoorgml.unsafe"


def test_cells_without_a_floor_are_left_out_and_counted() -> None:
    line = [(0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (3.0, 0.0, 0.0)]
    thin = f"<core:cellSpaceGeometry><core:Geometry2D>{face(line)}</core:Geometry2D></core:cellSpaceGeometry>"
    numbers = solid(0, 0, 6, 4).replace("6", "1e400")
    imported = indoorgml.read(file(*TWO_ROOMS, cell("C3", thin), cell("C4", ""), cell("C5", numbers)))
    assert len(imported.document.units) == 2
    assert codes(imported)["invalid_shape"] == 3


def test_no_file_makes_the_reader_fail() -> None:
    whole = indoorgml.write(rich(), META).decode()
    random_ = random.Random(7)
    for _ in range(120):
        at, size = random_.randrange(len(whole)), random_.randrange(1, 400)
        rubbish = random_.choice(["", "x", "1e999", "</", '"', "{}", "-", "<a>", "null"])
        try:
            indoorgml.read((whole[:at] + rubbish + whole[at + size :]).encode())
        except ImportRefused as error:
            assert error.code


# A real university building

sample = SAMPLES / "indoorgml" / "201.gml"
with_sample = pytest.mark.skipif(not sample.exists(), reason="the sample file is not beside this checkout")


@with_sample
def test_a_real_building_gives_its_rooms_doors_and_floors_and_says_what_is_unclear() -> None:
    began = time.perf_counter()
    imported = indoorgml.read(sample)
    assert time.perf_counter() - began < 5
    document = imported.document
    # 80 cells; 89 doors between them and 7 ways out, each drawn from both sides.
    assert (len(document.units), len(document.openings)) == (80, 96)
    assert sum(opening.entrance for opening in document.openings) == 7
    assert [(level.ordinal, level.short_name) for level in document.levels] == [(0, "1"), (1, "2"), (2, "3")]
    kinds = {unit.name_en: (unit.category, unit.shaft) for unit in document.units}
    assert kinds["CE1"] == kinds["CE3"] == ("elevator", "E1")
    assert kinds["CS11"] == kinds["CS12"]
    assert kinds["CC2"][0] == "walkway"
    found = codes(imported)
    assert found["indoorgml.no_srs"] == 1
    assert found["indoorgml.unit_unclear"] == 1
    assert "opening_joins_nothing" not in found
    assert "invalid_shape" not in found


@with_sample
def test_a_real_building_in_its_own_scale_goes_round_through_our_own_file() -> None:
    document = indoorgml.read(sample, indoorgml.Options(scale=0.18)).document
    again = indoorgml.read(indoorgml.write(document, META)).document
    assert {unit.key: unit.geometry.area for unit in again.units} == {
        unit.key: unit.geometry.area for unit in document.units
    }
    assert again.openings == document.openings
