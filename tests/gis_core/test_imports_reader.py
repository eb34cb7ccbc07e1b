import os
import struct
import zipfile
from datetime import date, datetime

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.imports import archives
from gis_core.imports.errors import ImportProblem
from gis_core.imports.reader import read, require_crs
from gis_core.imports.tables import read_csv
from gis_core.imports.text import codec_name, decode
from tests.gis_core.imports_support import shapefile, sheet, vector, zipped, zipped_folder

BOX = shapely.box(227000, 330000, 228000, 331000)  # near Namwon in EPSG:5186


@pytest.fixture(autouse=True)
def _english():
    from django.utils import translation

    with translation.override("en"):
        yield


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_is_read_in_the_encodings_offices_use(encoding):
    source = read_csv("이름,주소\r\n홍길동,전북 남원시\r\n".encode(encoding), "a.csv")
    assert source.encoding == encoding
    assert [(row.number, row.values) for row in source.rows] == [(2, {"이름": "홍길동", "주소": "전북 남원시"})]


def test_text_in_another_encoding_names_the_line():
    with pytest.raises(ImportProblem, match="line 2"):
        read_csv(b"a,b\n\xff\xff,1\n", "a.csv")


def test_a_stated_encoding_that_is_wrong_is_refused_not_guessed():
    with pytest.raises(ImportProblem, match="not utf-8"):
        read_csv("이름\n가\n".encode("cp949"), "a.csv", "utf-8")


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_out(mark):
    source = read_csv(f"a{mark}b\n1{mark}2\n".encode(), "a.csv")
    assert source.rows[0].values == {"a": "1", "b": "2"}


def test_blank_and_duplicate_rows_are_counted_and_numbers_stay_those_of_the_sheet():
    source = read_csv(b"a,b\n1,2\n,\n\n1,2\n3,4\n", "a.csv")
    assert source.blank_rows == [3, 4]
    assert source.duplicate_rows == {5: 2}
    assert [row.number for row in source.rows] == [2, 5, 6]


def test_a_title_above_the_heading_is_passed_over():
    source = read_csv("2021년 빈집 현황,,\n,,\n연번,주소,등급\n1,남원시,2\n".encode(), "a.csv")
    assert source.fields == ["연번", "주소", "등급"]
    assert source.rows[0].number == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,a\n1,2\n", "same heading"),
        ("a,b\n", "no rows"),
        ("\n\n", "no rows"),
        ('a,b\n"1,2\n', "cannot be read"),
        ("a\x00,b\n1,2\n", "not a text file"),
    ],
)
def test_a_broken_table_is_refused_with_a_sentence(text, said):
    with pytest.raises(ImportProblem, match=said):
        read_csv(text.encode(), "a.csv")


def test_a_row_with_too_many_cells_is_named():
    source = read_csv(b"a,b\n1,2\n1,2,3\n", "a.csv")
    assert [each.row for each in source.problems] == [3]


cells = st.text(
    st.characters(codec="cp949", exclude_characters="\x00\x1a", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
    max_size=8,
)


@settings(max_examples=60)
@given(
    st.lists(st.lists(cells.filter(bool), min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]),
)
def test_any_korean_table_survives_any_of_the_encodings(rows, encoding):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["이름", "주소", "비고"], *rows])
    # Stated, since a short text may be sound in two encodings at once.
    source = read_csv(out.getvalue().encode(encoding), "a.csv", encoding)
    assert [list(row.values.values()) for row in source.rows] == [[cell.strip() for cell in row] for row in rows]


@given(st.text(min_size=1))
def test_utf8_is_never_mistaken_for_anything_else(text):
    text = text.encode("utf-8", "ignore").decode().lstrip("\ufeff")
    assert decode(text.encode()) in ((text, "utf-8"), (text, "utf-8-sig"))


@pytest.mark.parametrize(
    "label", ["949", "CP949", "EUC-KR", "ks_c_5601-1987", "ANSI 949", "MS949", "UHC", "windows-949"]
)
def test_the_many_names_of_cp949_are_one(label):
    assert codec_name(label) == "cp949"


# XLSX


