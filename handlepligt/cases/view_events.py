"""The chronology of a case in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handlepligt.cases.definitions import step_title
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.domain import danish_time
from handlepligt.domain.vocabulary import BypassReason, EventKind
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
    parts += _of_people_and_roles(definition, about)
    end = definition.ends.get(str(about.get("end", "")))
    if end:
        parts.append(end.title)
    rules = about.get("rules")
    if isinstance(rules, list):
        parts.extend(definition.rules[rule].message for rule in rules if rule in definition.rules)
    return ", ".join(parts)


def _of_people_and_roles(definition: Definition, about: Mapping[str, object]) -> list[str]:
    """What was linked, corrected, ticked or gone past: titles of the protocol, and no name of anybody."""
    found: list[str] = []
    relation = definition.relations.get(str(about.get("relation", "")))
    if relation:
        found.append(relation.title)
    for key in ("fact", "facts"):
        named = about.get(key, [])
        keys = named if isinstance(named, list) else [named]
        found += [definition.facts[one].ask for one in map(str, keys) if one in definition.facts]
    step = definition.steps.get(str(about.get("step", "")))
    if "item" in about and step:
        item = str(about["item"])
        tick = "sat" if about.get("done") else "fjernet"
        found.append(f"{step.checklist.items.get(item, f'punkt {item}')}: flueben {tick}")
    role = definition.roles.get(str(about.get("role", "")))
    if role and about.get("reason") in set(BypassReason):
        found.append(f"{role.title} {BypassReason(str(about['reason'])).danish}")
    withdrawn = about.get("withdrawn")
    if isinstance(withdrawn, int):
        found.append(f"{withdrawn} {'besked' if withdrawn == 1 else 'beskeder'} trukket tilbage")
    return found
