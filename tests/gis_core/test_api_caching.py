"""What has not changed is not sent again, and what has changed always is."""

import gzip

import pytest

from gis_core.models import AdminArea, Role
from tests.conftest import Api
from tests.factories import make_centre, make_house, make_user, place
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db

TILE = "collections/vacant-houses/tiles/WebMercatorQuad/9/202/437"
READS = ["collections/vacant-houses/items", "collections/vacant-houses/items/{id}", TILE]
reads = pytest.mark.parametrize("path", READS)


@pytest.fixture
def house(territory):
    return make_house(place(100, 100))


@reads
@pytest.mark.parametrize(
    "form", ["{tag}", "W/{tag}", '"x", {tag}', 'W/"x", W/{tag}, "y"', "*", '"x" , {tag} '], ids=lambda form: form
)
def test_what_one_has_already_is_answered_with_304(house, manager, path, form):
    api, path = Api(manager), path.format(id=house.pk)
    first = api.get(path)
    tag = first["ETag"]
    again = api.get(path, if_none_match=form.format(tag=tag.removeprefix("W/")))
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == tag
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"


@reads
@pytest.mark.parametrize("header", ['"x"', "x", "", 'W/"', '"1.2"'])
def test_another_tag_gets_the_whole_answer(house, manager, path, header):
    path = path.format(id=house.pk)
    assert Api(manager).get(path, if_none_match=header).status_code == 200


@reads
@pytest.mark.parametrize("change", ["facts", "place", "retired", "deleted"])
def test_every_change_makes_another_tag(house, manager, path, change):
    api, path = Api(manager), path.format(id=house.pk)
    tag = api.get(path)["ETag"]
    record = VacantHouse.objects.filter(pk=house.pk)
    match change:
        case "facts":
            record.update(note="seen")
        case "place":
            record.update(location=make_house(place(900, 900)).location)
        case "retired":
            record.update(retired_at="2026-05-01T00:00:00Z")
        case "deleted":
            record.delete()
    after = api.get(path, if_none_match=tag)
    assert after.status_code in ((404,) if "items/" in path and change in ("retired", "deleted") else (200,))
    assert after.get("ETag") != tag


@pytest.mark.parametrize("path", READS[:1] + READS[2:])
def test_a_new_house_and_a_renamed_town_make_another_tag(house, territory, manager, path):
    api = Api(manager)
    seen = [api.get(path)["ETag"]]
    make_house(place(5, 5))
    seen.append(api.get(path)["ETag"])
    AdminArea.objects.filter(pk=territory.unbong.pk).update(name="새 이름")
    seen.append(api.get(path)["ETag"])
    make_centre()
    assert api.get(path)["ETag"] == seen[-1]
    assert len(set(seen)) == 3


@pytest.mark.parametrize("path", READS[:1] + READS[2:])
def test_another_scope_and_another_question_make_another_tag(house, territory, manager, viewer, surveyor, path):
    second = make_user("second", (Role.SURVEYOR, territory.unbong))
    wider = make_user("wider", (Role.SURVEYOR, territory.namwon))
    tags = {user.username: Api(user).get(path)["ETag"] for user in (manager, viewer, surveyor, second, wider)}
    assert tags["surveyor"] == tags["second"]
    assert len(set(tags.values())) == 4
    asked = {
        Api(manager).get(path, params)["ETag"] for params in ({}, {"grade": "1"}, {"grade": ["1", "2"]}, {"q": "1"})
    }
    assert len(asked) == 4


def test_another_page_and_another_system_make_another_tag(house, manager):
    api = Api(manager)
    questions = ({}, {"limit": 5}, {"offset": 1}, {"bbox": "127,35,128,36"}, {"datetime": "2024-05-01"})
    assert len({api.get(READS[0], params)["ETag"] for params in questions}) == len(questions)
    crs = {"crs": "http://www.opengis.net/def/crs/EPSG/0/5179"}
    assert api.get(READS[0], crs)["ETag"] != api.get(READS[0])["ETag"]


def test_public_areas_may_be_kept_by_everybody_and_others_by_their_reader_only(territory, manager):
    make_house()
    for path, kind in (("collections/areas/items", "public"), ("collections/vacant-houses/items", "private")):
        response = Api(manager).get(path)
        assert response["Cache-Control"] == f"{kind}, no-cache"
        assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}


def test_large_answers_travel_compressed_and_their_tag_still_holds(territory, manager):
    for x in range(20):
        make_house(place(x, x))
    api = Api(manager)
    plain, packed = (api.get(READS[0], **headers) for headers in ({}, {"accept_encoding": "gzip"}))
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert gzip.decompress(packed.content).count(b'"Feature"') == 20
    assert api.get(READS[0], accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304
    one = READS[1].format(id=VacantHouse.objects.first().pk)
    tag = api.get(one, accept_encoding="gzip")["ETag"]
    assert api.patch(one, {"properties": {"grade": "1"}}, if_match=tag).status_code == 200


def test_unchanged_tiles_are_not_made_again(house, manager, monkeypatch):
    from gis_core.tiles import vector

    api = Api(manager)
    tag = api.get(TILE)["ETag"]
    monkeypatch.setattr(vector, "render", lambda *args: pytest.fail("made again"))
    assert api.get(TILE, if_none_match=tag).status_code == 304


def test_pages_for_people_are_never_taken_for_the_data(house, manager):
    api = Api(manager)
    for path in READS[:2]:
        path = path.format(id=house.pk)
        tag = api.get(path)["ETag"]
        page = api.get(path, {"f": "html"}, if_none_match=tag)
        assert page.status_code == 200
        assert page["Content-Type"].startswith("text/html")
