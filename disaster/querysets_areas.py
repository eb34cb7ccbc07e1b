"""Which areas a question is about."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.expressions import RawSQL

Areas = Iterable[int] | None


def within(path: str, areas: Areas) -> Q:
    """What lies in areas (primary keys; None: anywhere), by the path to an area or its key.

    As one array that is joined: of a written-out list of thousands the database guesses the number of rows from the
    statistics of before they were imported, finds one, and then compares everything with everything.
    """
    return Q() if areas is None else Q(**{f"{path}__in": RawSQL("SELECT unnest(%s::bigint[])", [sorted(areas)])})
