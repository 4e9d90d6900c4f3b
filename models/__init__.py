"""What is remembered: tables only, no rules."""

from models.access_log import AccessLogEntry
from models.base import Row, UtcDateTime, new_id
from models.bypass import RoleBypass, SetAside
from models.case import Case, ReferenceCounter
from models.case_parts import Call, CloseRequest, SiblingLink
from models.citizen import Citizen
from models.deadline import Deadline, DueRow
from models.duty import DutyHolding
from models.event import CaseEvent
from models.handover import HandoverOffer
from models.login import AccessToken, LoginAttempt, LoginSession, SetupLink
from models.notification import Delivery, Notification
from models.operation import AnsweredWrite, Heartbeat, InstallationFact, Lease
from models.person import LinkedPerson
from models.protocol_version import CaseMigration, ProtocolVersion
from models.staff import Absence, Staff, Team
from models.step import CaseStep
from models.sub_case import SubCase

__all__ = [
    "Absence",
    "AccessLogEntry",
    "AccessToken",
    "AnsweredWrite",
    "Call",
    "Case",
    "CaseEvent",
    "CaseMigration",
    "CaseStep",
    "Citizen",
    "CloseRequest",
    "Deadline",
    "Delivery",
    "DueRow",
    "DutyHolding",
    "HandoverOffer",
    "Heartbeat",
    "InstallationFact",
    "Lease",
    "LinkedPerson",
    "LoginAttempt",
    "LoginSession",
    "Notification",
    "ProtocolVersion",
    "ReferenceCounter",
    "RoleBypass",
    "Row",
    "SetAside",
    "SetupLink",
    "SiblingLink",
    "Staff",
    "SubCase",
    "Team",
    "UtcDateTime",
    "new_id",
]
