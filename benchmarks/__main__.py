"""python -m benchmarks [--houses N] [--meters N] [--visits N] [--rounds N] [--fresh] (benchmarks/README.md)."""

import argparse
import os
import subprocess
import sys

from .database import fill, use_own_database


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "--houses", type=int, default=1_500_000, help="how many vacant houses there are (default: 1.5 million)"
    )
    parser.add_argument(
        "--meters", type=int, default=1_000_000, help="how many meters are screened (default: a million)"
    )
    parser.add_argument("--rounds", type=int, default=30, help="how often each request is timed (default: 30)")
    parser.add_argument("--visits", type=int, default=1_000, help="how many visits phones send (default: 1,000)")
    parser.add_argument("--fresh", action="store_true", help="make the benchmarks' database anew")
    arguments = parser.parse_args()
    # In a process and a database of its own: Django is set up once per process.
    synced = subprocess.run([sys.executable, "-m", "benchmarks.sync", "--visits", str(arguments.visits)], check=False)
    use_own_database(arguments.fresh)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")

    import django

    django.setup()
    seconds = fill(arguments.houses)
    if seconds is not None:
        print(f"Houses loaded in {seconds:.0f} s")

    from . import ledger, overdue, plans, progress, readiness, report, screening, suggestions

    return max(
        synced.returncode,
        report.run(arguments.rounds),
        plans.run(arguments.rounds),
        progress.run(min(arguments.rounds, 5)),
        screening.run(arguments.meters, min(arguments.rounds, 3)),
        readiness.run(min(arguments.rounds, 3)),
        ledger.run(),
        overdue.run(min(arguments.rounds, 5)),
        suggestions.run(suggestions.TOWNS, min(arguments.rounds, 3)),
    )


if __name__ == "__main__":
    sys.exit(main())
