"""The version of a layer's data: it names one state, and no change passes it by."""

import pytest
from django.db import connection, transaction

from gis_core.layers import versions
from gis_core.layers.registry import layers
from gis_core.layers.versions import data_version, etag
from gis_core.models import AdminArea, LayerChange
from tests.factories import make_centre, make_depot, make_house, make_houses, make_organisation, place
from vacanthouses.models import VacantHouse

pytestmark = pytest.mark.django_db


def version(layer_id="vacant-houses"):
    return data_version(layers.get(layer_id))


def test_every_kind_of_change_gives_a_new_version(territory):
    seen = [version()]
    house = make_house()
    seen.append(version())
    make_houses([place(10, 10), place(20, 20)])
    seen.append(version())
    VacantHouse.objects.filter(pk=house.pk).update(note="seen")
    seen.append(version())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vacanthouses_vacanthouse SET note = 'by hand'")
    seen.append(version())
    house.delete()
    seen.append(version())
    assert len(set(seen)) == len(seen)


def test_what_happens_to_other_layers_does_not_matter(territory):
    before = version()
    make_centre()
    make_depot()
    assert version() == before


def test_a_renamed_area_gives_every_layer_that_names_it_a_new_version(territory):
    before = {layer.id: version(layer.id) for layer in layers}
    AdminArea.objects.filter(pk=territory.unbong.pk).update(name="새 이름")
    assert all(version(layer.id) != before[layer.id] for layer in layers)


def test_a_renamed_keeper_gives_depots_a_new_version_and_not_houses(territory):
    keeper = make_organisation()
    before = version("depots"), version()
    keeper.name = "새 이름"
    keeper.save()
    assert version("depots") != before[0]
    assert version() == before[1]


def test_what_was_rolled_back_has_not_happened(territory):
    before = version()
    with transaction.atomic():
        make_house()
        transaction.set_rollback(True)
    assert version() == before


def test_shortening_the_list_of_changes_gives_a_version_that_never_was(territory):
    seen = set()
    for _ in range(3):
        make_house()
        seen.add(version())
        versions.compact()
        assert version() not in seen
        seen.add(version())
    assert LayerChange.objects.filter(table_name="vacanthouses_vacanthouse").count() == 1


def test_tags_are_quoted_and_tell_their_parts_apart():
    assert etag("1.2", "a", "b") != etag("1.2", "ab")
    assert etag("1.2", 1) == etag("1.2", "1")
    assert etag("1.2").startswith('"')
    assert etag("1.2").endswith('"')


@pytest.mark.django_db(transaction=True)
def test_no_order_of_commits_hides_a_change(other_connection):
    """The one who began first commits last: the version must still change with each commit."""
    seen = [version("centres")]
    with other_connection() as early:
        early.execute("BEGIN")
        early.execute("INSERT INTO gis_core_layerchange (table_name) VALUES ('facilities_centre')")
        LayerChange.objects.create(table_name="facilities_centre")
        seen.append(version("centres"))
        early.execute("COMMIT")
        seen.append(version("centres"))
    assert len(set(seen)) == 3


@pytest.mark.django_db(transaction=True)
def test_shortening_the_list_beside_a_writer_hides_nothing(other_connection):
    make_centre(place(0, 0))
    with other_connection() as writer:
        writer.execute("BEGIN")
        writer.execute("INSERT INTO gis_core_layerchange (table_name) VALUES ('facilities_centre')")
        versions.compact()
        before = version("centres")
        writer.execute("COMMIT")
    assert version("centres") != before
    versions.compact()
    assert version("centres") != before
