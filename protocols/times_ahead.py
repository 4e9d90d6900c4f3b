"""Which answers say that something has happened at a time that has not come yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from protocols.definition import Definition
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue


def times_ahead(
    definition: Definition, step_key: str, given: Mapping[str, AnswerValue], now: datetime
) -> dict[str, str]:
    """A Danish sentence by question, for stored answers to a step; `now` is aware."""
    today = now.astimezone(ZoneInfo(definition.head.zone)).date().isoformat()
    problems: dict[str, str] = {}
    for name, question in definition.step(step_key).questions.items():
        if name not in given or question.looks_ahead:
            continue
        value = str(given[name])
        if (question.type is QuestionType.DATE and value > today) or (
            question.type is QuestionType.DATETIME and datetime.fromisoformat(value) > now
        ):
            problems[name] = "Datoen ligger i fremtiden. Skriv, hvornår det skete."
    return problems