def test_a_sheet_gives_numbers_days_and_times_as_people_type_them(tmp_path):
    path = sheet(
        tmp_path / "a.xlsx",
        [
            ["코드", "날", "때", "수"],
            [4519025000.0, date(2024, 1, 18), datetime(2024, 1, 18, 9, 30), 0.5],
            [None, None, None, None],
            ["x", None, True, -3],
        ],
    )
    source = read(path)
    assert source.rows[0].values == {"코드": "4519025000", "날": "2024-01-18", "때": "2024-01-18 09:30:00", "수": "0.5"}
    assert source.rows[1].values == {"코드": "x", "날": "", "때": "true", "수": "-3"}
    assert source.blank_rows == [3]


def test_a_parcel_number_that_the_spreadsheet_rounded_is_a_problem(tmp_path):
    source = read(sheet(tmp_path / "a.xlsx", [["PNU"], [4519010100100010001], ["4519010100100010001"]]))
    assert [(each.row, each.field) for each in source.problems] == [(2, "PNU")]


def test_an_error_in_a_cell_is_a_problem(tmp_path):
    source = read(sheet(tmp_path / "a.xlsx", [["a", "b"], ["#REF!", 1], ["#1 창고", 1]]))
    assert [(each.row, each.field) for each in source.problems] == [(2, "a")]


def test_of_several_sheets_one_must_be_chosen(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["a"])
    book.active.append([1])
    second = book.create_sheet("둘째")
    second.append(["b"])
    second.append([2])
    book.create_sheet("빈 시트")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ImportProblem, match="둘째"):
        read(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx", layer="둘째").rows[0].values == {"b": "2"}
    with pytest.raises(ImportProblem, match="no sheet"):
        read(tmp_path / "a.xlsx", layer="셋째")


def test_a_sheet_that_claims_a_million_rows_is_read_quickly(tmp_path):
    path = sheet(tmp_path / "a.xlsx", [["a"], [1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = "xl/worksheets/sheet1.xml"
    parts[inner] = parts[inner].replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert len(read(zipped(tmp_path / "b.xlsx", parts)).rows) == 1


@pytest.mark.parametrize(
    "name",
    [
        "a.xlsx",
        "a.zip",
        "a.kmz",
        "a.gpkg",
        "a.shp",
        "a.fgb",
        "a.kml",
        "a.geojson",
        "a.topojson",
        "a.hwp",
        "a.xls",
        "a.exe",
        "a",
    ],
)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage\x00\xff" * 9,
        b"PK\x03\x04garbage",
        b"SQLite format 3\x00" + b"\x00" * 90,
        b"<kml>",
        b"<OGRVRTDataSource/>",
        struct.pack(">i", 9994) * 30,
    ],
)
def test_no_garbage_makes_the_reader_stumble(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ImportProblem) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{name}: ")


# Vector files


@pytest.mark.parametrize("crs", ["EPSG:5174", "EPSG:5186", "EPSG:5179"])
@pytest.mark.parametrize(
    ("encoding", "cpg", "how"),
    [("CP949", True, "file"), ("CP949", False, "detected"), ("UTF-8", True, "file"), ("UTF-8", False, "detected")],
)
def test_a_shapefile_s_korean_text_is_decoded_once(tmp_path, crs, encoding, cpg, how):
    path = shapefile(
        tmp_path / "s", [BOX, BOX], {"이름": ["운봉읍", "뷁동 똠방"], "n": [1, 2]}, crs=crs, encoding=encoding, cpg=cpg
    )
    for each in (path, zipped_folder(tmp_path / "s.zip", path.parent)):
        source = read(each)
        assert [row.values for row in source.rows] == [{"이름": "운봉읍", "n": "1"}, {"이름": "뷁동 똠방", "n": "2"}]
        assert (source.encoding, source.encoding_note) == (encoding.lower(), how)
        assert f"EPSG:{source.crs.srid}" == crs
        assert source.rows[0].geometry.equals(BOX)


def test_a_shapefile_from_an_old_windows_may_shout_its_names(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["운봉읍"]}, crs="EPSG:5174")
    for each in list(path.parent.iterdir()):
        each.rename(each.with_name(each.name.upper()))
    for found in (path.with_name("AREAS.SHP"), zipped_folder(tmp_path / "s.zip", path.parent)):
        source = read(found)
        assert source.rows[0].values == {"nm": "운봉읍"}
        assert (source.crs.srid, source.encoding_note) == (5174, "file")


def test_a_cpg_that_lies_is_found_out_and_told(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["운봉읍"]})
    for lie in ("UTF-8", "ISO-8859-1"):
        path.with_suffix(".cpg").write_text(lie)
        source = read(path)
        assert source.rows[0].values == {"nm": "운봉읍"}
        assert "the text is cp949" in str(source.warnings[0])


