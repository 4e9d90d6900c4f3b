"""Holds an act against the gates of the case's protocol (DESIGN.md, Gates): rules, not reminders."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.record import next_number
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import RefusedByRuleError
from models import Case, CaseEvent, Staff
from protocols.definition import Definition
from protocols.engine import refusals
from protocols.kinds.rule import Act
from protocols.state import AnswerValue, CaseState


def refuse_if_forbidden(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    act: Act,
    *,
    by: Staff,
    now: datetime,
    step_key: str | None = None,
    given: Mapping[str, AnswerValue] | None = None,
    person: str = "",
) -> None:
    """Raises RefusedByRuleError when a gate stands in the way; the refusal stays in the case's events."""
    found = refusals(definition, state, act, step_key=step_key, given=given, person=person)
    if not found:
        return
    error = RefusedByRuleError(
        found[0].rule,
        user_message=" ".join(one.message for one in found),
        reference=found[0].reference,
    )
    about = {"act": act.value, "rules": [one.rule for one in found], "step": step_key}
    raise left_in_events(session, case, error, by=by, now=now, about=about)


def left_in_events(
    session: Session,
    case: Case,
    error: RefusedByRuleError,
    *,
    by: Staff,
    now: datetime,
    about: Mapping[str, object],
) -> RefusedByRuleError:
    """The same error, which now leaves an event about the refusal behind in the case."""
    error.leaves_behind.append(
        CaseEvent(
            case_id=case.id,
            kind=EventKind.REFUSED_BY_RULE,
            at=now,
            number=next_number(session, case),
            by_id=by.id,
            about=json.dumps(about),
        )
    )
    return error
