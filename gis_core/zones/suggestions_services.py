"""Suggestions as work in the background: gathering, growing, and what is kept of it."""

import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_core import jobs
from gis_core.editing.errors import Invalid
from gis_core.models import AdminArea, Job

from . import adjacency
from . import suggestions_querysets as querysets
from .suggestions import Candidate, Help, PartName, Wish, suggest
from .suggestions_forms import WEIGHTS

KEY = "suggestions"


@jobs.background
def suggest_zones(job: jobs.Handle, area: int | None, wish: dict[str, Any]) -> dict[str, Any]:
    """The candidates among the towns of an area (None: of everywhere) as its owner sees them."""
    asked = Wish(**{**wish, "weights": {PartName(name): value for name, value in wish["weights"].items()}})
    job.progress(0, None, _("Reading what the towns have …"))
    found_area = AdminArea.objects.filter(pk=area).first() if area else None
    towns = querysets.towns_below(found_area)
    if asked.town is not None and asked.town not in towns:
        raise jobs.JobError(_("The town does not lie in the area that was chosen."))
    if len(towns) < asked.least:
        raise jobs.JobError(_("There are fewer towns than a set shall have."))
    resources = querysets.resources(job.job.created_by, towns, timezone.localdate())
    job.progress(0, None, _("Reading the borders of %(number)s towns …") % {"number": len(towns)})
    facts = querysets.facts(towns, resources, adjacency.pairs(towns))
    job.progress(0, len(towns), _("Growing sets from town to town …"))
    candidates = suggest(facts, asked, job.progress)
    kept = _kept(candidates, [each.title for each in resources])
    kept[KEY] |= {
        "wish": wish, "area": area, "towns": len(towns), "has_movements": bool(facts.movements),
        "has_minutes": bool(facts.minutes), "resources": len(resources),
    }  # fmt: skip
    job.finish({**kept, "link": reverse("zone-suggestions", args=[job.job.pk])})
    job.message = _("Candidates: %(number)s") % {"number": len(candidates)}
    return job.report


def _kept(candidates: list[Candidate], titles: list[str]) -> dict[str, Any]:
    names = dict(
        AdminArea.objects.filter(pk__in={pk for each in candidates for pk in each.members}).values_list(
            "pk", "full_name"
        )
    )
    used = sorted({each.resource for candidate in candidates for each in candidate.helps})
    rows = [
        [f"{100 * each.score:.0f}", ", ".join(names[pk] for pk in each.members),
         *("" if value is None else f"{100 * value:.0f}" for value in (each.parts[part] for part in PartName))]
        for each in candidates
    ]  # fmt: skip
    return {
        "columns": [_("Points"), _("Towns"), *(str(WEIGHTS[part]) for part in PartName)],
        "rows": rows,
        KEY: {"candidates": [asdict(each) for each in candidates], "titles": {bit: titles[bit] for bit in used}},
    }


def start(user: Any, area: AdminArea | None, wish: Wish, token: uuid.UUID) -> Job:
    """The job that looks for candidates; the one that this form started, where it was sent twice. Raises Invalid for
    somebody else's token."""
    facts = {
        "kind": suggest_zones.module_path, "created_by": user, "language": get_language() or "ko",
        "title": _("Suggested zones: %(area)s") % {"area": area or _("all areas")},
    }  # fmt: skip
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(pk=token, defaults=facts)
        if is_new:
            suggest_zones.enqueue(str(job.pk), area=area.pk if area else None, wish=asdict(wish))
    if job.created_by_id != user.pk:
        raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
    job.refresh_from_db()
    return job


def candidates_of(job: Job) -> list[Candidate]:
    """What a finished job has kept."""
    found = []
    for body in job.report[KEY]["candidates"]:
        values = {**body, "members": tuple(body["members"])}
        values["parts"] = {PartName(name): value for name, value in body["parts"].items()}
        values["helps"] = tuple(Help(**each) for each in body["helps"])
        found.append(Candidate(**values))
    return found
