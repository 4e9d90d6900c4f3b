"""Writes a new case with its first holder, in one transaction, however it came about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from handlepligt.cases.arm_followup import first_followup
from handlepligt.cases.kept_versions import keep_version
from handlepligt.cases.record import followup_due_at
from models import Case, DutyHolding
from protocols.definition import Definition

# One statement: the first two concerns of a year come at once and neither may find the row missing.
_COUNT_UP = text(
    "INSERT INTO reference_counter (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = reference_counter.last + 1 RETURNING last"
)


def begin_case(
    session: Session,
    *,
    definition: Definition,
    citizen_id: str,
    holder_id: int,
    team_id: int,
    raised_by_id: int,
    received_at: datetime,
    now: datetime,
    summary: str,
    facts: Mapping[str, object],
) -> Case:
    """The case, held by `holder_id` from `now` on (aware UTC), with its reference and no steps yet.

    The caller has checked everything, opens the steps and brings the case up to date. Its flow run is
    created as soon as the transaction is committed: `wake` is ahead of what the run has seen. The version
    it follows is written down with it, so no case ever depends on a file.
    """
    keep_version(session, definition, now=now)
    case = Case(
        reference=_next_reference(session, now, definition),
        track=definition.key,
        protocol_version=definition.version,
        received_at=received_at.astimezone(UTC),
        raised_at=now,
        raised_by_id=raised_by_id,
        team_id=team_id,
        keeper_id=holder_id,
        citizen_id=citizen_id,
        summary_sealed=b"",
        facts_sealed=b"",
        touched_at=now,
        next_followup_on=first_followup(definition, now),
    )
    case.open_for = case.id
    case.summary = summary
    case.facts = dict(facts)
    case.next_due_at = followup_due_at(case)
    # The case and its first holding point at each other; the database checks the pair at commit.
    session.add(case)
    session.flush()
    session.add(DutyHolding(case_id=case.id, holder_id=holder_id, since=now, open_for=case.id))
    session.flush()
    return case


def _next_reference(session: Session, now: datetime, definition: Definition) -> str:
    """The next reference of the local year, such as 2026-000123. The counter's row serialises the raisers."""
    year = now.astimezone(ZoneInfo(definition.head.zone)).year
    number = session.connection().execute(_COUNT_UP, {"year": year}).scalar_one()
    return f"{year}-{number:06d}"
