"""Two people changed the same field: what the second one sees, and what they chose."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_core.editing import Conflict
from gis_core.layers.layer import Layer

from .states import StateText, field_title
from .submitted import hidden_fields

_SIDES: tuple[Literal["base", "current", "yours"], ...] = ("base", "current", "yours")


# What the form of a conflict says beside the fields; with a hyphen, so that no field is ever called so.
ASKED, SENT = "conflict-asked", "conflict-sent"


@dataclass(frozen=True)
class Choice:
    """A field both changed, as texts; ``input_name`` is what the form calls it."""

    name: str
    input_name: str
    title: str
    base: str
    theirs: str
    mine: str
    is_shape: bool
    picked: str


def _input_name(layer: Layer, name: str) -> str:
    return {layer.geometry: "geometry", layer.outline: "outline"}.get(name, name)


def conflict_context(
    layer: Layer, user: Any, conflict: Conflict, data: dict[str, Any], posted: QueryDict
) -> dict[str, Any]:
    """For the page that asks field by field. ``kept`` are the inputs that go on unasked: nothing typed is lost."""
    hidden = hidden_fields(layer, user, conflict.current)
    difference = {name: parts for name, parts in conflict.difference.items() if name not in hidden}
    texts = StateText(layer, [(name, parts[side]) for name, parts in difference.items() for side in _SIDES])
    choices = [
        Choice(
            name=name,
            input_name=_input_name(layer, name),
            title=field_title(layer, name),
            base=texts.of(name, parts["base"]),
            theirs=texts.of(name, parts["current"]),
            mine=texts.of(name, parts["yours"]),
            is_shape=name in layer.geometry_fields,
            picked=posted.get(f"choice-{_input_name(layer, name)}", ""),
        )
        for name, parts in difference.items()
    ]
    shapes = {choice.input_name: difference[choice.name] for choice in choices if choice.is_shape}
    current = conflict.current
    return {
        "layer": layer,
        "record": current,
        "choices": choices,
        "others": [field_title(layer, name) for name in conflict.others if name not in hidden],
        "kept": _kept(layer, conflict, data, posted),
        "base_version": posted.get("base_version") or posted.get("version", ""),
        "version": current.version,
        "mine": json.dumps({name: parts["yours"] for name, parts in shapes.items()}) if shapes else "",
        "theirs": json.dumps({name: parts["current"] for name, parts in shapes.items()}) if shapes else "",
        "their_name": str(current.updated_by or _("somebody")),
        "their_time": current.updated_at,
        "action": reverse("record-edit", args=[layer, current.pk]),
        "panel_url": reverse("record-panel", args=[layer, current.pk]),
        "cancel_url": reverse("record-detail", args=[layer, current.pk]),
    }


def _kept(layer: Layer, conflict: Conflict, data: dict[str, Any], posted: QueryDict) -> list[tuple[str, str]]:
    """My inputs, but for fields only the other one changed: those stay as they now are."""
    kept: list[tuple[str, str]] = []
    for name, value in data.items():
        if name not in conflict.others:
            kept.append((SENT, name))
            kept.extend((name, item) for item in (value if isinstance(value, list) else [value]))
    for name in layer.geometry_fields:
        input_name = _input_name(layer, name)
        if name in conflict.others:
            continue
        clash = conflict.difference.get(name)
        kept.append((input_name, json.dumps(clash["yours"]) if clash else posted.get(input_name, "")))
        if input_name == "geometry" and not clash:
            kept.extend((typed, str(posted[typed])) for typed in ("lon", "lat") if typed in posted)
    if posted.get("repair") == "on":
        kept.append(("repair", "on"))
    return kept


def is_resolved(posted: QueryDict) -> bool:
    """Whether the form is an answer to a conflict in which every field has been decided."""
    return ASKED in posted and all(posted.get(f"choice-{name}") for name in posted.getlist(ASKED))


def left_to_the_other(posted: QueryDict, name: str) -> bool:
    """Whether this input is not to be written: the other one's value was chosen, or only they had changed it."""
    if posted.get(f"choice-{name}") == "theirs":
        return True
    return name not in {"geometry", "outline"} and name not in posted.getlist(SENT)
