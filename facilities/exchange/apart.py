"""Reading a file in a process of its own, so that a hostile or hopeless one costs that process and nothing else.

``python -m facilities.exchange.apart`` is that process: (function, arguments) come pickled on standard input, the
answer goes pickled to standard output. Both ends are ours; the file itself is never unpickled.
"""

import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gis_core.crs import LocalFrame

from . import dxf_file, dxf_flatten, dxf_inspect, formats, report
from .dxf_inspect import DxfSummary
from .dxf_preview import Preview, preview
from .report import Imported, ImportRefused

# A drawing of 2,000 rooms takes some 14 s and 360 MB.
MEMORY_LIMIT, CPU_SECONDS, SECONDS = 3_000_000_000, 45, 90
_ROOT = Path(__file__).resolve().parent.parent.parent


def read(path: Path, options: Mapping[str, Any], frame: LocalFrame | None) -> Imported:
    """``formats.read``. Raises ImportRefused, also for what takes too long or too much memory."""
    found: Imported = _ask("read", path, dict(options), frame)
    return found


def look_at_dxf(path: Path) -> tuple[DxfSummary, Preview]:
    """What a DXF holds, and its lines to be shown. Raises ImportRefused, as ``read`` does."""
    found: tuple[DxfSummary, Preview] = _ask("look_at_dxf", path)
    return found


def _ask(task: str, *arguments: Any) -> Any:
    too_slow = ImportRefused(report.TOO_SLOW, {"seconds": CPU_SECONDS})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "facilities.exchange.apart"],
            input=pickle.dumps((task, arguments)), capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise too_slow from error
    if done.returncode < 0:
        # Stopped by a limit, or by the library itself where memory ran out.
        raise too_slow
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    outcome, *answer = pickle.loads(done.stdout)  # noqa: S301  written by ``main`` below
    if outcome == "refused":
        raise ImportRefused(*answer)
    return answer[0]


def _look(path: Path) -> tuple[DxfSummary, Preview]:
    file = dxf_file.load(path)
    flat = dxf_flatten.flatten(file.drawing)
    summary = dxf_inspect.summary_of(file, flat)
    return summary, preview(flat.pieces, {layer.key: layer.guess for layer in summary.layers})


_TASKS: dict[str, Callable[..., Any]] = {"read": formats.read, "look_at_dxf": _look}


def main() -> None:
    for what, amount in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CPU, CPU_SECONDS)):
        try:
            resource.setrlimit(what, (amount, amount))
        except (ValueError, OSError):
            continue
    task, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301  written by ``_ask`` above
    try:
        answer: tuple[Any, ...] = ("done", _TASKS[task](*arguments))
    except ImportRefused as refused:
        answer = ("refused", refused.code, refused.params)
    except MemoryError:
        answer = ("refused", report.TOO_SLOW, {"seconds": CPU_SECONDS})
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main()
