import io

import files_support as make
import pytest

from gis_core.files import sniff
from gis_core.files.errors import FileRefused

HWPX = "application/hwp+zip"


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (make.photo(), "집.jpg", sniff.JPEG),
        (make.photo(), "집.JPEG", sniff.JPEG),
        (make.encoded(make.picture(), "PNG"), "a.png", sniff.PNG),
        (make.encoded(make.picture(), "WEBP"), "a.webp", sniff.WEBP),
        (make.encoded(make.picture(), "TIFF"), "a.tif", sniff.TIFF),
        (make.encoded(make.picture(), "HEIF"), "a.heic", sniff.HEIC),
        (make.encoded(make.picture(), "AVIF"), "a.avif", sniff.AVIF),
        (io.BytesIO(make.PDF), "협약서.pdf", sniff.PDF),
        (io.BytesIO(b"\xef\xbb\xbf" + make.PDF), "a.pdf", sniff.PDF),
        (make.package("[Content_Types].xml", "word/document.xml"), "a.docx", sniff.DOCX),
        (make.package("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", sniff.XLSX),
        (make.package("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx", sniff.PPTX),
        (make.package("Contents/section0.xml", mimetype=HWPX), "공문.hwpx", sniff.HWPX),
        (make.package(mimetype=sniff.ODS.media_type), "a.ods", sniff.ODS),
        (make.package("경계.shp", "경계.dbf"), "경계.zip", sniff.ZIP),
        (make.compound("FileHeader", body=b"HWP Document File"), "공문.hwp", sniff.HWP),
        (make.compound("Workbook"), "a.xls", sniff.XLS),
        (make.compound("WordDocument"), "a.doc", sniff.DOC),
        (io.BytesIO("이름,주소\n빈집,남원시".encode("cp949")), "a.csv", sniff.CSV),
        (io.BytesIO("이름,주소\n".encode("utf-8-sig")), "a.csv", sniff.CSV),
        (io.BytesIO("메모".encode("utf-16")), "a.txt", sniff.TEXT),
    ],
)
def test_a_file_is_known_by_what_it_holds(content, name, expected):
    assert sniff.sniff(content, name) is expected
    assert content.tell() == 0


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (make.encoded(make.picture(), "PNG"), "a.jpg", "PNG"),
        (make.encoded(make.picture(), "HEIF"), "IMG_1.jpg", "HEIC"),
        (io.BytesIO(make.PDF), "a.hwp", "PDF"),
        (make.package("a.txt"), "a.docx", "ZIP"),
        (io.BytesIO(b"plain words"), "a.pdf", "TXT"),
        (make.photo(), "a.jpg.exe", "JPEG"),
    ],
)
def test_a_name_that_lies_is_refused_with_what_the_file_really_is(content, name, found):
    with pytest.raises(FileRefused) as refused:
        sniff.sniff(content, name)
    assert (refused.value.code, refused.value.details["found"]) == ("not_what_it_says", found)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b"MZ\x90\x00\x03\x00", "a.exe", "unknown"),
        (b"\x7fELF\x02\x01", "a", "unknown"),
        (make.PDF[:20], "a.pdf", "damaged"),
        (b"PK\x03\x04 and then nothing", "a.zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(600, b"\0"), "a.hwp", "unknown"),
        (make.package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin").read(), "a.xlsx", "macros"),
        (make.compound("Workbook", "_VBA_PROJECT").read(), "a.xls", "macros"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "a.mp4", "unknown"),
    ],
)
def test_what_is_not_accepted_is_refused_with_the_reason(content, name, code):
    with pytest.raises(FileRefused) as refused:
        sniff.sniff(io.BytesIO(content), name)
    assert refused.value.code == code
