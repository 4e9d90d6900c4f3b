"""The chronology of a case in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handlepligt.cases.definitions import step_title
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.domain import danish_time
from handlepligt.domain.vocabulary import EventKind
from models import Case, CaseEvent
from protocols.definition import Definition

# What opens by itself and what the reminders do would drown what people did.
_QUIET = (EventKind.STEP_OPENED, EventKind.REMINDER_QUEUED)


@dataclass(frozen=True)
class EventLine:
    """One event: when, what, about what, by whom; `is_quiet` for what the system did by itself."""

    at: datetime
    what: str
    about: str
    by: str
    detail: str
    is_quiet: bool


def event_lines(
    session: Session, case: Case, definition: Definition, names: Mapping[int, str]
) -> tuple[EventLine, ...]:
    """All events of the case, newest first."""
    rows = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.number).desc())
    return tuple(
        EventLine(
            row.at,
            EventKind(row.kind).danish,
            _about(definition, json.loads(row.about), names),
            names.get(row.by_id, "") if row.by_id is not None else "Systemet",
            row.detail if row.detail_sealed else "",
            row.kind in _QUIET,
        )
        for row in session.exec(rows)
    )


def _about(definition: Definition, about: Mapping[str, object], names: Mapping[int, str]) -> str:
    parts: list[str] = []
    step = about.get("step")
    if step:
        round_ = about.get("round", 1)
        again = f" (omgang {round_})" if isinstance(round_, int) and round_ > 1 else ""
        parts.append(step_title(definition, str(step)) + again)
    if about.get("version"):
        parts.append(f"fra version {about.get('was')} til version {about['version']}")
    contact = definition.contacts.get(str(about.get("contact", "")))
    if contact:
        parts.append(f"{contact.title}: {OUTCOMES.get(str(about.get('outcome')), '')}")
    to = about.get("to")
    if isinstance(to, int):
        parts.append(f"til {names.get(to, 'ukendt')}")
    elif about.get("pool"):
        parts.append(f"til gruppen {about['pool']}")
    if about.get("on"):
        parts.append(danish_time.day(date.fromisoformat(str(about["on"]))))
    end = definition.ends.get(str(about.get("end", "")))
    if end:
        parts.append(end.title)
    rules = about.get("rules")
    if isinstance(rules, list):
        parts.extend(definition.rules[rule].message for rule in rules if rule in definition.rules)
    return ", ".join(parts)
