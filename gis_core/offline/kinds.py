"""Kinds of records that phones may send. A domain registers its own when its app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gis_core.models import Device


@dataclass(frozen=True)
class Sending:
    """Who sent what from where. ``skew_s``: how far the phone's clock is ahead of ours."""

    user: Any
    device: Device
    uuid: UUID
    device_time: datetime
    received_at: datetime
    skew_s: float


@dataclass(frozen=True)
class Kind:
    """``accept(sending, body, target id or None)`` writes the domain's row and gives its id; it raises Invalid or
    NotAllowed, and then nothing of it is kept. ``current(target id, body)`` is the body as the domain has it now.
    ``settle(target id, is complete)`` is told whenever that becomes known. ``statuses(target ids)`` gives what phones
    show of the office's side: at least ``state``, ``comment`` and ``is_final``, in a fixed number of statements.
    """

    id: str
    layer_id: str
    accept: Callable[[Sending, dict[str, Any], int | None], int]
    current: Callable[[int, dict[str, Any]], dict[str, Any]]
    settle: Callable[[int, bool], None]
    statuses: Callable[[list[int]], dict[int, dict[str, Any]]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.id] = kind


def get(kind_id: str) -> Kind | None:
    return _kinds.get(kind_id)
