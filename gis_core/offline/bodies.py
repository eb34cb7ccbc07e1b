"""Merging two edits of a record's text. Pure.

Top-level fields are one field each, and so is each answer: two people who change different answers do not clash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis_core.editing.merge import merge

_ANSWERS = "answers"


@dataclass(frozen=True)
class Merged:
    """``clashes`` maps fields (``answers.roof``) to base, current and yours; in ``body`` these are the current ones."""

    body: dict[str, Any]
    clashes: dict[str, dict[str, Any]]
    theirs: list[str]


def merged(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    flat = [_flat(each) for each in (base, mine, theirs)]
    names = {name: None for each in flat for name in each}
    before, wanted, current = ({**names, **each} for each in flat)
    found = merge(before, wanted, current)
    clashes = {name: {"base": before[name], "current": current[name], "yours": wanted[name]} for name in found.clashes}
    return Merged(_deep(found.merged), clashes, found.theirs)


def apart(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where nothing is known that both began from: every field in which they differ is a clash."""
    wanted, current = _flat(mine), _flat(theirs)
    names = [name for name in {**current, **wanted} if wanted.get(name) != current.get(name)]
    return {name: {"base": None, "current": current.get(name), "yours": wanted.get(name)} for name in names}


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    answers = body.get(_ANSWERS) or {}
    return {
        **{name: value for name, value in body.items() if name != _ANSWERS},
        **{f"{_ANSWERS}.{name}": value for name, value in answers.items()},
    }


def _deep(flat: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{_ANSWERS}."
    body = {name: value for name, value in flat.items() if not name.startswith(prefix)}
    answers = {name.removeprefix(prefix): value for name, value in flat.items() if name.startswith(prefix)}
    return {**body, _ANSWERS: {name: value for name, value in answers.items() if value is not None}}
