"""Projects and those who take part in them, to test with."""

from datetime import date
from typing import Any

from shapely import box

from facilities.models import (
    Building,
    Level,
    Meeting,
    Plan,
    ProjectBudget,
    ProjectStage,
    RedesignProject,
    Request,
    SatisfactionSurvey,
    SurveyScore,
    Unit,
)
from facilities.services.documents import in_world, to_local_geos
from tests.factories import make_centre

PROJECT_FORM = ("centre", "name", "year", "kind", "stage", "master_planner", "architect", "agreed_plan", "note")


def make_project(centre: Any = None, **values: Any) -> RedesignProject:
    centre = centre or make_centre()
    place = {"location": centre.location, "area": centre.area}
    return RedesignProject.objects.create(
        **{"centre": centre, "name": f"{centre} 개선", "year": 2026, **place, **values}
    )


def reach(project: RedesignProject, stage: str, reached: str | None = None, planned: str | None = None) -> ProjectStage:
    days = {"reached_on": _day(reached), "planned_on": _day(planned)}
    return ProjectStage.objects.create(project=project, stage=stage, **days)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def fund(project: RedesignProject, year: int, budget: int, executed: int | None = None) -> ProjectBudget:
    return ProjectBudget.objects.create(project=project, year=year, budget_krw=budget, executed_krw=executed)


def _at(project: RedesignProject, values: dict[str, Any]) -> dict[str, Any]:
    return {"project": project, "location": project.location, "area": project.area, **values}


def make_meeting(project: RedesignProject, **values: Any) -> Meeting:
    return Meeting.objects.create(**_at(project, {"name": "주민 간담회", "held_on": date(2026, 3, 2), **values}))


def make_request(project: RedesignProject, **values: Any) -> Request:
    return Request.objects.create(**_at(project, {"asked": "대기공간을 넓혀 주세요.", **values}))


def make_survey(project: RedesignProject, moment: str, scores: dict[str, str], **values: Any) -> SatisfactionSurvey:
    facts = {"name": f"{moment} 조사", "moment": moment, "held_on": date(2026, 1, 5), **values}
    survey = SatisfactionSurvey.objects.create(**_at(project, facts))
    for question, mean in scores.items():
        SurveyScore.objects.create(survey=survey, question=question, mean=mean)
    return survey


def make_plan(centre: Any, name: str = "현황", status: str = "as_is", building: Any = None, **values: Any) -> Plan:
    if building is None:
        building = Building.objects.create(centre=centre, name="본관", anchor=centre.location, area=centre.area)
        Level.objects.create(building=building, ordinal=0, short_name="1F", outline=to_local_geos(box(0, 0, 20, 10)))
    return Plan.objects.create(building=building, name=name, status=status, **values)


def make_room(plan: Plan, name: str, bounds: tuple[float, float, float, float], **values: Any) -> Unit:
    shape = box(*bounds)
    level = plan.building.levels.get(ordinal=0)
    place = in_world(shape, plan.building.frame)
    facts: dict[str, Any] = {"geometry": to_local_geos(shape), "place": place, "name_ko": name, "category": "office"}
    return Unit.objects.create(plan=plan, level=level, **facts, **values)


def project_form(project: RedesignProject, **changed: Any) -> dict[str, Any]:
    """The edit form of a project as it is, with some fields changed."""
    values = {name: getattr(project, f"{name}_id", getattr(project, name)) for name in PROJECT_FORM}
    shown = {name: "" if value is None else value for name, value in values.items()}
    return {**shown, "version": project.version, "geometry": "", **changed}