def test_a_letter_cut_by_the_width_of_a_dbf_is_told(tmp_path):
    path = shapefile(tmp_path / "s", [BOX, BOX], {"nm": ["가나", "다라"]}, cpg=False)
    dbf = path.with_suffix(".dbf")
    data = dbf.read_bytes()
    dbf.write_bytes(data.replace("가나".encode("cp949"), "가나".encode("cp949")[:3] + b" "))
    source = read(path)
    assert [row.values["nm"] for row in source.rows] == ["가", "다라"]
    assert "row 1, nm: The text was cut off" in str(source.warnings[0])


def test_a_stated_encoding_overrules_the_cpg(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["운봉읍"]})
    source = read(path, encoding="euc-kr")
    assert (source.encoding, source.encoding_note, source.rows[0].values["nm"]) == ("cp949", "given", "운봉읍")
    assert read(path, encoding="utf-8").problems


def test_an_old_datum_without_its_name_still_gets_its_shift(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["a"]}, crs="EPSG:5174")
    path.with_suffix(".prj").write_text(
        path.with_suffix(".prj").read_text().replace("D_Korean_Datum_1985", "D_Bessel_1841")
    )
    assert read(path).crs.srid == 5174


def test_a_shift_of_zeros_is_not_believed():
    from gis_core.imports.coordinates import declared, shift_metres

    zeros = "+proj=tmerc +lat_0=38 +lon_0=127.002890277778 +x_0=200000 +y_0=500000 +ellps=bessel +towgs84=0,0,0,0,0,0,0"
    assert declared(zeros).srid == 5174
    own = zeros.replace("0,0,0,0,0,0,0", "-115.80,474.99,674.11,1.16,-2.31,-1.63,6.43")
    for crs in (declared(own), declared("EPSG:5174"), declared("EPSG:2097"), declared("EPSG:4162")):
        where = shapely.Point(127.4, 35.4) if crs.crs.is_geographic else shapely.Point(236000, 211000)
        assert 300 < shift_metres([where], crs) < 420


@pytest.mark.parametrize("srid", [5174, 2097, 5178, 5179, 5181, 5185, 5186, 5187, 5188, 4326])
def test_every_korean_reference_system_leads_to_the_same_place(srid):
    from pyproj import Transformer

    from gis_core.imports.coordinates import given, to_srid

    x, y = Transformer.from_crs(4326, srid, always_xy=True).transform(127.4, 35.4)
    place = to_srid([shapely.Point(x, y)], given(str(srid)))[0]
    expected = Transformer.from_crs(4326, 5179, always_xy=True).transform(127.4, 35.4)
    assert place.distance(shapely.Point(expected)) < 0.01


@pytest.mark.parametrize("crs", ["EPSG:99999", "5186x", "nonsense", ""])
def test_a_reference_system_that_does_not_exist_is_refused(crs):
    from gis_core.imports.coordinates import given

    with pytest.raises(ImportProblem, match="PROJ"):
        given(crs)


def test_a_shapefile_without_prj_names_what_would_fit(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["a"]})
    path.with_suffix(".prj").unlink()
    source = read(path)
    with pytest.raises(ImportProblem, match="EPSG:5186"):
        require_crs(source)
    assert require_crs(read(path, crs="5186")).how == "given"


def test_a_file_in_the_wrong_place_names_what_would_fit(tmp_path):
    path = shapefile(tmp_path / "s", [BOX], {"nm": ["a"]})
    assert "EPSG:5186" in str(read(path, crs="5179").warnings[0])


def test_shapes_without_geometry_are_counted(tmp_path):
    source = read(shapefile(tmp_path / "s", [BOX, None], {"nm": ["a", "b"]}))
    assert source.null_geometries == [2]


def test_a_shapefile_that_is_cut_short_or_incomplete_is_refused(tmp_path):
    path = shapefile(tmp_path / "s", [BOX, BOX], {"nm": ["a", "b"]})
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(ImportProblem, match="cut short"):
        read(path)
    path.write_bytes(whole)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(ImportProblem, match=r"\.dbf"):
        read(path)


