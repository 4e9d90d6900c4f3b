"""The one table of rights: what a person may do, by their relation to a case and by their role.

Every face asks here and nowhere else. What is not in the table is not allowed.
"""

from collections.abc import Collection
from enum import StrEnum

from handlepligt.domain.vocabulary import StaffRole


class Relation(StrEnum):
    """How a person stands to one case."""

    KEEPER = "keeper"
    """Holds the duty, or was the last of the staff to hold it while an outside authority does."""
    LEADER = "leader"
    """Leads the case's team or the keeper's, or stands in for that leader."""
    DISCUSSANT = "discussant"
    """A coordinator of the case's team: the same discussion as a leader."""
    HEAD = "head"
    """Head of all teams: deadlines and counts, no content."""
    OFFERED = "offered"
    """Has been offered the duty, by name or through the pool, and has not answered."""
    OWNER = "owner"
    """Does the act of an open step though another holds the duty: that step and nothing more."""
    PARTED = "parted"
    """Raised the concern or held the duty before, and does not any more."""


class Action(StrEnum):
    """What can be done to one case."""

    SEE_CASE = "see_case"
    SEE_OWN_PART = "see_own_part"
    SEE_OFFER = "see_offer"
    SEE_IN_LISTS = "see_in_lists"
    SEE_DUTY = "see_duty"
    SEE_OWN_STEP = "see_own_step"
    COMPLETE_STEP = "complete_step"
    COMPLETE_OWN_STEP = "complete_own_step"
    PRESS_ACUTE = "press_acute"
    LOG_CALL = "log_call"
    OFFER_HANDOVER = "offer_handover"
    REVOKE_HANDOVER = "revoke_handover"
    ANSWER_HANDOVER = "answer_handover"
    SET_FOLLOWUP = "set_followup"
    ASK_TO_CLOSE = "ask_to_close"
    WITHDRAW_CLOSING = "withdraw_closing"
    APPROVE_CLOSING = "approve_closing"
    REOPEN = "reopen"
    LINK_SIBLING = "link_sibling"
    LINK_PERSON = "link_person"
    CORRECT_FACT = "correct_fact"
    BYPASS_ROLE = "bypass_role"
    EXTEND_DEADLINE = "extend_deadline"
    OVERRIDE_FORM = "override_form"
    ACKNOWLEDGE = "acknowledge"
    PROPOSE_MIGRATION = "propose_migration"
    DECIDE_MIGRATION = "decide_migration"


class HouseAction(StrEnum):
    """What can be done that is not about one case."""

    RAISE_CONCERN = "raise_concern"
    SEE_BOARD = "see_board"
    SEE_ALL_TEAMS = "see_all_teams"
    SEE_REPORTS = "see_reports"
    SEE_PROTOCOLS = "see_protocols"
    EDIT_PROTOCOLS = "edit_protocols"
    PROPOSE_MIGRATIONS = "propose_migrations"
    SEE_OPERATION = "see_operation"
    MANAGE_STAFF = "manage_staff"
    SEE_ACCESS_LOG = "see_access_log"


_KEEPER, _LEADER, _DISCUSSANT = Relation.KEEPER, Relation.LEADER, Relation.DISCUSSANT

