"""The kind *question*: something a person is asked in a step, and what the answer may be."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from protocols.durations import WrittenOffset
from protocols.element import Element, Names, When

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class QuestionType(StrEnum):
    """How a question is answered; the form is drawn from it."""

    YES_NO = "yes_no"
    YES_NO_UNKNOWN = "yes_no_unknown"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    PERSON = "person"
    CONTACT = "contact"
    FORM = "form"
    ACTIONS = "actions"

    @property
    def has_parts(self) -> bool:
        """Whether the answer is filled in field by field, under names such as `question.item`."""
        return self in (QuestionType.FORM, QuestionType.ACTIONS)


_FIXED = {
    QuestionType.YES_NO: {"yes": "Ja", "no": "Nej"},
    QuestionType.YES_NO_UNKNOWN: {"yes": "Ja", "no": "Nej", "unknown": "Ved ikke"},
}


class Sets(Element):
    """What an answer does beyond being kept.

    `acute` and `acute_over` name the answer that presses acute or ends it; `next_followup` says that the
    answer, a date, is the next follow-up.
    """

    acute: str = ""
    acute_over: str = ""
    next_followup: bool = False


class Kind(Element):
    """One question. `choices` maps each answer's key to its Danish label, in order.

    A date or datetime says when something happened, so one in the future is refused. `may_be_ahead` is for
    what can be agreed beforehand, such as the first day of a stay; `ahead_when` narrows it to some of the
    answers above, and `ahead_at_most` says how far at most. A choice named in `offered_when` can be chosen
    only while its condition holds. `form` names what a question of type form is filled in on; a question of
    type actions is answered with what was agreed, who does it and by when.
    """

    ask: str
    help: str = ""
    type: QuestionType
    choices: dict[str, str] = {}
    offered_when: dict[str, When] = {}
    form: str = ""
    required: bool = True
    required_when: When | None = None
    asked_when: When | None = None
    roles: Names = ()
    contacts: Names = ()
    sets: Sets = Sets()
    must_be: str = ""
    must_be_message: str = ""
    not_at_case_level: bool = False
    may_be_ahead: bool = False
    ahead_when: When | None = None
    ahead_at_most: WrittenOffset | None = None

    @property
    def looks_ahead(self) -> bool:
        """Whether the answer may lie in the future: allowed by `may_be_ahead`, or the next follow-up."""
        return self.may_be_ahead or self.sets.next_followup

    def model_post_init(self, _context: object) -> None:
        if not self.choices and self.type in _FIXED:
            object.__setattr__(self, "choices", dict(_FIXED[self.type]))

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from self._check_type(scope)
        step = scope.definition.steps.get(scope.definition.asked_in.get(self.key, ""))
        asked = list(step.questions) if step else []
        above = asked[: asked.index(self.key)] if self.key in asked else []
        for name in ("asked_when", "required_when", "ahead_when"):
            yield from scope.condition(getattr(self, name), (name,), given=above)
        yield from self._check_offers(scope, above)
        if self.must_be and self.must_be not in self.choices:
            yield ("must_be",), f"'{self.must_be}' is not among the answers: {', '.join(self.choices)}"
        if self.must_be and not self.must_be_message:
            yield ("must_be",), "must_be_message is missing; say in words of the reader what to do instead"
        for effect in ("acute", "acute_over"):
            answer = getattr(self.sets, effect)
            answers = self._answers(scope)
            if answer and answer not in answers:
                yield ("sets", effect), f"'{answer}' is not among the answers: {', '.join(answers)}"
        if self.sets.next_followup and self.type is not QuestionType.DATE:
            yield ("sets", "next_followup"), "only a question of type date can set the next follow-up"
        if self.may_be_ahead and self.type not in (QuestionType.DATE, QuestionType.DATETIME):
            yield ("may_be_ahead",), "only a question of type date or datetime may be ahead; remove it"
        for name in ("ahead_when", "ahead_at_most"):
            if getattr(self, name) is not None and not self.may_be_ahead:
                yield (name,), "say may_be_ahead: true too, or remove this"
        if self.ahead_at_most is not None and self.ahead_at_most.amount < 1:
            yield ("ahead_at_most",), "say how far ahead it may lie, such as 14 days"

    def _answers(self, scope: Scope) -> dict[str, str]:
        """What can be answered, key and label: the choices, or what the form can come to."""
        form = scope.definition.forms.get(self.form)
        return form.outcomes if form is not None else self.choices

    def _check_offers(self, scope: Scope, above: list[str]) -> Iterator[Complaint]:
        for choice, condition in self.offered_when.items():
            if choice not in self.choices:
                known = ", ".join(self.choices)
                yield ("offered_when", choice), f"'{choice}' is not among the answers: {known}"
            yield from scope.condition(condition, ("offered_when", choice), given=above)

    def _check_form(self, scope: Scope) -> Iterator[Complaint]:
        if self.type is QuestionType.FORM and not self.form:
            yield ("type",), "a question of type form needs a form to fill in; name one under forms"
        if self.form and self.type is not QuestionType.FORM:
            yield ("form",), "only a question of type form has a form; remove it"
        yield from scope.name("forms", self.form, "form", ("form",))

    def _check_type(self, scope: Scope) -> Iterator[Complaint]:
        yield from self._check_form(scope)
        chosen = self.type in (QuestionType.CHOICE, QuestionType.CHOICES)
        if chosen and not self.choices:
            yield ("type",), f"a question of type {self.type} needs choices"
        if self.choices and not chosen and self.type not in _FIXED:
            yield ("choices",), f"a question of type {self.type} has no choices; remove them"
        if self.type in _FIXED and set(self.choices) != set(_FIXED[self.type]):
            yield ("choices",), f"the answers to {self.type} are {', '.join(_FIXED[self.type])}"
        for section, kind in (("roles", QuestionType.PERSON), ("contacts", QuestionType.CONTACT)):
            named = getattr(self, section)
            if self.type is kind and not named:
                yield ("type",), f"a question of type {kind} needs {section} to choose from"
            if named and self.type is not kind:
                yield (section,), f"only a question of type {kind} has {section}; remove them"
            yield from scope.names(section, named, section[:-1], (section,))
