"""A process that writes in the ledger until somebody kills it: python -m tests.disaster.ledger_writer SEED DEPOTS LOTS.

What it prints was answered: ``took KEY`` after the commit, ``refused KEY`` where nothing was written.
"""

import random
import sys

import django


def main() -> None:
    django.setup()
    from disaster.models import Depot, Lot
    from gis_core.models import User
    from tests.disaster.ledger_support import World, carry_out, random_ask

    seed, depots, lots = sys.argv[1:4]
    world = World(
        [Depot.objects.get(pk=pk) for pk in depots.split(",")],
        [Lot.objects.select_related("item").get(pk=pk) for pk in lots.split(",")],
    )
    user = User.objects.get(username="officer")
    rng = random.Random(int(seed))
    while True:
        ask = random_ask(rng, world)
        taken = carry_out(user, world, ask)
        print("took" if taken else "refused", ask.key, flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        # The database that was killed under it.
        print(f"ended by {type(error).__name__}", file=sys.stderr)  # noqa: T201
        sys.exit(3)
