"""The words a case is described with: statuses, roles and kinds of event, each with its Danish name."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case stands (sagens status). `acute` is a flag over any of them, not one of them."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    FOLLOW_UP = "follow_up"
    HANDOVER_PENDING = "handover_pending"
    REOPENED = "reopened"
    CLOSED = "closed"

    @property
    def danish(self) -> str:
        return _CASE_STATUS[self]


_CASE_STATUS = {
    CaseStatus.RECEIVED: "Modtaget",
    CaseStatus.IN_PROGRESS: "Under vurdering",
    CaseStatus.FOLLOW_UP: "I opfølgning",
    CaseStatus.HANDOVER_PENDING: "Overgivet – afventer accept",
    CaseStatus.REOPENED: "Genåbnet",
    CaseStatus.CLOSED: "Afsluttet",
}


class StaffRole(StrEnum):
    """What a member of staff is employed as (DESIGN.md, People)."""

    ADVISER = "adviser"
    PROFESSIONAL = "professional"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    HEAD = "head"
    SAFETY_CONSULTANT = "safety_consultant"
    PROTOCOL_EDITOR = "protocol_editor"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def danish(self) -> str:
        return _STAFF_ROLE[self]


_STAFF_ROLE = {
    StaffRole.ADVISER: "myndighedsrådgiver",
    StaffRole.PROFESSIONAL: "fagperson",
    StaffRole.LEADER: "leder",
    StaffRole.COORDINATOR: "faglig koordinator",
    StaffRole.HEAD: "områdechef",
    StaffRole.SAFETY_CONSULTANT: "sikkerhedskonsulent",
    StaffRole.PROTOCOL_EDITOR: "protokolansvarlig",
    StaffRole.ADMIN: "administrator",
    StaffRole.AUDITOR: "tilsyn",
}


class StepStatus(StrEnum):
    """Where one round of a step stands."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"

    @property
    def danish(self) -> str:
        return _STEP_STATUS[self]


_STEP_STATUS = {
    StepStatus.OPEN: "Åbent",
    StepStatus.WAITING: "Afventer",
    StepStatus.DONE: "Udført",
    StepStatus.NOT_APPLICABLE: "Ikke relevant",
}


class OfferStatus(StrEnum):
    """Where an offer of handover stands (overdragelse)."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"
    EXPIRED = "expired"

    @property
    def danish(self) -> str:
        return _OFFER_STATUS[self]


_OFFER_STATUS = {
    OfferStatus.OFFERED: "Tilbudt – afventer svar",
    OfferStatus.ACCEPTED: "Accepteret",
    OfferStatus.REJECTED: "Afvist",
    OfferStatus.REVOKED: "Trukket tilbage",
    OfferStatus.EXPIRED: "Udløbet uden svar",
}


class CloseRequestStatus(StrEnum):
    """Where a request to close a case stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class BypassReason(StrEnum):
    """Why a role of the protocol was gone past in a case (springes over)."""

    ABSENT = "absent"
    NO_ANSWER = "no_answer"
    DISAGREES = "disagrees"
    IS_THE_CONCERN = "is_the_concern"

    @property
    def danish(self) -> str:
        return _BYPASS_REASON[self]


_BYPASS_REASON = {
    BypassReason.ABSENT: "er fraværende",
    BypassReason.NO_ANSWER: "svarer ikke",
    BypassReason.DISAGREES: "er uenig",
    BypassReason.IS_THE_CONCERN: "er selv en del af bekymringen",
}


class DeadlineStatus(StrEnum):
    """Where a deadline stands. A breach keeps the instant it truly happened."""

    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"
    MET_LATE = "met_late"
    LAPSED = "lapsed"

    @property
    def danish(self) -> str:
        return _DEADLINE_STATUS[self]


_DEADLINE_STATUS = {
    DeadlineStatus.RUNNING: "Løber",
    DeadlineStatus.MET: "Overholdt",
    DeadlineStatus.BREACHED: "Overskredet",
    DeadlineStatus.MET_LATE: "Udført for sent",
    DeadlineStatus.LAPSED: "Bortfaldet",
}


