"""Which tiles a crew takes along: everything at one look, detail around the houses, and never too many."""

from gis_core.tiles.cover import DEEPEST, MOST, Source, cover

HOUSE = (127.54, 35.44)
FAR = [(127.40 + step / 50, 35.36 + step / 60) for step in range(12)]


def test_one_house_gives_a_look_and_everything_down_to_the_deepest_zoom() -> None:
    (found,) = cover([HOUSE], [Source(0, 22)])
    assert found.last == DEEPEST
    assert found.whole == DEEPEST, "around one house the whole is little"
    assert not found.is_cut
    assert {zoom for zoom, _column, _row in found.tiles} == set(range(found.first, DEEPEST + 1))
    assert len(found.tiles) == len(set(found.tiles)) < 60


def test_a_wide_area_has_detail_around_its_houses_only() -> None:
    (found,) = cover(FAR, [Source(0, 22)])
    assert found.first < found.whole < found.last
    deepest = [tile for tile in found.tiles if tile[0] == found.last]
    assert len(deepest) <= 16 * len(FAR)


def test_a_limit_takes_the_finest_detail_from_all_maps_alike_and_says_so() -> None:
    ample = cover(FAR, [Source(0, 22), Source(0, 22)])
    tight = cover(FAR, [Source(0, 22), Source(0, 22)], most=200)
    assert [each.is_cut for each in ample] == [False, False]
    assert [each.is_cut for each in tight] == [True, True]
    assert tight[0].last == tight[1].last < ample[0].last
    assert sum(len(each.tiles) for each in tight) <= 200
    assert sum(len(each.tiles) for each in ample) <= MOST


def test_a_coarse_map_is_taken_as_fine_as_it_is_and_a_fine_one_from_where_it_begins() -> None:
    coarse, fine = cover([HOUSE], [Source(0, 9), Source(16, 20)])
    assert {zoom for zoom, _column, _row in coarse.tiles} == {9}
    assert (fine.first, fine.last) == (16, DEEPEST)
    assert not coarse.is_cut


def test_what_lies_outside_a_map_is_not_asked_for() -> None:
    elsewhere = Source(0, 20, (126.5, 36.8, 126.7, 37.0))
    near = Source(0, 20, (127.539, 35.439, 127.54, 35.4401))
    (nothing, something) = cover([HOUSE], [elsewhere, near])
    assert nothing.tiles == []
    assert 0 < len(something.tiles) < 20


def test_without_places_nothing_is_taken() -> None:
    (found,) = cover([], [Source(0, 20)])
    assert found.tiles == []