def test_a_shapefile_with_more_facts_than_shapes_is_a_problem(tmp_path):
    path = shapefile(tmp_path / "s", [BOX, BOX], {"nm": ["a", "b"]})
    shx = path.with_suffix(".shx")
    data = shx.read_bytes()[:-8]
    shx.write_bytes(data[:24] + struct.pack(">i", len(data) // 2) + data[28:])
    assert "1 shapes but 2 rows" in str(read(path).problems[0])


@pytest.mark.parametrize(("name", "driver"), [("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf"), ("a.kml", "KML")])
def test_other_vector_files_are_read(tmp_path, name, driver):
    crs = "EPSG:4326" if driver == "KML" else "EPSG:5186"
    shape = shapely.box(127.4, 35.4, 127.5, 35.5) if driver == "KML" else BOX
    source = read(vector(tmp_path / name, [shape], {"Name": ["운봉읍"]}, crs=crs, driver=driver))
    assert source.rows[0].values["Name"] == "운봉읍"
    assert source.rows[0].geometry.equals(shape)
    assert f"EPSG:{source.crs.srid}" == crs
    assert source.problems == []


def test_of_several_layers_one_must_be_chosen(tmp_path):
    path = vector(tmp_path / "a.gpkg", [BOX], {"n": [1]}, crs="EPSG:5186", driver="GPKG", layer="sgg")
    vector(path, [BOX], {"n": [2]}, crs="EPSG:5186", driver="GPKG", layer="emd", append=True)
    with pytest.raises(ImportProblem, match="sgg, emd"):
        read(path)
    assert read(path, layer="emd").rows[0].values == {"n": "2"}


def test_kml_with_entities_is_refused(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text('<!DOCTYPE kml [<!ENTITY a "aaaa">]><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>')
    with pytest.raises(ImportProblem, match="document type"):
        read(path)


def test_heights_are_left_out(tmp_path):
    source = read(
        vector(tmp_path / "a.gpkg", [shapely.Point(227000, 330000, 12.5)], {"n": [1]}, crs="EPSG:5186", driver="GPKG")
    )
    assert not source.rows[0].geometry.has_z


# Archives


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_an_archive_that_leaves_its_folder_is_refused(tmp_path, name):
    with pytest.raises(ImportProblem, match="leaves its folder"):
        read(zipped(tmp_path / "a.zip", {name: b"a,b\n1,2\n"}))


def test_an_archive_in_which_a_file_is_also_a_folder_is_refused(tmp_path):
    with pytest.raises(ImportProblem, match="damaged"):
        read(zipped(tmp_path / "a.zip", {"a": b"x", "a/b.csv": b"a\n1\n"}))


def test_an_archive_with_links_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ImportProblem, match="leaves its folder"):
        read(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {"a.csv": b"a,b\n" + b"1,2\n" * 5000})
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10_000)
    with pytest.raises(ImportProblem, match="unpack"):
        read(path)
    # Also when its headers say it is small.
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = struct.pack("<I", 5)
    path.write_bytes(bytes(data))
    with pytest.raises(ImportProblem):
        read(path)


def test_an_archive_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(ImportProblem, match="more than 3 files"):
        read(zipped(tmp_path / "a.zip", {f"{n}.csv": b"a\n1\n" for n in range(4)}))


def test_of_several_files_in_an_archive_one_must_be_chosen(tmp_path):
    path = zipped(
        tmp_path / "a.zip", {"하나.csv": b"a\n1\n", "둘.csv": b"a\n2\n", "readme.txt": b"x", "__MACOSX/._x.csv": b""}
    )
    with pytest.raises(ImportProblem, match="하나, 둘"):
        read(path)
    assert read(path, layer="둘").rows[0].values == {"a": "2"}


def test_korean_names_in_archives_made_on_windows_are_read(tmp_path):
    # Windows writes CP949 names without the flag that says UTF-8; a name of CP437 letters makes zipfile do the same.
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("읍면동", "시군구"):
            archive.writestr("x" * 6 + name[0] + ".csv", b"a\n1\n")
    data = path.read_bytes()
    for name in ("읍면동", "시군구"):
        old, new = ("x" * 6 + name[0]).encode(), name.encode("cp949") + b"_1 "
        data = data.replace(old, new)
    data = data.replace(b"PK\x03\x04\x14\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00")
    path.write_bytes(data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00"))
    with pytest.raises(ImportProblem, match="읍면동_1 , 시군구_1 "):
        read(path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n" * 1000)
    with pytest.raises(ImportProblem, match="larger than"):
        read(path, max_bytes=1000)


def test_reading_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = zipped(tmp_path / "a.zip", {"a.csv": b"a\n1\n"})
    read(path)
    assert os.listdir(tmp_path) == ["a.zip"]
