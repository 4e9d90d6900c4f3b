"""Reads of cases: one look at a time, written to the access log first; and lists of what one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from handlepligt.cases.open_case import refused_look
from handlepligt.cases.relations import relations_to, teams_led_by
from handlepligt.domain.access import Action, Relation, is_allowed, may_open
from handlepligt.domain.vocabulary import CaseStatus, OfferStatus, StaffRole
from handlepligt.errors import InvalidInputError, NotAllowedError
from models import AccessLogEntry, Case, CaseStep, DutyHolding, HandoverOffer, SetAside, Staff, Team

LARGEST_PAGE = 200


@dataclass(frozen=True)
class Look:
    """A case somebody has been let in to see, and what they are to it."""

    case: Case
    relations: frozenset[Relation]
    by: Staff

    @property
    def is_whole(self) -> bool:
        """Whether they see the content; otherwise only their own part and that it was taken over."""
        return self.may(Action.SEE_CASE)

    def may(self, action: Action) -> bool:
        """Whether they may do this to the case."""
        return is_allowed(action, self.relations)


def look_at_case(
    session: Session, *, reference: str, by: Staff, now: datetime, face: str, action: str = Action.SEE_CASE
) -> Look:
    """Lets `by` look at a case, and writes that down; commit before anything is shown.

    `face` is web, api or cli; `action` names the look in the log. Whoever took part earlier, or owns a
    step, gets a look that is not whole. Raises NotFoundError, the same for a case that does not exist
    and one that is not theirs, and NotAllowedError for a head, who knows of all cases but not their
    content; each leaves its refusal in the log.
    """
    case = session.exec(select(Case).where(Case.reference == reference)).first()
    relations = relations_to(session, case, by, now) if case else frozenset()
    known = relations - {Relation.OFFERED}
    if case is None or not known:
        raise refused_look(case, by=by, action=action, now=now, face=face)
    if not may_open(known):
        error = NotAllowedError(
            f"staff {by.id} may not see the content of case {case.id}",
            user_message="Du kan se, at sagen findes, men ikke hvad der står i den.",
        )
        error.leaves_behind += refused_look(case, by=by, action=action, now=now, face=face).leaves_behind
        raise error
    session.add(
        AccessLogEntry(at=now, staff_id=by.id, case_id=case.id, action=action, was_allowed=True, face=face)
    )
    return Look(case, relations, by)


def look_at_offer(
    session: Session, *, offer_id: str, by: Staff, now: datetime, face: str
) -> tuple[HandoverOffer, Look]:
    """An offer of handover with its note, for the one it is made to, the keeper and the leader; logged."""
    offer = session.get(HandoverOffer, offer_id)
    case = session.get(Case, offer.case_id) if offer else None
    relations = relations_to(session, case, by, now) if case else frozenset()
    # Whoever answered it may see what they answered.
    answered = offer is not None and offer.answered_by_id == by.id
    if offer is None or case is None or not (answered or is_allowed(Action.SEE_OFFER, relations)):
        raise refused_look(case, by=by, action=Action.SEE_OFFER, now=now, face=face)
    session.add(
        AccessLogEntry(
            at=now, staff_id=by.id, case_id=case.id, action=Action.SEE_OFFER, was_allowed=True, face=face
        )
    )
    return offer, Look(case, relations, by)


@dataclass(frozen=True)
class CaseListRow:
    """One line of a list: no content, only what is needed to choose. Times are aware UTC."""

    id: str
    reference: str
    track: str
    protocol_version: str
    status: CaseStatus
    is_acute: bool
    team_id: int
    team_name: str
    keeper_id: int
    keeper_name: str
    is_with_authority: bool
    held_since: datetime | None
    received_at: datetime
    next_due_at: datetime | None
    touched_at: datetime
    closed_at: datetime | None
    open_steps: tuple[str, ...]
    is_overdue: bool


@dataclass(frozen=True)
class Page:
    """A page of a list and where the next one begins; no cursor on the last."""

    rows: tuple[CaseListRow, ...]
    next_cursor: str | None


def visible_to(session: Session, staff: Staff) -> ColumnElement[bool]:
    """The condition on `Case` that holds for the cases this person may see in lists."""
    if not staff.is_active:
        return false()
    # Nobody set aside in a case hears of it in a list either.
    not_aside = ~exists().where(col(SetAside.case_id) == col(Case.id), col(SetAside.staff_id) == staff.id)
    if staff.role == StaffRole.HEAD:
        return not_aside
    found = [col(Case.keeper_id) == staff.id]
    led = teams_led_by(session, staff)
    if led:
        members = select(Staff.id).where(col(Staff.team_id).in_(led))
        found += [col(Case.team_id).in_(led), col(Case.keeper_id).in_(members)]
    if staff.role == StaffRole.COORDINATOR and staff.team_id is not None:
        found.append(col(Case.team_id) == staff.team_id)
    return and_(not_aside, or_(*found))


def case_list(
    session: Session,
    *,
    by: Staff,
    now: datetime,
    status: str | None = None,
    team_id: int | None = None,
    track: str | None = None,
    holder_id: int | None = None,
    overdue: bool | None = None,
    where: Sequence[ColumnElement[bool]] = (),
    order: str = "reference",
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The cases `by` may see in lists: newest reference first, or (`order` "due") most pressing first.

    `status` is a CaseStatus or "open". Raises InvalidInputError for an unknown status, order or cursor.
    """
    wanted: list[ColumnElement[bool]] = [visible_to(session, by), *where]
    if status == "open":
        wanted.append(col(Case.status) != CaseStatus.CLOSED)
    elif status is not None:
        if status not in list(CaseStatus):
            raise InvalidInputError(problems={"status": f"Vælg open eller et af: {', '.join(CaseStatus)}."})
        wanted.append(col(Case.status) == status)
    if team_id is not None:
        wanted.append(col(Case.team_id) == team_id)
    if track is not None:
        wanted.append(col(Case.track) == track)
    if holder_id is not None:
        wanted.append(col(Case.keeper_id) == holder_id)
    if overdue is not None:
        is_late = col(Case.next_due_at) < now
        wanted.append(is_late if overdue else or_(col(Case.next_due_at).is_(None), ~is_late))
    if order == "due":
        wanted.append(col(Case.next_due_at).is_not(None))
    if cursor:
        wanted.append(_after(cursor, order))
    ordering: Sequence[Any] = (
        [col(Case.next_due_at), col(Case.id)] if order == "due" else [col(Case.reference).desc()]
    )
    limit = max(1, min(limit, LARGEST_PAGE))
    rows = _rows(session, wanted, ordering, limit + 1, now)
    more = len(rows) > limit
    return Page(tuple(rows[:limit]), _cursor(rows[limit - 1], order) if more else None)


