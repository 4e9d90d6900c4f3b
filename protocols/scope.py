"""What an element may refer to when it is checked: every name the whole definition declares."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from protocols.condition_functions import Names, Takes
from protocols.condition_types import Domain, Finding, Vocabulary, examine_condition
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.form import Kind as Form
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.relation import ANYONE
from protocols.yaml_source import Where

Complaint = tuple[Where, str]

_YES_NO = Domain((None, "yes", "no"))
_BOOLEAN = Domain((False, True))
_COUNT = Domain((0, 1, 2), closed=False)
_TIME = Domain((None, "2026-11-27"), closed=False)
_TEXT = Domain(("", "tekst"), closed=False)
_NUMBER = Domain((None, 0, 1), closed=False)

_ONLY_AGE: Mapping[tuple[str, ...], Domain] = {("age",): _NUMBER}


def _answered(question: Question, forms: Mapping[str, Form]) -> Domain:
    match question.type:
        case QuestionType.FORM:
            form = forms.get(question.form)
            return Domain((None, *form.outcomes)) if form is not None else _TEXT
        case QuestionType.ACTIONS:
            return _COUNT
        case QuestionType.CHOICES:
            lists = ([], *([key] for key in question.choices), list(question.choices))
            return Domain(lists, members=tuple(question.choices))
        case QuestionType.TEXT | QuestionType.LONG_TEXT:
            return _TEXT
        case QuestionType.DATE | QuestionType.DATETIME:
            return _TIME
        case QuestionType.NUMBER:
            return _NUMBER
        case QuestionType.PERSON:
            return Domain((None, *question.roles))
        case QuestionType.CONTACT:
            return Domain((None, *question.contacts))
        case _:
            return Domain((None, *question.choices))


def _known(fact: Fact) -> Domain:
    unknown = () if fact.when_unknown is not None else (None,)
    match fact.type.value:
        case "yes_no":
            return Domain((*unknown, "yes", "no"))
        case "choice":
            return Domain((*unknown, *fact.choices))
        case "number":
            return Domain((*unknown, 0, 1), closed=False)
        case "text":
            return Domain((*unknown, "", "tekst"), closed=False)
        case _:
            return Domain((*unknown, "2026-11-27"), closed=False)


@dataclass(frozen=True, eq=False)
class Scope:
    """A definition being checked, and the names it declares, also of elements that are themselves wrong.

    `person` is the relation of the linked person whom conditions speak of here, empty for none.
    """

    definition: Definition
    declared: Mapping[str, Collection[str]]
    written_questions: frozenset[str] = frozenset()
    thorough: bool = True
    person: str = ""

    def about(self, person: str) -> Scope:
        """The same inside a step of which each person of this relation has a line of rounds."""
        return replace(self, person=person) if person else self

    def unknown(self, section: str, name: str, word: str) -> str | None:
        """A sentence when no such name is declared, None when it is."""
        known = self.declared.get(section, ())
        if name in known:
            return None
        # What stands there under a name that is refused itself is no good advice.
        close = difflib.get_close_matches(name, filter(str.isidentifier, known), n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"declare it under {section}"
        return f"unknown {word} '{name}'; {hint}"

    def names(self, section: str, names: Collection[str], word: str, where: Where) -> Iterator[Complaint]:
        """Complaints about each name in a list that nobody declared."""
        for position, name in enumerate(names):
            if sentence := self.unknown(section, name, word):
                yield (*where, position), sentence

    def name(self, section: str, name: str, word: str, where: Where) -> Iterator[Complaint]:
        """A complaint about a name that nobody declared; an empty name is no name."""
        if name and (sentence := self.unknown(section, name, word)):
            yield where, sentence

    def finding(
        self,
        condition: Condition,
        *,
        given: Collection[str] = (),
        only_age: bool = False,
        fixed: Mapping[tuple[str, str], bool] | None = None,
    ) -> Finding:
        """What a condition's check finds; `given` are the questions of the form it may look at."""
        names = _ONLY_AGE if only_age else {**self._names, **self._given(given)}
        unread = {
            (group, key)
            for key in self.written_questions - set(self.definition.questions)
            for group in ("answer", "given")
        }
        unread |= {
            (group, key)
            for key in self.declared.get("facts", ())
            if key not in self.definition.facts
            for group in ("fact", "person")
        }
        if condition.names & unread:
            # The element it speaks of is wrong itself; that is said there, once.
            return Finding(())
        vocabulary = Vocabulary(names, self._arguments, self._elsewhere)
        return examine_condition(condition, vocabulary, thorough=self.thorough, fixed=fixed)

    def condition(
        self,
        condition: Condition | None,
        where: Where,
        *,
        given: Collection[str] = (),
        only_age: bool = False,
    ) -> Iterator[Complaint]:
        """Complaints about a condition that must yield true or false."""
        if condition is None:
            return
        finding = self.finding(condition, given=given, only_age=only_age)
        for sentence in finding.complaints:
            yield where, sentence
        if any(not isinstance(result, bool) for result in finding.results):
            yield where, f"'{condition}' does not yield true or false"

    def _given(self, questions: Collection[str]) -> dict[tuple[str, ...], Domain]:
        known = self.definition.questions
        return {
            ("given", key): _answered(known[key], self.definition.forms) for key in questions if key in known
        }

    @functools.cached_property
    def _names(self) -> Mapping[tuple[str, ...], Domain]:
        names: dict[tuple[str, ...], Domain] = {
            ("age",): _NUMBER,
            ("birth_date_known",): _BOOLEAN,
            ("acute", "on"): _BOOLEAN,
            ("acute", "presses"): _COUNT,
            ("handover", "accepted"): _BOOLEAN,
        }
        forms = self.definition.forms
        names |= {("answer", key): _answered(one, forms) for key, one in self.definition.questions.items()}
        for key, fact in self.definition.facts.items():
            if not fact.is_of_a_person:
                names["fact", key] = _known(fact)
            elif self.person and fact.concerns(self.person):
                names["person", key] = _known(fact)
        return names

    @functools.cached_property
    def _elsewhere(self) -> Mapping[tuple[str, ...], str]:
        """Facts that exist and are asked about in the wrong way, each with how to ask."""
        found: dict[tuple[str, ...], str] = {}
        for key, fact in self.definition.facts.items():
            if fact.is_of_a_person:
                found["fact", key] = (
                    f"'fact.{key}' is of a linked person; write person.{key} in a step with per_person, "
                    f'or people_with("{key}", "...")'
                )
                found["person", key] = (
                    f"'person.{key}' is not asked of '{self.person}'; add the relation to the fact"
                    if self.person
                    else f"'person.{key}' needs a person; it can be used in a step with per_person only"
                )
            else:
                found["person", key] = f"'person.{key}' is of the case; write fact.{key}"
        return found

    @functools.cached_property
    def _arguments(self) -> Names:
        whole = self.definition
        counted = {key: fact for key, fact in whole.facts.items() if fact.is_of_a_person and fact.allowed}
        expiring, silent = self._deadlines()
        return Names(
            {
                Takes.STEP: self.declared.get("steps", ()),
                Takes.ASSESSED_STEP: [key for key, step in whole.steps.items() if step.second_assessor],
                Takes.JOIN: self.declared.get("joins", ()),
                Takes.STEP_DEADLINE: expiring,
                Takes.CONTACT: self.declared.get("contacts", ()),
                Takes.ROLE: self.declared.get("roles", ()),
                Takes.RELATION: [*self.declared.get("relations", ()), ANYONE],
                Takes.PERSON_FACT: list(counted),
                Takes.FORM_QUESTION: [key for key, scored in self._forms.items() if scored],
            },
            {key: fact.allowed for key, fact in counted.items()},
            {
                **{(Takes.STEP_DEADLINE, name): sentence for name, sentence in silent.items()},
                **{
                    (Takes.FORM_QUESTION, key): f"the form of '{key}' has no score; ask answer.{key} instead"
                    for key, scored in self._forms.items()
                    if not scored
                },
            },
        )

    @functools.cached_property
    def _forms(self) -> Mapping[str, bool]:
        """The questions answered with a form, and whether the form has a score, or is wrong itself."""
        forms = self.definition.forms
        return {
            key: question.form not in forms or forms[question.form].is_scored
            for key, question in self.definition.questions.items()
            if question.type is QuestionType.FORM
        }

    def _deadlines(self) -> tuple[list[str], dict[str, str]]:
        """The deadlines whose passing can be asked for, and those where nothing follows from it."""
        expiring: list[str] = []
        silent: dict[str, str] = {}
        for key, step in self.definition.steps.items():
            for name, deadline in step.deadlines.items():
                if deadline.at_expiry.value == "breach":
                    silent[f"{key}.{name}"] = (
                        f"the deadline '{key}.{name}' leads nowhere when it passes; "
                        "give it at_expiry: path or lapse"
                    )
                else:
                    expiring.append(f"{key}.{name}")
        return expiring, silent
