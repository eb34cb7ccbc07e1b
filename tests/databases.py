"""One migrated test database, copied for each process of a run: migrating takes most of a minute, a copy a second.

``python -m tests.databases gw0 gw1`` makes ``<test name>_gw0`` and ``_gw1``, as pytest-xdist's processes look for them;
they then run with ``--reuse-db``.
"""

import os
import sys

import django


def main(suffixes: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    for suffix in suffixes:
        connection.creation.clone_test_db(suffix, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