ON_CASES: dict[Action, frozenset[Relation]] = {
    Action.SEE_CASE: frozenset({_KEEPER, _LEADER, _DISCUSSANT}),
    Action.SEE_OWN_PART: frozenset({Relation.PARTED}),
    Action.SEE_OFFER: frozenset({Relation.OFFERED, _KEEPER, _LEADER}),
    Action.SEE_IN_LISTS: frozenset({_KEEPER, _LEADER, _DISCUSSANT, Relation.HEAD}),
    Action.SEE_DUTY: frozenset({_KEEPER, _LEADER, _DISCUSSANT, Relation.HEAD}),
    Action.SEE_OWN_STEP: frozenset({Relation.OWNER}),
    Action.COMPLETE_STEP: frozenset({_KEEPER}),
    # Whoever holds the duty may do every step but those that another must do by their own hand.
    Action.COMPLETE_OWN_STEP: frozenset({_KEEPER, Relation.OWNER}),
    Action.PRESS_ACUTE: frozenset({_KEEPER, _LEADER, _DISCUSSANT}),
    Action.LOG_CALL: frozenset({_KEEPER, _LEADER, _DISCUSSANT}),
    Action.OFFER_HANDOVER: frozenset({_KEEPER, _LEADER}),
    Action.REVOKE_HANDOVER: frozenset({_KEEPER, _LEADER}),
    Action.ANSWER_HANDOVER: frozenset({Relation.OFFERED}),
    Action.SET_FOLLOWUP: frozenset({_KEEPER, _LEADER}),
    Action.ASK_TO_CLOSE: frozenset({_KEEPER}),
    Action.WITHDRAW_CLOSING: frozenset({_KEEPER, _LEADER}),
    Action.APPROVE_CLOSING: frozenset({_LEADER}),
    Action.REOPEN: frozenset({_KEEPER, _LEADER}),
    Action.LINK_SIBLING: frozenset({_KEEPER, _LEADER}),
    Action.LINK_PERSON: frozenset({_KEEPER, _LEADER}),
    Action.CORRECT_FACT: frozenset({_KEEPER, _LEADER}),
    Action.BYPASS_ROLE: frozenset({_KEEPER}),
    # Which of them decides it, the definition says for each deadline.
    Action.EXTEND_DEADLINE: frozenset({_KEEPER, _LEADER, _DISCUSSANT, Relation.HEAD}),
    Action.OVERRIDE_FORM: frozenset({_KEEPER, _LEADER, _DISCUSSANT}),
    Action.ACKNOWLEDGE: frozenset({_LEADER, Relation.HEAD}),
    Action.PROPOSE_MIGRATION: frozenset({_LEADER}),
    Action.DECIDE_MIGRATION: frozenset({_LEADER}),
}

# The whole of it, what one wrote while it was one's own, or the steps one is to do in it.
_LOOKS = (Action.SEE_CASE, Action.SEE_OWN_PART, Action.SEE_OWN_STEP)

_EVERYBODY = frozenset(StaffRole)
_WORK_CASES = frozenset(
    {StaffRole.ADVISER, StaffRole.PROFESSIONAL, StaffRole.LEADER, StaffRole.COORDINATOR, StaffRole.HEAD}
)

IN_THE_HOUSE: dict[HouseAction, frozenset[StaffRole]] = {
    # Who may raise on which track is the protocol's to say; nobody is turned away before it is asked.
    HouseAction.RAISE_CONCERN: frozenset(
        {StaffRole.ADVISER, StaffRole.PROFESSIONAL, StaffRole.LEADER, StaffRole.COORDINATOR}
    ),
    HouseAction.SEE_BOARD: frozenset({StaffRole.LEADER, StaffRole.COORDINATOR, StaffRole.HEAD}),
    HouseAction.SEE_ALL_TEAMS: frozenset({StaffRole.HEAD}),
    HouseAction.SEE_REPORTS: frozenset({StaffRole.LEADER, StaffRole.COORDINATOR, StaffRole.HEAD}),
    HouseAction.SEE_PROTOCOLS: _EVERYBODY,
    HouseAction.EDIT_PROTOCOLS: frozenset({StaffRole.PROTOCOL_EDITOR}),
    # For whichever case: what they are shown of it is its number, its steps' titles and its deadlines.
    HouseAction.PROPOSE_MIGRATIONS: frozenset({StaffRole.PROTOCOL_EDITOR}),
    HouseAction.SEE_OPERATION: frozenset({StaffRole.ADMIN, StaffRole.LEADER, StaffRole.HEAD}),
    HouseAction.MANAGE_STAFF: frozenset({StaffRole.ADMIN}),
    HouseAction.SEE_ACCESS_LOG: frozenset({StaffRole.AUDITOR}),
}


def is_allowed(action: Action, relations: Collection[Relation]) -> bool:
    """Whether somebody with these relations to a case may do this to it."""
    return not ON_CASES[action].isdisjoint(relations)


def may_in_the_house(action: HouseAction, role: str) -> bool:
    """Whether somebody employed as `role` (a StaffRole key) may do this."""
    return role in IN_THE_HOUSE[action]


def may_open(relations: Collection[Relation]) -> bool:
    """Whether somebody with these relations may open the case's page: all of it, or what is theirs in it."""
    return any(is_allowed(one, relations) for one in _LOOKS)


def is_visible(relations: Collection[Relation]) -> bool:
    """Whether the case exists at all for somebody with these relations (DESIGN.md, promise 4)."""
    return bool(relations)
