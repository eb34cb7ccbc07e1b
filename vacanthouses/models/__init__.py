from .campaigns import Assignment, Campaign, CampaignStage, ClockEvent, Crew, DayRoute, SurveyStep, WorkArea
from .evidence import Evidence, Exclusion, Meter, MeterKind, ReadingBatch, RegisteredBuilding
from .grades import Grading
from .houses import Grade, HouseStatus, Regime, VacantHouse
from .owners import Owner
from .planning import (
    ConcentrationZone,
    CostLine,
    ImprovementPlan,
    Measure,
    MeasureKind,
    MeasureState,
    ReuseKind,
    ZoneState,
)
from .rules import RuleKind, RuleTable
from .screening import Candidate, CandidateState, ScreeningRun
from .visits import BlindPair, Decision, Review, Visit, VisitOutcome, VisitState

__all__ = [
    "Assignment",
    "BlindPair",
    "Campaign",
    "CampaignStage",
    "Candidate",
    "CandidateState",
    "ClockEvent",
    "ConcentrationZone",
    "CostLine",
    "Crew",
    "DayRoute",
    "Decision",
    "Evidence",
    "Exclusion",
    "Grade",
    "Grading",
    "HouseStatus",
    "ImprovementPlan",
    "Measure",
    "MeasureKind",
    "MeasureState",
    "Meter",
    "MeterKind",
    "Owner",
    "ReadingBatch",
    "Regime",
    "RegisteredBuilding",
    "ReuseKind",
    "Review",
    "RuleKind",
    "RuleTable",
    "ScreeningRun",
    "SurveyStep",
    "VacantHouse",
    "Visit",
    "VisitOutcome",
    "VisitState",
    "WorkArea",
    "ZoneState",
]
