"""What a test asks of its own cluster: python -m tests.disaster.ledger_server prepare | check [KEYS]."""

import sys

import django


def prepare() -> None:
    """An officer and a small world; prints the keys of its depots, then of its lots."""
    from gis_core.models import Role
    from tests.disaster.ledger_support import make_world
    from tests.factories import make_territory, make_user

    make_territory()
    make_user("officer", (Role.DISASTER_OFFICER, None))
    world = make_world(6)
    print(",".join(str(depot.pk) for depot in world.depots))  # noqa: T201
    print(",".join(str(lot.pk) for lot in world.lots))  # noqa: T201


def check(keys: list[str]) -> None:
    from disaster.models import Movement
    from tests.disaster.ledger_support import faults

    kept = {str(key) for key in Movement.objects.values_list("key", flat=True)}
    print("faults", len(faults()))  # noqa: T201
    print("lost", len(set(keys) - kept))  # noqa: T201


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        check(sys.argv[2:])