class EventKind(StrEnum):
    """What can happen to a case (hændelse); the chronology is made of these."""

    CONCERN_RAISED = "concern_raised"
    STEP_OPENED = "step_opened"
    STEP_OPENED_BEYOND = "step_opened_beyond"
    STEP_COMPLETED = "step_completed"
    STEP_NOT_APPLICABLE = "step_not_applicable"
    STEP_TAKEN_UP = "step_taken_up"
    ACUTE_PRESSED = "acute_pressed"
    ACUTE_ENDED = "acute_ended"
    CALL_LOGGED = "call_logged"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_REJECTED = "handover_rejected"
    HANDOVER_REVOKED = "handover_revoked"
    HANDOVER_EXPIRED = "handover_expired"
    DUTY_TRANSFERRED = "duty_transferred"
    FOLLOWUP_SET = "followup_set"
    CLOSE_REQUESTED = "close_requested"
    CLOSE_REQUEST_WITHDRAWN = "close_request_withdrawn"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    SIBLING_LINKED = "sibling_linked"
    SUB_CASE_RAISED = "sub_case_raised"
    SUB_CASE_CLOSED = "sub_case_closed"
    FORM_OVERRIDDEN = "form_overridden"
    DEADLINE_BREACHED = "deadline_breached"
    DEADLINE_EXPIRED = "deadline_expired"
    DEADLINE_EXTENDED = "deadline_extended"
    DEADLINE_MOVED = "deadline_moved"
    DEADLINE_PAUSED = "deadline_paused"
    DEADLINE_RESUMED = "deadline_resumed"
    ESCALATION_ACKNOWLEDGED = "escalation_acknowledged"
    REMINDER_QUEUED = "reminder_queued"
    REFUSED_BY_RULE = "refused_by_rule"
    VERSION_CHANGED = "version_changed"
    VERSION_CHANGE_UNDONE = "version_change_undone"
    PERSON_LINKED = "person_linked"
    PERSON_CORRECTED = "person_corrected"
    PERSON_UNLINKED = "person_unlinked"
    FACT_CORRECTED = "fact_corrected"
    ITEM_TICKED = "item_ticked"
    ROLE_BYPASSED = "role_bypassed"

    @property
    def danish(self) -> str:
        return _EVENT_KIND[self]


_EVENT_KIND = {
    EventKind.CONCERN_RAISED: "Bekymring rejst",
    EventKind.STEP_OPENED: "Trin åbnet",
    EventKind.STEP_OPENED_BEYOND: "Trin åbnet oftere, end arbejdsgangen regner med",
    EventKind.STEP_COMPLETED: "Trin udført",
    EventKind.STEP_NOT_APPLICABLE: "Trin ikke relevant",
    EventKind.STEP_TAKEN_UP: "Trin taget op igen",
    EventKind.ACUTE_PRESSED: "Akut handling",
    EventKind.ACUTE_ENDED: "Ikke længere akut",
    EventKind.CALL_LOGGED: "Opkald noteret",
    EventKind.HANDOVER_OFFERED: "Handlepligt tilbudt",
    EventKind.HANDOVER_REJECTED: "Overdragelse afvist",
    EventKind.HANDOVER_REVOKED: "Overdragelse trukket tilbage",
    EventKind.HANDOVER_EXPIRED: "Overdragelse udløbet uden svar",
    EventKind.DUTY_TRANSFERRED: "Handlepligt overdraget",
    EventKind.FOLLOWUP_SET: "Næste opfølgning aftalt",
    EventKind.CLOSE_REQUESTED: "Lukning ønsket",
    EventKind.CLOSE_REQUEST_WITHDRAWN: "Ønske om lukning trukket tilbage",
    EventKind.CASE_CLOSED: "Sag afsluttet",
    EventKind.CASE_REOPENED: "Sag genåbnet",
    EventKind.SIBLING_LINKED: "Søskende tilknyttet",
    EventKind.SUB_CASE_RAISED: "Delsag rejst",
    EventKind.SUB_CASE_CLOSED: "Delsag afsluttet",
    EventKind.FORM_OVERRIDDEN: "Vurdering hævet",
    EventKind.DEADLINE_BREACHED: "Frist overskredet",
    EventKind.DEADLINE_EXPIRED: "Frist udløbet",
    EventKind.DEADLINE_EXTENDED: "Frist forlænget",
    EventKind.DEADLINE_MOVED: "Frist regnet om",
    EventKind.DEADLINE_PAUSED: "Frist står stille",
    EventKind.DEADLINE_RESUMED: "Frist løber igen",
    EventKind.ESCALATION_ACKNOWLEDGED: "Overskridelse set af leder",
    EventKind.REMINDER_QUEUED: "Påmindelse sendt",
    EventKind.REFUSED_BY_RULE: "Afvist af en regel",
    EventKind.VERSION_CHANGED: "Flyttet til en anden version af arbejdsgangen",
    EventKind.VERSION_CHANGE_UNDONE: "Flytning til en anden version fortrudt",
    EventKind.PERSON_LINKED: "Person tilknyttet",
    EventKind.PERSON_CORRECTED: "Oplysning om person rettet",
    EventKind.PERSON_UNLINKED: "Person ikke længere tilknyttet",
    EventKind.FACT_CORRECTED: "Oplysning i sagen rettet",
    EventKind.ITEM_TICKED: "Punkt på tjekliste ændret",
    EventKind.ROLE_BYPASSED: "Gået videre til den næste i rækken",
}
