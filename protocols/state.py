"""What the kernel is told about a case: plain frozen values, made by the callers from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from handlepligt.domain.vocabulary import StepStatus

# Answers are stored as JSON. Times are ISO texts in UTC; a person is {"role": name, "staff": id}.
AnswerValue = str | int | float | list[str] | dict[str, object]


@dataclass(frozen=True)
class StepState:
    """One round of one step of a case; times are aware UTC."""

    key: str
    round: int
    status: StepStatus
    opened_at: datetime
    settled_at: datetime | None = None
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseState:
    """A whole case as the rules see it.

    `steps` stand in the order of their opening. `acute_presses` counts the presses that were made while
    no interrupting step was open, whoever or whatever made them (the button or an answer). `facts` holds
    the answers given at intake and may lack some. `age` is whole years now, None when unknown.
    """

    received_at: datetime
    aware_at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    birth_date: date | None = None
    age: int | None = None
    acute_on: bool = False
    acute_presses: int = 0
    steps: tuple[StepState, ...] = ()
    closed: bool = False
    handed_over_at: datetime | None = None

    def rounds(self, key: str) -> tuple[StepState, ...]:
        """All rounds of one step, oldest first."""
        return tuple(step for step in self.steps if step.key == key)


__all__ = ["AnswerValue", "CaseState", "StepState", "StepStatus"]