def _rows(
    session: Session,
    wanted: Sequence[ColumnElement[bool]],
    ordering: Sequence[Any],
    limit: int,
    now: datetime,
) -> list[CaseListRow]:
    keeper = aliased(Staff)
    # What is sealed stays sealed: nothing of a case is opened for a list.
    found = session.execute(
        select(Case, Team.name, keeper.name, DutyHolding.since, DutyHolding.holder_id)  # type: ignore[call-overload]
        .join(Team, col(Team.id) == col(Case.team_id))
        .join(keeper, keeper.id == col(Case.keeper_id))
        .outerjoin(DutyHolding, col(DutyHolding.open_for) == col(Case.id))
        .where(*wanted)
        .order_by(*ordering)
        .limit(limit)
    ).all()
    steps = _open_steps(session, [case.id for case, *_ in found])
    return [
        CaseListRow(
            id=case.id,
            reference=case.reference,
            track=case.track,
            protocol_version=case.protocol_version,
            status=CaseStatus(case.status),
            is_acute=case.is_acute,
            team_id=case.team_id,
            team_name=team,
            keeper_id=case.keeper_id,
            keeper_name=keeper_name,
            is_with_authority=since is not None and holder_id is None,
            held_since=since,
            received_at=case.received_at,
            next_due_at=case.next_due_at,
            touched_at=case.touched_at,
            closed_at=case.closed_at,
            open_steps=tuple(steps.get(case.id, ())),
            is_overdue=case.next_due_at is not None and case.next_due_at < now,
        )
        for case, team, keeper_name, since, holder_id in found
    ]


def _open_steps(session: Session, case_ids: Sequence[str]) -> dict[str, list[str]]:
    steps: dict[str, list[str]] = {}
    rows = session.exec(
        select(CaseStep.case_id, CaseStep.key)
        .where(col(CaseStep.case_id).in_(case_ids), col(CaseStep.settled_at).is_(None))
        .order_by(col(CaseStep.sequence))
    )
    for case_id, key in rows:
        steps.setdefault(case_id, []).append(key)
    return steps


def _cursor(row: CaseListRow, order: str) -> str:
    if order == "due" and row.next_due_at is not None:
        return f"{row.next_due_at.astimezone(UTC).isoformat()}~{row.id}"
    return row.reference


def _after(cursor: str, order: str) -> ColumnElement[bool]:
    if order == "due":
        at, _, case_id = cursor.partition("~")
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or not case_id:
            raise InvalidInputError(problems={"cursor": "Siden findes ikke. Begynd forfra."})
        due = col(Case.next_due_at)
        return or_(due > instant, and_(due == instant, col(Case.id) > case_id))
    if not cursor[:4].isdigit() or len(cursor) > 20:
        raise InvalidInputError(problems={"cursor": "Siden findes ikke. Begynd forfra."})
    return col(Case.reference) < cursor


def offers_to(session: Session, staff: Staff) -> list[tuple[HandoverOffer, Case]]:
    """The waiting offers made to this person or their pool, the soonest to expire first."""
    rows = session.exec(
        select(HandoverOffer, Case)
        .join(Case, col(Case.id) == col(HandoverOffer.case_id))
        .where(
            HandoverOffer.status == OfferStatus.OFFERED,
            col(Case.keeper_id) != staff.id,
            ~exists().where(col(SetAside.case_id) == col(Case.id), col(SetAside.staff_id) == staff.id),
            or_(
                col(HandoverOffer.to_id) == staff.id,
                and_(col(HandoverOffer.to_pool) == staff.pool, col(HandoverOffer.to_pool) != ""),
            ),
        )
        .order_by(col(HandoverOffer.expires_at))
    )
    return list(rows)


def waiting_offers_in_sight(session: Session, staff: Staff) -> list[tuple[HandoverOffer, Case]]:
    """The waiting offers of all cases this person may see in lists, the oldest first."""
    rows = session.exec(
        select(HandoverOffer, Case)
        .join(Case, col(Case.id) == col(HandoverOffer.case_id))
        .where(HandoverOffer.status == OfferStatus.OFFERED, visible_to(session, staff))
        .order_by(col(HandoverOffer.offered_at))
    )
    return list(rows)
