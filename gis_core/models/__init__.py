from .accounts import PersonalDataAccess, Role, RoleGrant, User
from .areas import AdminArea, AreaCode, AreaEdition, AreaLevel, Boundary, CodeSystem
from .basemaps import BaseMap
from .files import Attachment
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
from .record import DomainRecord, Record
from .zones import CooperationZone, ZoneArea, ZoneKind, ZoneOrganisation

__all__ = [
    "AdminArea",
    "AreaCode",
    "AreaEdition",
    "AreaLevel",
    "Attachment",
    "BaseMap",
    "Boundary",
    "CellCount",
    "CodeSystem",
    "CooperationZone",
    "Device",
    "DomainRecord",
    "Job",
    "LayerChange",
    "OfflineEntry",
    "OfflineFile",
    "OfflineRecord",
    "OfflineState",
    "Organisation",
    "OrganisationKind",
    "PersonalDataAccess",
    "Reconciliation",
    "Record",
    "Role",
    "RoleGrant",
    "Submission",
    "Upload",
    "User",
    "ZoneArea",
    "ZoneKind",
    "ZoneOrganisation",
]
