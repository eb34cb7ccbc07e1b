from .buildings import Building, Level
from .centres import Centre, CentreCategory, Team
from .participation import Answer, Group, Meeting, MeetingKind, Moment, Request, SatisfactionSurvey, SurveyScore
from .plans import PART_MODELS, Amenity, Fixture, Opening, Plan, PlanEdit, PlanStatus, Unit
from .projects import (
    Programme,
    ProgrammeFigure,
    ProjectBudget,
    ProjectKind,
    ProjectStage,
    RedesignProject,
    Stage,
)
from .standards import AreaStandard, CostItem, StandardUnit, UnitCost
from .underlays import Underlay

__all__ = [
    "PART_MODELS",
    "Amenity",
    "Answer",
    "AreaStandard",
    "Building",
    "Centre",
    "CentreCategory",
    "CostItem",
    "Fixture",
    "Group",
    "Level",
    "Meeting",
    "MeetingKind",
    "Moment",
    "Opening",
    "Plan",
    "PlanEdit",
    "PlanStatus",
    "Programme",
    "ProgrammeFigure",
    "ProjectBudget",
    "ProjectKind",
    "ProjectStage",
    "RedesignProject",
    "Request",
    "SatisfactionSurvey",
    "Stage",
    "StandardUnit",
    "SurveyScore",
    "Team",
    "Underlay",
    "Unit",
    "UnitCost",
]
