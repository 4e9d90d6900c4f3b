"""Goes past a role in a case (springe over): away, silent, in disagreement, or the concern themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.case_state import bypasses_of, definition_of
from handlepligt.cases.gates import left_in_events
from handlepligt.cases.offer_handover import OfferWaitingError, waiting_offer
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.people import leader_of, resolve
from handlepligt.cases.presence import set_aside, set_aside_in
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain import danish_time, wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import BypassReason, EventKind
from handlepligt.errors import ConflictError, InvalidInputError, RefusedByRuleError
from models import Case, RoleBypass, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.roles import WayPast, way_past


class RoleBypassedError(ConflictError):
    """The role has been gone past for that reason already."""

    user_message = "Det er allerede noteret, at rollen er sprunget over af den grund."


def bypass_role(
    session: Session,
    *,
    case_id: str,
    role: str,
    reason: str,
    by: Staff,
    now: datetime,
    tried_at: datetime | None = None,
    note: str = "",
) -> RoleBypass:
    """The role is gone past in this case: whoever is next in the row is asked instead.

    `reason` is one that the protocol allows for the role. `no_answer` counts once those asked have had as
    long to answer as the protocol says since `tried_at` (aware), which lies between the receipt and now.
    With `is_the_concern` the people of the role are set aside: no role means them in this case any more,
    nobody tells them of it and they no longer see it; messages to them that have not been sent are
    withdrawn, and what would have gone to them goes to whoever is above. That lasts for good, the other
    reasons until the case is closed. Raises NotFoundError, NotAllowedError, CaseClosedError,
    RoleBypassedError, InvalidInputError naming each field, RefusedByRuleError while there is still time to
    answer or when the holder would be set aside, and OfferWaitingError when the duty is just being offered
    to one of them.
    """
    case = case_for(session, case_id, by=by, action=Action.BYPASS_ROLE, now=now)
    definition = definition_of(case)
    way, tried_at, note = _checked(definition, case, role, reason, tried_at, note, now)
    if any(one.role == role and one.reason == reason for one in bypasses_of(session, case)):
        raise RoleBypassedError(f"role {role} of case {case.id} was gone past before")
    if reason == BypassReason.NO_ANSWER:
        _refuse_while_there_is_time(session, case, definition, role, way, tried_at or now, by=by, now=now)
    bypass = RoleBypass(
        case_id=case.id, opening=case.openings, role=role, reason=reason, tried_at=tried_at, at=now,
        by_id=by.id or 0,
    )  # fmt: skip
    if note:
        bypass.note = note
    concerned = resolve(session, definition, role, case, now) if reason == BypassReason.IS_THE_CONCERN else []
    _refuse_to_set_aside(session, case, concerned)
    session.add(bypass)
    session.flush()
    withdrawn = set_aside(session, case, [staff.id or 0 for staff in concerned], bypass.id)
    told: dict[str, Any] = {"withdrawn": withdrawn} if withdrawn else {}
    record(session, case, EventKind.ROLE_BYPASSED, at=now, by_id=by.id, role=role, reason=reason, **told)
    if set_aside_in(session, case):
        # Whoever leads the case from here on has not heard of it yet; who has is told once only.
        instead = [leader_of(session, case)]
        tell(session, Message.CONCERN_RAISED, instead, case=case, now=now, occasion="raised", besides=by.id)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return bypass


def _checked(
    definition: Definition,
    case: Case,
    role: str,
    reason: str,
    tried_at: datetime | None,
    note: str,
    now: datetime,
) -> tuple[WayPast, datetime | None, str]:
    """How the role may be gone past, when somebody tried, and the tidied note; or every wrong field."""
    problems: dict[str, str] = {}
    way = way_past(role, (one.expression for one in definition.roles.values()))
    if way is None:
        problems["role"] = "Rollen kan ikke springes over i denne arbejdsgang. Vælg en på listen."
    elif reason not in way.reasons:
        words = ", ".join(one.danish for one in BypassReason if one in way.reasons)
        problems["reason"] = f"Rollen kan springes over, når den, det gælder, {words}."
    if reason == BypassReason.NO_ANSWER and tried_at is None:
        problems["tried_at"] = "Skriv, hvornår du prøvede at få fat i dem."
    elif tried_at is not None and (tried_at.tzinfo is None or not case.received_at <= tried_at <= now):
        problems["tried_at"] = "Tidspunktet skal ligge mellem modtagelsen og nu."
    note = wording.tidied(note)
    if sentence := wording.problem_with(note, required=False):
        problems["note"] = sentence
    if problems or way is None:
        raise InvalidInputError(problems=problems)
    return way, tried_at.astimezone(UTC) if tried_at else None, note


def _refuse_while_there_is_time(
    session: Session,
    case: Case,
    definition: Definition,
    role: str,
    way: WayPast,
    tried_at: datetime,
    *,
    by: Staff,
    now: datetime,
) -> None:
    until = tried_at + (way.no_answer_within or timedelta(0))
    if now >= until:
        return
    when = danish_time.full(until.astimezone(ZoneInfo(definition.head.zone)), definition.head.zone)
    error = RefusedByRuleError(
        f"roles.{role}.no_answer_within",
        user_message=f"Der er stadig tid til at svare. Du kan gå videre {when}.",
    )
    about = {"act": "bypass", "rules": [error.rule], "step": None}
    raise left_in_events(session, case, error, by=by, now=now, about=about)


def _refuse_to_set_aside(session: Session, case: Case, concerned: list[Staff]) -> None:
    ids = {one.id for one in concerned}
    if case.keeper_id in ids:
        raise RefusedByRuleError(
            "is_the_concern",
            user_message="Den, der har handlepligten, kan ikke sættes uden for sagen. Overdrag den først.",
        )
    offer = waiting_offer(session, case) if ids else None
    if offer is not None and offer.to_id in ids:
        raise OfferWaitingError(f"case {case.id} is being offered to staff {offer.to_id}")
