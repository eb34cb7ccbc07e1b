"""Short names of rooms: what stands in drawings and tables for them. No Django here."""

from collections.abc import Sequence

from facilities.plan.document import Unit


def short_names(units: Sequence[Unit]) -> dict[str, str]:
    """Each room's own number where no other has it, else the next free one from 1 on."""
    own = [unit.number for unit in units]
    found = {unit.key: unit.number for unit in units if unit.number and own.count(unit.number) == 1}
    taken, free = set(found.values()), 1
    for unit in units:
        if unit.key not in found:
            while str(free) in taken:
                free += 1
            found[unit.key] = str(free)
            taken.add(str(free))
    return found
