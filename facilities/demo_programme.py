"""The demo data of the programme: projects on the demo centres, who took part, norms, and Seoul's reported figures."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from gis_core.demo import fixtures

from .models import (
    AreaStandard,
    Centre,
    Meeting,
    Plan,
    Programme,
    ProgrammeFigure,
    ProjectBudget,
    ProjectStage,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    SurveyScore,
    Unit,
    UnitCost,
)
from .models.plans import PlanStatus

MILLION = 1_000_000
# What the sample values of norms say where they come from.
SAMPLE = "예시"


def load() -> dict[str, int]:
    """Make what is not there yet; the centres and their plans come first."""
    return {"redesign projects": _projects(), "norms and unit costs": _values(), "programmes": _programmes()}


def _projects() -> int:
    if RedesignProject.objects.filter(is_example=True).exists():
        return 0
    rows = fixtures.parameters("projects")["projects"]
    for row in rows:
        _project(row)
    return len(rows)


def _day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def _day_or_none(offset: int | None) -> date | None:
    return None if offset is None else _day(offset)


def _year(offset: int) -> int:
    return timezone.localdate().year + offset


def _project(row: dict[str, Any]) -> None:
    centre = Centre.objects.get(name=row["centre"], is_example=True)
    place = {"location": centre.location, "area_id": centre.area_id, "is_example": True}
    year = _year(row["year"])
    project = RedesignProject.objects.create(
        centre=centre,
        name=f"{centre.name} 공간개선",
        year=year,
        stage=row["stage"],
        kind=row.get("kind", "whole"),
        master_planner=row.get("master_planner", ""),
        architect=row.get("architect", ""),
        agreed_plan=_agreed(centre),
        **place,
    )
    for stage, (planned, reached) in row["stages"].items():
        days = {"planned_on": _day_or_none(planned), "reached_on": _day_or_none(reached)}
        ProjectStage.objects.create(project=project, stage=stage, **days)
    for each in row.get("budgets", ()):
        ProjectBudget.objects.create(
            project=project, year=_year(each["year"]), budget_krw=each["budget"], executed_krw=each.get("executed")
        )
    meetings = {each["name"]: _meeting(project, each, place) for each in row.get("meetings", ())}
    for each in row.get("requests", ()):
        _request(project, each, meetings, place)
    for each in row.get("surveys", ()):
        _survey(project, each, place)


def _agreed(centre: Centre) -> Plan | None:
    settled = Plan.objects.live().filter(building__centre=centre, status__in=(PlanStatus.AGREED, PlanStatus.AS_BUILT))
    return settled.order_by("pk").first()


def _meeting(project: RedesignProject, row: dict[str, Any], place: dict[str, Any]) -> Meeting:
    columns = ("name", "kind", "place", "residents", "staff", "architects", "master_planners", "others", "minutes")
    facts = {name: row[name] for name in columns if name in row}
    return Meeting.objects.create(project=project, held_on=_day(row["held"]), **facts, **place)


def _request(
    project: RedesignProject, row: dict[str, Any], meetings: dict[str, Meeting], place: dict[str, Any]
) -> None:
    Request.objects.create(
        project=project,
        meeting=meetings[row["meeting"]] if "meeting" in row else None,
        asked=row["asked"],
        group=row["group"],
        answer=row["answer"],
        reason=row.get("reason", ""),
        answered_on=_day_or_none(row.get("answered")),
        unit_keys=_rooms(project, row.get("rooms", ())),
        plan=project.agreed_plan if row["answer"] == "adopted" else None,
        **place,
    )


def _rooms(project: RedesignProject, names: Any) -> list[UUID]:
    """Keys of the rooms so called as they are or as agreed. Raises LookupError for a name that neither has."""
    units = Unit.objects.filter(plan__building__centre=project.centre_id).exclude(plan__status=PlanStatus.OPTION)
    if not names or not units.exists():
        return []
    found = dict(units.filter(name_ko__in=names).values_list("key", "name_ko"))
    missing = set(names) - set(found.values())
    if missing:
        raise LookupError(f"projects.yaml names rooms {sorted(missing)}, which no plan of {project.centre} has")
    return sorted(found)


def _survey(project: RedesignProject, row: dict[str, Any], place: dict[str, Any]) -> None:
    survey = SatisfactionSurvey.objects.create(
        project=project,
        name=row["name"],
        moment=row["moment"],
        held_on=_day(row["held"]),
        respondents=row["respondents"],
        **place,
    )
    for question, mean in row["scores"].items():
        SurveyScore.objects.create(survey=survey, question=question, mean=str(mean), respondents=row["respondents"])


def _values() -> int:
    if AreaStandard.objects.filter(is_example=True).exists():
        return 0
    given = fixtures.parameters("projects")
    common = {"source": SAMPLE, "note": "공식 기준이 아닌 예시 값입니다.", "is_example": True}
    for row in given["standards"]:
        facts = {name: row[name] for name in ("code", "name", "value", "unit", "applies_to")}
        AreaStandard.objects.create(**facts, effective_from=_day(row["from"]), **common)
    for row in given["unit_costs"]:
        UnitCost.objects.create(item=row["item"], krw=row["krw"], effective_from=_day(row["from"]), **common)
    return len(given["standards"]) + len(given["unit_costs"])


def _programmes() -> int:
    if Programme.objects.exists():
        return 0
    rows = fixtures.parameters("programmes")
    for row in rows:
        load_programme(row)
    return len(rows)


def load_programme(row: dict[str, Any]) -> Programme:
    """A programme of ``programmes.yaml``: its reported figures with their source. Figures reported are no examples."""
    programme = Programme.objects.create(
        **{name: row[name] for name in ("name", "area_name", "source")}, note=row.get("note", "")
    )
    for figures in [*row["years"], {"year": None, **row.get("whole_time", {})}]:
        values = {name: value for name, value in figures.items() if name not in {"budget", "executed"}}
        for name in ("budget", "executed"):
            if name in figures:
                values[f"{name}_krw"] = figures[name] * MILLION
        ProgrammeFigure.objects.create(programme=programme, source=row["source"], **values)
    return programme
