"""Changing redesign projects: their stage, the dates of their stages, their money, and where they lie."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities import stages
from facilities.models import (
    Centre,
    Meeting,
    Programme,
    ProgrammeFigure,
    ProjectBudget,
    ProjectStage,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    Stage,
)
from gis_core import permissions
from gis_core.editing import NotAllowed, save
from gis_core.layers.registry import layers

from .rows import Row, note_change_of, write_rows


def dates_of(project: RedesignProject) -> dict[str, stages.Dates]:
    """The dates of a project's stages, as the rules take them."""
    return {row.stage: stages.Dates(row.planned_on, row.reached_on) for row in project.stages.all()}


def _locked(project: RedesignProject, user: Any) -> RedesignProject:
    """The project, locked, so that two tables of it are written one after the other. Raises NotAllowed."""
    found: RedesignProject = RedesignProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if found.retired_at or not permissions.can_change(user, layers.get("redesign-projects"), found):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    return found


@transaction.atomic
def move(project: RedesignProject, user: Any, stage: str, reached_on: date, expected_version: int) -> RedesignProject:
    """Put a project into a stage that it reached on a day; sent twice, it moves once. Raises as ``editing.save``."""
    layer = layers.get("redesign-projects")
    there = RedesignProject.objects.filter(pk=project.pk, stage=stage, stages__stage=stage)
    if (same := there.filter(stages__reached_on=reached_on).first()) is not None:
        return same
    saved = save(layer, user, {"stage": stage}, record=project, expected_version=expected_version, partial=True)
    made, new = ProjectStage.objects.get_or_create(
        project=saved.record,
        stage=stage,
        defaults={"reached_on": reached_on, "created_by": user, "updated_by": user},
    )
    if not new and made.reached_on != reached_on:
        ProjectStage.objects.filter(pk=made.pk).update(reached_on=reached_on, updated_by=user)
    moved: RedesignProject = saved.record
    return moved


@transaction.atomic
def save_stages(project: RedesignProject, user: Any, rows: Iterable[Row]) -> tuple[int, Stage | None]:
    """Write the dates; returns how many rows changed, and the stage when the project went on by them.

    A date in a later stage takes the project there; none takes it back. Raises NotAllowed, Invalid.
    """
    locked = _locked(project, user)
    changed = write_rows(ProjectStage, {"project": locked}, user, list(rows), ("stage",))
    reached = stages.furthest(dates_of(locked))
    if reached is None or Stage(reached).position <= Stage(locked.stage).position:
        return changed, None
    RedesignProject.objects.filter(pk=locked.pk).update(stage=reached, updated_by=user)
    return changed, Stage(reached)


@transaction.atomic
def save_budgets(project: RedesignProject, user: Any, rows: Iterable[Row]) -> int:
    """Write the money by year; returns how many rows changed. Raises NotAllowed, Invalid."""
    locked = _locked(project, user)
    changed = write_rows(ProjectBudget, {"project": locked}, user, list(rows), ("year",))
    if changed:
        note_change_of(RedesignProject)
    return changed


def may_change_programme(user: Any, programme: Programme) -> bool:
    """Reported figures are changed by planners of the programme's area; without an area, by those of everywhere."""
    layer = layers.get("redesign-projects")
    scope = permissions.area_scope(user, layer.access.edit)
    return permissions.can_add(user, layer) and permissions.covers(scope, [programme.area_id])


@transaction.atomic
def save_figures(programme: Programme, user: Any, rows: Iterable[Row]) -> int:
    """Write a programme's reported figures; returns how many rows changed. Raises NotAllowed, Invalid."""
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if not may_change_programme(user, locked):
        raise NotAllowed(_("This lies outside the area in which you may change records."))
    return write_rows(ProgrammeFigure, {"programme": locked}, user, list(rows), ("year", "area_name"))


def centre_moved(centre: Centre, _before: Any, user: Any) -> None:
    """Take along what lies where the centre lies."""
    projects = RedesignProject.objects.filter(centre=centre)
    projects.update(location=centre.location, area_id=centre.area_id, updated_by=user)
    _carry(projects.values("pk"), centre, user)


def project_moved(project: RedesignProject, _before: Any, user: Any) -> None:
    """A project that was given to another centre takes its meetings, requests and surveys there."""
    _carry([project.pk], project, user)


def _carry(projects: Any, to: Any, user: Any) -> None:
    for model in (Meeting, Request, SatisfactionSurvey):
        model.objects.filter(project__in=projects).update(location=to.location, area_id=to.area_id, updated_by=user)
