"""Measures every case and prints the table."""

from vacanthouses.models import VacantHouse

from .askers import over_http
from .bench import Bench, Result, session_headers, token_headers
from .cases import cases


def run(rounds: int) -> int:
    """Prints milliseconds and ratios; returns 1 when the WSGI stack exceeds a promised ratio."""
    print(f"{VacantHouse.objects.count():,} vacant houses; medians of {rounds}, in milliseconds")
    results = _table("session", Bench(rounds, session_headers()))
    results += _table("token", Bench(rounds, token_headers()))
    with over_http() as ask:
        _table("token, over HTTP to gunicorn", Bench(rounds, token_headers(), ask))
    return int(not all(result.passes for result in results))


def _table(title: str, bench: Bench) -> list[Result]:
    print(f"\n{title:<42}{'request':>9}{'its read':>10}{'ratio':>7}{'all its SQL':>15}{'ratio':>7}{'kB':>8}")
    results = []
    for case in cases():
        results.append(bench.measure(case))
        print(_line(results[-1]), flush=True)
    return results


def _line(found: Result) -> str:
    read = f"{found.read_ms:10.2f}{found.ratio:7.2f}" if found.ratio else f"{'–':>10}{'–':>7}"
    every = f"{found.statements_ms:10.2f} ({found.statements:2}){found.request_ms / found.statements_ms:7.2f}"
    warning = "" if found.passes else f"  over {found.case.limit}"
    return f"{found.case.name:<42}{found.request_ms:9.2f}{read}{every}{found.size / 1000:8.1f}{warning}"
