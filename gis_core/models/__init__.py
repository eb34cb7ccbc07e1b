from .accounts import PersonalDataAccess, Role, RoleGrant, User
from .areas import AdminArea, AreaCode, AreaEdition, AreaLevel, Boundary, CodeSystem
from .basemaps import BaseMap
from .cooperation import (
    AreaLink,
    BudgetSource,
    LinkKind,
    ProjectBudget,
    ProjectEvent,
    ProjectOutput,
    ProjectStage,
    ZoneAgreement,
    ZoneProject,
)
from .files import Attachment
from .indicators import Direction, EvaluationSheet, Indicator, IndicatorValue
from .jobs import Job
from .layer_data import CellCount, LayerChange, Submission
from .offline import (
    Device,
    OfflineEntry,
    OfflineFile,
    OfflineRecord,
    OfflineState,
    Reconciliation,
    Upload,
)
from .organisations import Organisation, OrganisationKind
from .participation import (
    Channel,
    ContactCode,
    Decision,
    Moderation,
    Participant,
    Proposal,
    ProposalRound,
    RoundMeeting,
    Vote,
)
from .record import DomainRecord, Record
from .town_work import LocalPolicy, OutreachVisit
from .zones import CooperationZone, ZoneArea, ZoneKind, ZoneOrganisation

__all__ = [
    "AdminArea",
    "AreaCode",
    "AreaEdition",
    "AreaLevel",
    "AreaLink",
    "Attachment",
    "BaseMap",
    "Boundary",
    "BudgetSource",
    "CellCount",
    "Channel",
    "CodeSystem",
    "ContactCode",
    "CooperationZone",
    "Decision",
    "Device",
    "Direction",
    "DomainRecord",
    "EvaluationSheet",
    "Indicator",
    "IndicatorValue",
    "Job",
    "LayerChange",
    "LinkKind",
    "LocalPolicy",
    "Moderation",
    "OfflineEntry",
    "OfflineFile",
    "OfflineRecord",
    "OfflineState",
    "Organisation",
    "OrganisationKind",
    "OutreachVisit",
    "Participant",
    "PersonalDataAccess",
    "ProjectBudget",
    "ProjectEvent",
    "ProjectOutput",
    "ProjectStage",
    "Proposal",
    "ProposalRound",
    "Reconciliation",
    "Record",
    "Role",
    "RoleGrant",
    "RoundMeeting",
    "Submission",
    "Upload",
    "User",
    "Vote",
    "ZoneAgreement",
    "ZoneArea",
    "ZoneKind",
    "ZoneOrganisation",
    "ZoneProject",
]
