"""Who calls whom, as lines of a tree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def makes_circle(person: int, caller: int | None, callers: Mapping[int, int | None]) -> bool:
    """Whether a person would end up being called by themselves; ``callers`` says who is called by whom so far."""
    seen: set[int] = set()
    while caller is not None and caller not in seen:
        if caller == person:
            return True
        seen.add(caller)
        caller = callers.get(caller)
    return False


def tree(people: Iterable[Any], order: Callable[[Any], Any]) -> list[tuple[int, Any]]:
    """(depth, person), each once, callers before whom they call. Who is called by nobody in the list stands at depth 0;
    so does the first of a circle, should there be one."""
    every = sorted(people, key=order)
    known = {person.pk for person in every}
    below: dict[int | None, list[Any]] = defaultdict(list)
    for person in every:
        below[person.called_by_id if person.called_by_id in known else None].append(person)
    found: list[tuple[int, Any]] = []
    done: set[int] = set()

    def add(root: Any) -> None:
        waiting = [(0, root)]
        while waiting:
            depth, person = waiting.pop()
            if person.pk not in done:
                done.add(person.pk)
                found.append((depth, person))
                waiting.extend((depth + 1, each) for each in reversed(below[person.pk]))

    for person in [*below[None], *every]:
        add(person)
    return found
