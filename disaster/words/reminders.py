"""Mails that remind of inspections, in the language that is active."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .schedules import day_text


def subject(late: int, near: int) -> str:
    if late and near:
        told = _("[Dongne] Inspections: %(late)d overdue, %(near)d due within 7 days")
    elif late:
        told = _("[Dongne] Inspections: %(late)d overdue")
    else:
        told = _("[Dongne] Inspections: %(near)d due within 7 days")
    return told % {"late": late, "near": near}


def overdue(number: int) -> str:
    return ngettext("%(number)d inspection is overdue:", "%(number)d inspections are overdue:", number) % {
        "number": number
    }


def soon(number: int) -> str:
    return ngettext(
        "%(number)d inspection is due within 7 days:", "%(number)d inspections are due within 7 days:", number
    ) % {"number": number}


def part(title: str, schedules: list[Any], number: int) -> str:
    """A heading with a line for each; "" where there is none."""
    if not schedules:
        return ""
    lines = [f"- {day_text(each.next_due)} {_place(each)}: {each.title}" for each in schedules]
    if number > len(schedules):
        lines.append(_("- and %(number)d more") % {"number": number - len(schedules)})
    return "\n".join([title, *lines])


def _place(schedule: Any) -> str:
    depot = schedule.depot
    return f"{depot.area.name} {depot.name}" if depot.area else str(depot.name)


def text(user: Any, parts: Iterable[str], site: str) -> str:
    """The whole mail; ``site`` is the address of this server, "" where it is not set."""
    greeting = _("Dear %(name)s,") % {"name": user}
    where = _("All of them: %(address)s") % {"address": site + reverse("inspection-due")} if site else ""
    why = _("You get this mail because you look after depots. The office turns these mails on and off.")
    return "\n\n".join(filter(None, [greeting, *parts, where, why])) + "\n"
