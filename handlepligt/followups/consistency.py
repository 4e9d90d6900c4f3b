"""Looks for what must never be: open cases without holder, step or date, and an operation that limps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Engine, exists, func, literal_column
from sqlmodel import Session, col, select

from handlepligt.cases.people import leader_of
from handlepligt.domain.vocabulary import StaffRole
from models import Case, CaseStep, Delivery, DueRow, DutyHolding, Staff
from models.session import reading, writing
from notifications.messages import Message
from notifications.outbox import enqueue

# A run is made within a second or two when Prefect is there; the mirror may rest while it is away.
RUN_IS_MISSING_AFTER = timedelta(minutes=15)
ROW_IS_BROKEN_AFTER = 5
# An alarm about more cases than this says nothing that one about this many does not.
_MOST_CASES = 50
_MOST_WITHOUT_RUN = 200

_log = structlog.get_logger(__name__)
# A literal, because the database cannot see that a parameter matches the partial index.
_OPEN: ColumnElement[bool] = col(Case.status) != literal_column("'closed'")


@dataclass(frozen=True)
class Findings:
    """Ids of cases by what they lack, and how much of the operation lags. Empty and zero when all is well."""

    without: dict[str, Sequence[str]] = field(default_factory=dict)
    without_run: tuple[str, ...] = ()
    undelivered: int = 0
    broken_rows: int = 0

    @property
    def disturbances(self) -> dict[str, str]:
        """What an administrator must see to: a key and a Danish sentence's end with the number."""
        said = {
            "without_run": (len(self.without_run), "sager er ikke kommet med i Prefect"),
            "undelivered": (self.undelivered, "beskeder kunne ikke leveres"),
            "broken_rows": (self.broken_rows, "påmindelser kan ikke behandles"),
        }
        return {key: f"{number} {words}" for key, (number, words) in said.items() if number}


# What an open case always has, in the words of the message to its leader.
LACKS = {"holder": "en handlepligtig", "step": "et åbent trin", "next_due": "en næste frist"}


def look_for_disorder(session: Session, now: datetime) -> Findings:
    """Reads only. At most 50 cases of each kind (200 without a run), the longest open first."""
    lacking: dict[str, ColumnElement[bool]] = {
        "holder": ~exists().where(col(DutyHolding.open_for) == col(Case.id)),
        "step": ~exists().where(col(CaseStep.case_id) == col(Case.id), col(CaseStep.settled_at).is_(None)),
        "next_due": col(Case.next_due_at).is_(None),
    }
    without = {
        what: session.exec(
            select(Case.id).where(_OPEN, lacks).order_by(col(Case.raised_at)).limit(_MOST_CASES)
        ).all()
        for what, lacks in lacking.items()
    }
    long_ago = now - RUN_IS_MISSING_AFTER
    return Findings(
        without={what: found for what, found in without.items() if found},
        without_run=tuple(
            session.exec(
                select(Case.id)
                .where(_OPEN, col(Case.flow_run_id).is_(None), col(Case.raised_at) < long_ago)
                .order_by(col(Case.raised_at))
                .limit(_MOST_WITHOUT_RUN)
            )
        ),
        undelivered=_count(session, Delivery, col(Delivery.status) == literal_column("'failed'")),
        broken_rows=_count(session, DueRow, col(DueRow.attempts) >= ROW_IS_BROKEN_AFTER),
    )  # fmt: skip


def raise_alarms(engine: Engine, now: datetime, *, before: Findings | None = None) -> Findings:
    """Logs what is found; tells a case's leader once of what it lacks, and administrators once a day.

    `before` is what the last check found: a case without a run is an alarm only when it was without one
    then. After Prefect was away, the mirror needs some minutes to catch up, and nobody is needed for that.
    """
    with reading(engine) as session:
        findings = look_for_disorder(session, now)
    waited = set(before.without_run) if before is not None else set()
    still = tuple(case_id for case_id in findings.without_run if case_id in waited)
    for what, case_ids in findings.without.items():
        for case_id in case_ids:
            _log.error("open_case_lacks", what=what, case_id=case_id)
            with writing(engine) as session:
                _tell_leader(session, case_id, what, now)
    for key, sentence in replace(findings, without_run=still).disturbances.items():
        _log.error("operation_disturbed", what=key)
        with writing(engine) as session:
            _tell_administrators(session, key, sentence, now)
    return findings


def _tell_leader(session: Session, case_id: str, what: str, now: datetime) -> None:
    case = session.get_one(Case, case_id)
    leader = leader_of(session, case)
    for staff in [leader] if leader else _administrators(session):
        enqueue(
            session, Message.CASE_IN_DISORDER, staff_id=staff.id or 0, now=now, case=case,
            step_title=LACKS[what], dedupe=f"lacks:{what}:{case.id}:{case.openings}:{staff.id}",
        )  # fmt: skip


def _tell_administrators(session: Session, key: str, sentence: str, now: datetime) -> None:
    for staff in _administrators(session):
        enqueue(
            session, Message.OPERATION_DISTURBED, staff_id=staff.id or 0, now=now, step_title=sentence,
            dedupe=f"operation:{key}:{now.date().isoformat()}:{staff.id}",
        )  # fmt: skip


def _administrators(session: Session) -> Sequence[Staff]:
    for role in (StaffRole.ADMIN, StaffRole.HEAD):
        found = session.exec(select(Staff).where(col(Staff.is_active), Staff.role == role)).all()
        if found:
            return found
    return []


def _count(session: Session, table: type[Case | Delivery | DueRow], *where: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()
