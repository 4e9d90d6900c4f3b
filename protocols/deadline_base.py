"""What a deadline is counted from: an event of the case, or a date that somebody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope

OLDEST = 120


class BaseKind(StrEnum):
    """The event a deadline is counted from."""

    RECEIPT = "receipt"
    AWARENESS = "awareness"
    DEED = "deed"
    OPENED = "opened"
    DONE = "done"
    HANDOVER = "handover"
    MEETING = "meeting"
    BIRTHDAY = "birthday"
    ANSWER = "answer"
    FACT = "fact"
    ACTION = "action"


@dataclass(frozen=True)
class Base:
    """A base and what it names.

    `name` is a step for opened and done, a meeting, a question for answer and action, a fact, or how old
    somebody becomes for a birthday; empty where nothing is named.
    """

    kind: BaseKind
    name: str = ""

    @property
    def age(self) -> int:
        """How old somebody becomes on the birthday; 0 for the day of birth itself."""
        return int(self.name or 0)

    def __str__(self) -> str:
        if not self.name:
            return self.kind.value
        named = self.name if self.kind is BaseKind.BIRTHDAY else f'"{self.name}"'
        return f"{self.kind.value}({named})"


_ALONE = (BaseKind.RECEIPT, BaseKind.AWARENESS, BaseKind.DEED, BaseKind.HANDOVER, BaseKind.BIRTHDAY)
_NAMING = ("opened", "done", "meeting", "answer", "fact", "action")
_WRITTEN = re.compile(rf"""({"|".join(_NAMING)})\(\s*["'](\w+)["']\s*\)""")
_BIRTHDAY = re.compile(r"birthday\(\s*(\d{1,3})\s*\)")


def read_base(written: object) -> Base:
    """Reads `receipt`, `opened("discuss")`, `birthday(18)` and the like; ValueError otherwise."""
    if isinstance(written, Base):
        return written
    text = str(written).strip()
    if match := _WRITTEN.fullmatch(text):
        return Base(BaseKind(match[1]), match[2])
    if match := _BIRTHDAY.fullmatch(text):
        if not 1 <= int(match[1]) <= OLDEST:
            raise ValueError(f"nobody has a deadline on birthday {match[1]}; write an age from 1 to {OLDEST}")
        return Base(BaseKind.BIRTHDAY, str(int(match[1])))
    if text in _ALONE:
        return Base(BaseKind(text))
    raise ValueError(
        f"'{text[:60]}' is no base of a deadline; write receipt, awareness, deed, handover, birthday, "
        'birthday(18), opened("step"), done("step"), meeting("meeting"), answer("question"), '
        'fact("fact") or action("question")'
    )


def asked_at(base: Base) -> str:
    """The question whose answer says the instant of a base, empty when none does."""
    match base.kind:
        case BaseKind.ANSWER | BaseKind.ACTION:
            return base.name
        case BaseKind.MEETING:
            # A meeting is made into a step that asks when it is held.
            return f"{base.name}_at"
        case _:
            return ""


def check_base(scope: Scope, base: Base, *, own: str) -> Iterator[Complaint]:
    """What is wrong with a base inside its definition; `own` is the step of the deadline, empty for none."""
    match base.kind:
        case BaseKind.OPENED | BaseKind.DONE:
            yield from scope.name("steps", base.name, "step", ("base",))
        case BaseKind.ANSWER | BaseKind.MEETING | BaseKind.ACTION:
            yield from _check_asked(scope, base, own)
        case BaseKind.FACT:
            yield from _check_fact(scope, base)
        case BaseKind.DEED if not any(fact.moment == "deed" for fact in scope.definition.facts.values()):
            yield (
                ("base",),
                "nothing says when the deed was done; give a fact of type date moment: deed",
            )


def _check_asked(scope: Scope, base: Base, own: str) -> Iterator[Complaint]:
    asked = asked_at(base)
    question = scope.definition.questions.get(asked)
    wanted = ("actions",) if base.kind is BaseKind.ACTION else ("date", "datetime")
    if question is None:
        if asked in scope.written_questions:
            return
        what = f"there is no meeting '{base.name}'" if base.kind is BaseKind.MEETING else None
        yield ("base",), what or f"nobody is asked '{base.name}'"
        return
    if question.type.value not in wanted:
        sentence = (
            f"'{base.name}' is not answered with actions; name a question of type actions"
            if base.kind is BaseKind.ACTION
            else f"'{base.name}' is not answered with a date, so nothing can be counted from it"
        )
        yield ("base",), sentence
        return
    step = scope.definition.steps.get(scope.definition.asked_in[asked])
    if step is not None and step.key == own and step.repeats is None:
        yield (
            ("base",),
            f"'{asked}' is answered when this step ends, so nothing can be counted from it before; "
            "ask it in an earlier step",
        )


def _check_fact(scope: Scope, base: Base) -> Iterator[Complaint]:
    fact = scope.definition.facts.get(base.name)
    if fact is None:
        yield from scope.name("facts", base.name, "fact", ("base",))
    elif fact.type.value != "date":
        yield ("base",), f"the fact '{base.name}' is no date, so nothing can be counted from it"
    elif fact.is_of_a_person and not scope.person:
        yield (
            ("base",),
            f"the fact '{base.name}' is of a linked person; only a step with per_person can count from it",
        )


def known_beforehand(scope: Scope, base: Base) -> bool:
    """Whether the instant of a base can be known before it comes, so that one can count backwards from it."""
    match base.kind:
        case BaseKind.BIRTHDAY:
            return bool(base.name)
        case BaseKind.ACTION:
            return True
        case BaseKind.ANSWER | BaseKind.MEETING:
            question = scope.definition.questions.get(asked_at(base))
            return question is None or question.looks_ahead
        case BaseKind.FACT:
            fact = scope.definition.facts.get(base.name)
            return fact is None or fact.moment is None
        case _:
            return False
