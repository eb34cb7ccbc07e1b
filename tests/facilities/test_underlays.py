"""A planner lays scans under a level; nobody else's plan changes, and what is refused leaves nothing behind."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import underlay_files as make
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from shapely import box

from facilities.models import Plan, Underlay
from facilities.underlays import services
from facilities.underlays.errors import Unreadable
from gis_core.files import services as files
from gis_core.files import store
from gis_core.models import Role, User
from tests import factories


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def plan(territory: Any) -> Plan:
    return factories.make_plan(factories.make_building(levels=2, outline=box(0, 0, 20, 10)))


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


@pytest.fixture
def client(planner: User) -> Client:
    return client_of(planner)


def upload(client: Client, plan: Plan, data: bytes = b"", name: str = "scan.png", **fields: Any) -> Any:
    fields.setdefault("level", str(plan.building.levels.get(ordinal=0).key))
    if data:
        fields["file"] = SimpleUploadedFile(name, data)
    return client.post(reverse("plan-underlays", args=[plan.pk]), fields)


def patch(client: Client, plan: Plan, pk: int, **body: Any) -> Any:
    return client.patch(reverse("plan-underlay", args=[plan.pk, pk]), json.dumps(body), content_type="application/json")


PNG = make.encoded(make.scan(), "PNG")


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_planner_lays_a_scan_under_a_level_and_sees_it(client: Client, plan: Plan) -> None:
    response = upload(client, plan, PNG, name="1층 평면도.png")
    assert response.status_code == 201, response.content
    made = response.json()
    assert (made["width"], made["height"], made["matrix"]) == (800, 600, None)
    assert made["name"] == "1층 평면도.png"
    a, _b, _c, d, e, f = made["suggested_matrix"]
    assert (a * 800, d, e) == (pytest.approx(20), pytest.approx(-a), 0)
    assert d * 600 + f == pytest.approx(0)
    shown = client.get(made["url"])
    assert shown["Content-Type"] == made_type(shown) == "image/png"
    assert "no-cache" in shown["Cache-Control"]
    again = client.get(made["url"], headers={"If-None-Match": shown["ETag"]})
    assert again.status_code == 304
    listed = client.get(reverse("plan-underlays", args=[plan.pk])).json()["underlays"]
    assert [one["id"] for one in listed] == [made["id"]]


def made_type(response: Any) -> str:
    kind = Image.open(io.BytesIO(b"".join(response.streaming_content))).get_format_mimetype()
    assert kind
    return str(kind)


def test_nothing_of_the_upload_stays_but_the_picture(client: Client, plan: Plan, media: Path) -> None:
    upload(client, plan, make.pdf((420, 297)), name="drawing.pdf")
    underlay = Underlay.objects.get()
    kept = {path.relative_to(media / "files" / underlay.sha256[:2] / underlay.sha256) for path in files_in(media)}
    assert {str(path) for path in kept} == {store.ORIGINAL, store.SHOWN}


def test_a_pdf_drawn_at_a_scale_lies_right_at_once(client: Client, plan: Plan) -> None:
    made = upload(client, plan, make.pdf((420, 297)), name="drawing.pdf", scale="100").json()
    assert made["paper_mm"] == [pytest.approx(420, abs=0.1), pytest.approx(297, abs=0.1)]
    assert made["width"] * made["metres_per_pixel"] == pytest.approx(42, abs=0.01)
    later = patch(client, plan, made["id"], scale=200).json()
    assert later["width"] * later["metres_per_pixel"] == pytest.approx(84, abs=0.02)


def test_a_page_is_chosen_from_a_pdf_of_several(client: Client, plan: Plan, media: Path) -> None:
    data = make.pdf((210, 297), (594, 420), (210, 297))
    choice = upload(client, plan, data, name="set.pdf")
    assert choice.status_code == 200
    pages = choice.json()["pages"]
    assert [page["paper_mm"] for page in pages][1] == [594.0, 420.0]
    assert pages[0]["thumbnail"].startswith("data:image/webp;base64,")
    assert not Underlay.objects.exists()
    key = choice.json()["upload"]
    more = client.get(reverse("plan-underlay-pages", args=[plan.pk]), {"upload": key, "from": 3}).json()
    assert [page["number"] for page in more["pages"]] == [3]
    assert upload(client, plan, upload=key, page=9).json()["code"] == "no_such_page"
    made = upload(client, plan, upload=key, page=2)
    assert made.status_code == 201
    assert made.json()["page"] == 2
    assert made.json()["width"] > made.json()["height"]
    assert upload(client, plan, upload=key, page=1).status_code == 422
    assert not files_in(media / "imports")


def test_another_persons_upload_cannot_be_taken(client: Client, plan: Plan, administrator: User) -> None:
    key = upload(client, plan, make.pdf((210, 297), (210, 297)), name="set.pdf").json()["upload"]
    refused = upload(client_of(administrator), plan, upload=key, page=1)
    assert refused.status_code == 422
    assert refused.json()["code"] == "no_longer_kept"
    for wrong in ("../../etc", f"{key}/../x", "1-" + "0" * 32):
        assert upload(client, plan, upload=wrong, page=1).json()["code"] == "no_longer_kept"


def test_control_points_scale_it_and_say_what_remains(client: Client, plan: Plan) -> None:
    pk = upload(client, plan, PNG).json()["id"]
    corners = [((0, 600), (0, 0)), ((800, 600), (20, 0)), ((800, 0), (20, 15.2))]
    points = [{"pixel": pixel, "place": place} for pixel, place in corners]
    found = patch(client, plan, pk, points=points)
    assert found.status_code == 200
    body = found.json()
    assert body["method"] == "similarity"
    assert len(body["residuals"]) == 3
    assert 0 < body["rms"] < 0.2
    affine = patch(client, plan, pk, points=points, method="affine").json()
    assert affine["rms"] == pytest.approx(0, abs=1e-9)
    kept = client.get(reverse("plan-underlay", args=[plan.pk, pk])).json()
    assert kept["points"] == [{"pixel": list(pixel), "place": list(place)} for pixel, place in corners]
    assert kept["matrix"] == affine["matrix"]
    assert patch(client, plan, pk, points=[]).json()["matrix"] is None


def test_a_known_length_scales_it(client: Client, plan: Plan) -> None:
    pk = upload(client, plan, PNG).json()["id"]
    length = {"from": [80, 300], "to": [400, 303], "metres": 8, "along": "x"}
    body = patch(client, plan, pk, length=length).json()
    assert body["metres_per_pixel"] == pytest.approx(0.025, rel=1e-3)
    assert body["points"][0]["place"][1] == pytest.approx(body["points"][1]["place"][1])
    longer = patch(client, plan, pk, length={**length, "metres": 16}).json()
    assert longer["points"][0]["place"] == pytest.approx(body["points"][0]["place"])


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"points": [{"pixel": [1, 1], "place": [0, 0]}]}, 422, "At least 2 points"),
        ({"points": [{"pixel": [1, 1], "place": [0, 0]}, {"pixel": [9, 9], "place": [90_000, 0]}]}, 422, "One pixel"),
        ({"points": [{"pixel": "x", "place": [0, 0]}] * 2}, 422, "no numbers"),
        ({"points": [{"pixel": [1, None], "place": [0, 0]}] * 2}, 422, "no numbers"),
        ({"points": 7}, 400, "no list"),
        ({"points": [], "method": "magic"}, 400, "method"),
        ({"length": {"from": [0, 0], "to": [9, 9], "metres": 0}}, 422, "greater than 0"),
        ({"length": None}, 422, "no numbers"),
        ({"scale": 100}, 422, "no resolution"),
        ({"opacity": 3}, 400, "0 to 1"),
        ({"opacity": "NaN"}, 400, "0 to 1"),
        ({"sha256": "0" * 64}, 400, "Unknown"),
        ({"points": [], "method": ["affine"]}, 400, "method"),
        ({"points": [{"pixel": [10**400, 1], "place": [0, 0]}] * 2}, 422, "no numbers"),
        ({"length": {"from": [0, 0], "to": [9, 9], "metres": 10**400}}, 422, "no numbers"),
        ({"opacity": 0.1, "points": [{"pixel": [1, 1], "place": [0, 0]}]}, 422, "At least 2 points"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    client: Client, plan: Plan, body: dict[str, Any], status: int, said: str
) -> None:
    pk = upload(client, plan, PNG).json()["id"]
    before = Underlay.objects.values().get()
    refused = patch(client, plan, pk, **body)
    assert refused.status_code == status
    assert said in refused.json()["detail"]
    assert Underlay.objects.values().get() == before


def test_it_can_be_made_fainter_hidden_renamed_and_removed(client: Client, plan: Plan) -> None:
    pk = upload(client, plan, PNG).json()["id"]
    body = patch(client, plan, pk, opacity=0.25, visible=False, name="1층", order=3).json()
    assert (body["opacity"], body["visible"], body["name"], body["order"]) == (0.25, False, "1층", 3)
    assert patch(client, plan, pk, name="가\x00\ud800나\n").json()["name"] == "가  나"
    told = patch(client, plan, pk, points=[{"pixel": ["1", 0], "place": [0, 0]}, {"pixel": [9, 0], "place": "10"}])
    assert told.json()["points"] == [{"pixel": [1, 0], "place": [0, 0]}, {"pixel": [9, 0], "place": [1, 0]}]
    assert client.delete(reverse("plan-underlay", args=[plan.pk, pk])).status_code == 204
    assert client.get(reverse("plan-underlay-image", args=[plan.pk, pk])).status_code == 404
    assert client.get(reverse("plan-underlays", args=[plan.pk])).json() == {"underlays": []}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "", "no_file"),
        (make.locked_pdf("secret"), "locked.pdf", "password"),
        (make.pdf((210, 297))[:180] + b"startxref", "cut.pdf", "damaged"),
        (PNG[:500], "half.png", "damaged"),
        (PNG, "drawing.pdf", "not_what_it_says"),
        (b"a,b\n1,2\n", "list.csv", "not_a_drawing"),
        (b"\0\1\2\3", "x.dwg", "unknown"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_leaves_nothing_behind(
    client: Client, plan: Plan, media: Path, data: bytes, name: str, code: str
) -> None:
    refused = upload(client, plan, data, name=name)
    assert refused.status_code == 422
    assert refused.json()["code"] == code
    assert len(refused.json()["detail"]) > 15
    assert not Underlay.objects.exists()
    assert files_in(media) == []


def test_a_scan_of_a_hundred_megabytes_is_refused_by_its_size(
    client: Client, plan: Plan, media: Path, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    refused = upload(client, plan, PNG + b"\0" * 1_200_000)
    assert refused.status_code == 413
    assert "1 MB" in refused.json()["detail"]
    assert files_in(media) == []


def test_the_refusal_is_in_the_readers_language(planner: User, plan: Plan) -> None:
    assert upload(client_of(planner, "en"), plan).json()["detail"] == "Choose a file first."


def test_only_planners_of_the_area_change_and_only_who_sees_the_plan_looks(
    client: Client, plan: Plan, viewer: User, territory: Any, media: Path
) -> None:
    made = upload(client, plan, PNG).json()
    elsewhere = factories.make_user("elsewhere", (Role.FACILITY_PLANNER, territory.sunchang))
    before = files_in(media)
    for person in (client_of(viewer), client_of(elsewhere)):
        assert upload(person, plan, make.encoded(make.scan(90, 90), "PNG")).status_code in {403, 404}
        assert patch(person, plan, made["id"], opacity=0.1).status_code in {403, 404}
        assert person.delete(reverse("plan-underlay", args=[plan.pk, made["id"]])).status_code in {403, 404}
    assert files_in(media) == before
    assert client_of(viewer).get(made["url"]).status_code == 200
    assert Client().get(made["url"]).status_code == 302
    other = factories.make_plan(plan.building)
    assert client.get(reverse("plan-underlay-image", args=[other.pk, made["id"]])).status_code == 404


def test_an_agreed_plan_takes_no_new_drawings(client: Client, plan: Plan, media: Path) -> None:
    made = upload(client, plan, PNG).json()
    before = files_in(media)
    Plan.objects.filter(pk=plan.pk).update(frozen_at=timezone.now())
    assert upload(client, plan, make.encoded(make.scan(90, 90), "PNG")).status_code == 423
    assert patch(client, plan, made["id"], opacity=0.1).status_code == 423
    assert client.delete(reverse("plan-underlay", args=[plan.pk, made["id"]])).status_code == 423
    assert client.get(made["url"]).status_code == 200
    assert files_in(media) == before


def test_a_level_of_another_building_is_refused(client: Client, plan: Plan, media: Path) -> None:
    other = factories.make_building(levels=1)
    refused = upload(client, plan, PNG, level=str(other.levels.get().key))
    assert refused.json()["code"] == "no_level"
    assert files_in(media) == []


def test_a_level_takes_only_so_many_drawings(client: Client, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    assert upload(client, plan, PNG).status_code == 201
    second = make.encoded(make.scan(300, 200), "PNG")
    refused = upload(client, plan, second)
    assert refused.json()["code"] == "too_many"
    assert Underlay.objects.count() == 1


def test_the_same_scan_under_two_plans_is_kept_once_and_swept_never(
    client: Client, plan: Plan, media: Path, planner: User
) -> None:
    from datetime import timedelta

    upload(client, plan, PNG)
    upload(client, factories.make_plan(plan.building), PNG)
    assert Underlay.objects.count() == 2
    assert len(set(Underlay.objects.values_list("sha256", flat=True))) == 1
    assert files.sweep(timedelta(seconds=-10)) == 0
    assert len(files_in(media)) == 2
    Underlay.objects.all().delete()
    assert files.sweep(timedelta(seconds=-10)) == 1
    assert files_in(media) == []


def test_a_refusal_after_the_picture_was_kept_takes_it_back(
    plan: Plan, planner: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = services.take(SimpleUploadedFile("a.png", PNG), planner)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise Unreadable("damaged")

    monkeypatch.setattr(Underlay.objects, "create", refuse)
    with pytest.raises(Unreadable):
        services.add(plan, planner, key, services.Wanted(plan.building.levels.get(ordinal=0), 1))
    assert files_in(media / "files") == []
