"""Reading an uploaded flood map in a process of its own. No Django here."""

import json
import subprocess
import sys
from pathlib import Path

from .reading import Facts, FloodRefused

SECONDS = 90
_ROOT = Path(__file__).resolve().parent.parent.parent


def take(source: Path, target: Path) -> Facts:
    """``reading.take``. Raises FloodRefused, also for what takes too much time or memory; no target is left then."""
    try:
        facts = _take(source, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return facts


def _take(source: Path, target: Path) -> Facts:
    command = [sys.executable, "-m", "disaster.floods.reading", str(source), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False)
    except subprocess.TimeoutExpired as error:
        raise FloodRefused("too_heavy") from error
    if done.returncode < 0:
        # Stopped by a limit, or by the library itself where memory ran out.
        raise FloodRefused("too_heavy")
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    found = json.loads(done.stdout)
    if "refused" in found:
        raise FloodRefused(found["refused"], found["value"])
    return Facts(**{**found, "bounds": tuple(found["bounds"])})
