"""Merging two people's changes: nothing of either is lost, and nothing is overwritten unseen."""

from hypothesis import given
from hypothesis import strategies as st

from gis_core.editing.merge import merge

FIELDS = ["name", "kind", "note", "staff", "location"]
values = st.integers(0, 3)
states = st.fixed_dictionaries(dict.fromkeys(FIELDS, values))
partial = st.dictionaries(st.sampled_from(FIELDS), values)


@given(states, partial, states)
def test_every_field_is_mine_theirs_or_a_clash(base, mine, theirs):
    found = merge(base, mine, theirs)
    assert found.merged.keys() == theirs.keys()
    for name in FIELDS:
        wanted = mine.get(name, base[name])
        if name in found.clashes:
            assert wanted != base[name]
            assert theirs[name] != base[name]
            assert wanted != theirs[name]
            assert found.merged[name] == theirs[name]
        elif wanted != base[name]:
            assert found.merged[name] == wanted
        else:
            assert found.merged[name] == theirs[name]


@given(states, st.sets(st.sampled_from(FIELDS)), states, states)
def test_changes_of_different_fields_are_both_kept_without_a_clash(base, my_fields, my_values, their_values):
    mine = {name: my_values[name] if name in my_fields else base[name] for name in FIELDS}
    theirs = {name: base[name] if name in my_fields else their_values[name] for name in FIELDS}
    found = merge(base, mine, theirs)
    assert found.clashes == []
    assert found.merged == {**theirs, **{name: mine[name] for name in my_fields}}


@given(states, states, states)
def test_who_comes_second_makes_no_difference_where_nothing_clashes(base, one, other):
    first, second = merge(base, one, other), merge(base, other, one)
    assert sorted(first.clashes) == sorted(second.clashes)
    for name in FIELDS:
        if name not in first.clashes:
            assert first.merged[name] == second.merged[name]


@given(states, partial, states)
def test_merging_again_changes_nothing(base, mine, theirs):
    once = merge(base, mine, theirs).merged
    settled = {name: value for name, value in mine.items() if once[name] == value}
    assert merge(base, settled, once).merged == once


@given(states, states)
def test_the_same_change_twice_is_no_clash(base, changed):
    found = merge(base, changed, changed)
    assert found.clashes == []
    assert found.merged == changed
    assert found.theirs == []


@given(states, states)
def test_who_changed_nothing_takes_what_the_other_wrote(base, theirs):
    found = merge(base, {}, theirs)
    assert found.merged == theirs
    assert sorted(found.theirs) == sorted(name for name in FIELDS if theirs[name] != base[name])
