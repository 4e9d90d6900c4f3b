"""Which answers say that something happened at a time that has not come yet, or agree on one too far away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from handlepligt.domain import danish_time
from handlepligt.domain.deadlines import Basis, compute_deadline
from handlepligt.domain.explanations import in_danish
from protocols.definition import Definition
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue


def times_ahead(
    definition: Definition, step_key: str, given: Mapping[str, AnswerValue], now: datetime
) -> dict[str, str]:
    """A Danish sentence by question, for stored answers to a step; `now` is aware."""
    today = now.astimezone(ZoneInfo(definition.head.zone)).date().isoformat()
    problems: dict[str, str] = {}
    for name, question in definition.step(step_key).questions.items():
        if name not in given:
            continue
        value = str(given[name])
        if question.looks_ahead:
            if sentence := too_far_ahead(definition, question, value, now):
                problems[name] = sentence
        elif (question.type is QuestionType.DATE and value > today) or (
            question.type is QuestionType.DATETIME and datetime.fromisoformat(value) > now
        ):
            problems[name] = "Datoen ligger i fremtiden. Skriv, hvornår det skete."
    return problems


def furthest(definition: Definition, question: Question, now: datetime) -> datetime | None:
    """The last instant (aware UTC) that can be agreed on at `now`; None when the question sets no limit."""
    if question.ahead_at_most is None:
        return None
    calendar = definition.head.work_calendar
    return compute_deadline(now, question.ahead_at_most, Basis.LOCAL, calendar).due_at


def too_far_ahead(definition: Definition, question: Question, value: str, now: datetime) -> str | None:
    """What to say in Danish of a stored date or datetime that lies further ahead than it may."""
    last = furthest(definition, question, now)
    if last is None or question.ahead_at_most is None:
        return None
    zone = definition.head.zone
    last_day = danish_time.in_zone(last, zone).date()
    if question.type is QuestionType.DATE:
        is_too_far = value > last_day.isoformat()
        told = danish_time.day(last_day)
    else:
        is_too_far = datetime.fromisoformat(value) > last
        told = danish_time.full(last, zone)
    if not is_too_far:
        return None
    return f"Det må højst være {in_danish(question.ahead_at_most)} fra nu. Vælg senest {told}."
