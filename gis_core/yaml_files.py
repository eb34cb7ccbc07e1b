"""Reading the YAML files that we ship."""

from pathlib import Path
from typing import Any

import yaml

# libyaml takes a tenth of the time; not every build of PyYAML has it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """What a file holds. Raises yaml.YAMLError with the place of the fault."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
