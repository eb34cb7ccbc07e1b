import io
import re

import files_support as make
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from gis_core import pdf, static_map
from gis_core.editing import save
from gis_core.files import images, services, store
from gis_core.files.errors import FileRefused
from gis_core.layers.registry import layers
from gis_core.models import PersonalDataAccess, Role
from tests import factories


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def sheet(user, layer, record, language="ko") -> PdfReader:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    response = client.get(reverse("record-pdf", args=[layer, record.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def fonts_of(reader: PdfReader) -> dict[str, bool]:
    """The fonts' names, and whether each is embedded."""
    found = {}
    for page in reader.pages:
        for entry in page["/Resources"].get("/Font", {}).values():
            for child in entry.get_object().get("/DescendantFonts", []):
                font = child.get_object()
                descriptor = font["/FontDescriptor"].get_object()
                found[str(font["/BaseFont"])] = bool({"/FontFile2", "/FontFile3"} & set(descriptor))
    return found


def images_of(reader: PdfReader) -> int:
    """How many pictures the document holds; its pages share them."""
    return len({image.name for page in reader.pages for image in page.images})


def test_a_sheet_holds_the_records_korean_facts_in_an_embedded_font(planner, territory):
    centre = factories.make_centre(name="운봉읍 행정복지센터", address="남원시 운봉읍 운봉로 707")
    reader = sheet(planner, "centres", centre)
    text = text_of(reader)
    assert "운봉읍 행정복지센터" in text
    assert "남원시 운봉읍 운봉로 707" in text
    assert "전북특별자치도 남원시 운봉읍" in text
    assert re.search(r"1 / 1", text)
    fonts = fonts_of(reader)
    assert any("PretendardGOV" in name.replace("-", "").replace("#20", "") for name in fonts)
    assert all(fonts.values())
    assert reader.pages[0].mediabox.width == pytest.approx(595.28, abs=0.5)


def test_the_sheet_is_a_tagged_document_with_title_and_language(planner, territory):
    centre = factories.make_centre(name="주천면 행정복지센터")
    reader = sheet(planner, "centres", centre, "en")
    assert reader.metadata is not None
    assert "주천면 행정복지센터" in (reader.metadata.title or "")
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_sheet_is_in_the_language_of_the_page(planner, territory):
    centre = factories.make_centre()
    assert "Latest changes" in text_of(sheet(planner, "centres", centre, "en"))


def test_letters_the_own_font_lacks_are_drawn_all_the_same(planner, territory):
    centre = factories.make_centre(name="펲쏼 마을회관 ㎡")
    text = text_of(sheet(planner, "centres", centre))
    assert "펲쏼" in text


def test_a_sheet_shows_photos_without_their_metadata(planner, territory):
    centre = factories.make_centre()
    upload = SimpleUploadedFile("집.jpg", make.photo(6).getvalue())
    services.attach(layers.get("centres"), planner, centre, upload, "정면")
    reader = sheet(planner, "centres", centre)
    assert "정면" in text_of(reader)
    assert images_of(reader) == 1
    assert b"Samsung" not in reader.pages[0].images[0].data


def test_a_photo_missing_from_the_store_does_not_cost_the_sheet(planner, territory):
    centre = factories.make_centre()
    made, _new = services.attach(
        layers.get("centres"), planner, centre, SimpleUploadedFile("집.jpg", make.photo().getvalue())
    )
    store.drop(made.sha256)
    assert "집.jpg" in text_of(sheet(planner, "centres", centre))


def test_personal_facts_are_on_the_sheet_only_for_those_who_need_them(officer, planner, territory):
    organisation = factories.make_organisation("의용소방대", factories.place(100, 100), contact_phone="010-1234-5678")
    assert "010-1234-5678" in text_of(sheet(officer, "organisations", organisation))
    assert PersonalDataAccess.objects.filter(user=officer, action="sheet", record_id=organisation.pk).exists()
    assert "010-1234-5678" not in text_of(sheet(planner, "organisations", organisation))


def test_the_sheet_tells_the_latest_changes(planner, territory):
    centre = factories.make_centre(name="옛 이름")
    save(
        layers.get("centres"),
        planner,
        {"name": "새 이름"},
        record=centre,
        expected_version=centre.version,
        partial=True,
    )
    text = text_of(sheet(planner, "centres", centre))
    assert "옛 이름 → 새 이름" in text


def test_who_may_not_see_the_record_gets_no_sheet(surveyor, territory):
    house = factories.make_house(factories.place(500, 2500))
    client = Client()
    client.force_login(surveyor)
    assert client.get(reverse("record-pdf", args=["vacant-houses", house.pk])).status_code == 404
    planner = factories.make_user("no houses", (Role.DISASTER_OFFICER, None))
    client.force_login(planner)
    assert client.get(reverse("record-pdf", args=["vacant-houses", house.pk])).status_code == 403
    assert Client().get(reverse("record-pdf", args=["vacant-houses", house.pk])).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "static:../settings.py",
        "static:gis_core/none.png",
        "image:unknown",
        "/etc/passwd",
    ],
)
def test_a_print_template_reaches_nothing_but_our_own_files(address, monkeypatch, tmp_path):
    template = engines["django"].from_string(f'<p>text</p><img src="{address}">')
    monkeypatch.setattr(pdf, "render_to_string", lambda name, context, request: template.render(context))
    with pytest.raises(FatalURLFetchingError):
        pdf.render("any", {})


def test_printing_does_not_let_half_an_upload_pass_for_a_photo(planner, territory):
    sheet(planner, "centres", factories.make_centre())
    whole = make.encoded(Image.effect_noise((300, 300), 90), "JPEG").getvalue()
    with pytest.raises(FileRefused):
        images.examine(io.BytesIO(whole[: len(whole) // 2]), "image/jpeg")


def test_the_map_draws_the_record_over_its_towns_within_the_frame():
    town, centre = shapely.box(0, 0, 5000, 5000), shapely.Point(2500, 2500)
    drawn = static_map.draw(
        centre,
        [
            static_map.Ground(town, "운봉읍 <1>", own=True),
            static_map.Ground(shapely.box(9e5, 9e5, 9.1e5, 9.1e5), "먼 곳"),
        ],
        view=static_map.view_of(centre, 480, 300),
        title='집 "가"',
    )
    points = re.findall(r"[ML]([\d.-]+) ([\d.-]+)", drawn)
    assert all(-1 <= float(x) <= 481 and -1 <= float(y) <= 301 for x, y in points)
    assert "운봉읍 &lt;1&gt;" in drawn
    assert "먼 곳" not in drawn
    assert 'cx="240.0" cy="150.0"' in drawn
    assert "500 m" in drawn


def test_a_shape_with_a_hole_keeps_its_hole_on_the_map():
    shape = shapely.box(0, 0, 3000, 3000).difference(shapely.box(1000, 1000, 2000, 2000))
    drawn = static_map.draw(shape, [], view=static_map.view_of(shape, 480, 300), title="t")
    path = re.search(r'<path d="([^"]+)" fill="#0b50d0"', drawn)
    assert path is not None
    assert path[1].count("M") == 2


def test_every_layer_has_a_sheet(administrator, territory):
    made = {
        "areas": territory.namwon,
        "zones": factories.make_zone(territory.unbong, territory.suji),
        "organisations": factories.make_organisation("이장단"),
        "centres": factories.make_centre(),
        "vacant-houses": factories.make_house(),
        "depots": factories.make_depot(),
    }
    with translation.override("ko"):
        for layer in layers.all():
            if layer.id in made:
                assert str(made[layer.id]) in text_of(sheet(administrator, layer.id, made[layer.id])), layer.id
