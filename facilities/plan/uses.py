"""What rooms are used for: IMDF's categories in the groups that area schedules and comparisons speak of."""

from .document import SOLIDS, UNIT_CATEGORIES, VERTICAL, VOIDS

SERVICE, WORK, MEETING, RESIDENTS, STAFF = "service", "work", "meeting", "residents", "staff"
SANITARY, CIRCULATION, SUPPORT, OUTDOORS, UNDECIDED = "sanitary", "circulation", "support", "outdoors", "undecided"
VOID, STRUCTURE = "void", "structure"

# In the order in which a schedule lists them.
GROUPS: dict[str, frozenset[str]] = {
    SERVICE: frozenset({"lobby", "waitingroom"}),
    WORK: frozenset({"office"}),
    MEETING: frozenset({"conferenceroom", "huddleroom", "phoneroom"}),
    RESIDENTS: frozenset(
        """lounge recreation library classroom auditorium fitnessroom theater movietheater fieldofplay
        foodservice""".split()
    ),
    STAFF: frozenset({"privatelounge", "kitchen", "laundryroom", "shower", "firstaid", "smokingarea"}),
    SANITARY: frozenset({"mothersroom", *(name for name in UNIT_CATEGORIES if name.startswith("restroom"))}),
    CIRCULATION: frozenset({"walkway", "footbridge", *VERTICAL}),
    SUPPORT: frozenset({"storage", "serverroom", "mailroom", "nonpublic", "parking"}),
    OUTDOORS: frozenset({"terrace", "vegetation", "unenclosedarea", "platform", "road"}),
    UNDECIDED: frozenset({"room", "unspecified"}),
    VOID: VOIDS,
    STRUCTURE: SOLIDS,
}
_GROUP_OF = {category: group for group, categories in GROUPS.items() for category in categories}

# Where residents meet, learn and rest. A meeting room counts when it is open to them.
SHARED = GROUPS[RESIDENTS] | {"conferenceroom"}
# Ways, toilets and stores serve shared space after hours but are none themselves.
_NEVER_SHARED = frozenset({SANITARY, CIRCULATION, SUPPORT, VOID, STRUCTURE})


def group_of(category: str) -> str:
    """The group of an IMDF category; one that is not known is undecided."""
    return _GROUP_OF.get(category, UNDECIDED)


def is_shared(category: str, *, is_open: bool, after_hours: bool) -> bool:
    """Whether a room is space that residents share: open to them, and either made for it (``SHARED``) or to be used
    after hours; never a way, a toilet or a store."""
    return is_open and (category in SHARED or (after_hours and group_of(category) not in _NEVER_SHARED))
