"""What the kernel is told about a case: plain frozen values, made by the callers from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from handlepligt.domain.vocabulary import StepStatus

# Answers are stored as JSON. Times are ISO texts in UTC; a person is {"role": name, "staff": id}; a form and
# agreed actions as in form_answers.py and action_answers.py.
AnswerValue = str | int | float | list[str] | list[dict[str, str]] | dict[str, object]

# Stands for "nobody said what time it is", so that a state of long ago can be asked about without one.
_UNTOLD = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class StepState:
    """One round of one step of a case; times are aware UTC.

    `person` is the opaque id of the linked person the round is about, empty when it is about the case.
    `ticks` holds the items of the checklist that are ticked, each with when.
    """

    key: str
    round: int
    status: StepStatus
    opened_at: datetime
    settled_at: datetime | None = None
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    person: str = ""
    ticks: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonState:
    """Somebody linked to the case: an opaque id, the key of the relation, and what is known of them."""

    id: str
    relation: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CallState:
    """One telephone call to a contact of the definition; only the outcome `answered` reached anybody."""

    contact: str
    outcome: str
    at: datetime

    @property
    def is_answered(self) -> bool:
        return self.outcome == "answered"


# The round of a step (step, round, person) and the key of its deadline that passed unmet.
Expiry = tuple[str, int, str, str]


@dataclass(frozen=True)
class CaseState:
    """A whole case as the rules see it.

    `steps` stand in the order of their opening. `acute_presses` counts the presses that were made while
    no interrupting step was open, whoever or whatever made them (the button or an answer). `facts` holds
    the answers given at intake and may lack some. `age` is whole years now, None when unknown. `people` are
    linked to the case; `expired` are the deadlines that passed with a consequence of their own; `calls` stand
    in the order of their times; `bypassed` are the roles that are passed over in this case. `now` is the
    instant the state is seen at (aware UTC), the receipt when nobody says.
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
    people: tuple[PersonState, ...] = ()
    expired: frozenset[Expiry] = frozenset()
    calls: tuple[CallState, ...] = ()
    bypassed: frozenset[str] = frozenset()
    now: datetime = _UNTOLD

    def __post_init__(self) -> None:
        if self.now == _UNTOLD:
            object.__setattr__(self, "now", self.received_at)

    def rounds(self, key: str, person: str | None = None) -> tuple[StepState, ...]:
        """All rounds of one step, oldest first; with `person` only those about them."""
        return tuple(
            step for step in self.steps if step.key == key and (person is None or step.person == person)
        )

    def person(self, id_: str) -> PersonState | None:
        """One linked person, None when nobody of that id is linked."""
        return next((one for one in self.people if one.id == id_), None)


__all__ = ["AnswerValue", "CallState", "CaseState", "Expiry", "PersonState", "StepState", "StepStatus"]
