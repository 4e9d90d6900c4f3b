"""The kind *step*: something to be done, when it opens and falls away, and what is asked in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from protocols.checklist import Checklist, Order, read_checklist
from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.decision import Kind as Decision
from protocols.kinds.decision import another_person
from protocols.kinds.question import Kind as Question
from protocols.kinds.relation import ANYONE
from protocols.precedence import check_precedence
from protocols.second_assessor import SecondAssessor

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words


class Modality(StrEnum):
    """How binding a step is."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must_not"

    @property
    def danish(self) -> str:
        return {"must": "skal", "should": "bør", "may": "kan", "must_not": "må ikke"}[self.value]


class Phase(StrEnum):
    """Which status an open step puts its case in; the last in this order wins."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    FOLLOW_UP = "follow_up"


class ModalityCase(Element):
    """One line of a modality that depends on facts; the first that holds counts, no `when` always holds."""

    when: When | None = None
    then: Modality
    # Told to whoever tries while the step must not be done.
    why: str = ""


def _as_cases(written: object) -> object:
    """A modality written as one word is a list with one case; anything odd is left to the model to refuse."""
    if isinstance(written, str):
        return ({"then": written},)
    return tuple(written) if isinstance(written, list) else written


Modalities = Annotated[tuple[ModalityCase, ...], BeforeValidator(_as_cases)]


class Repeats(Element):
    """A step that may come back. `at_most` is how many rounds in all the protocol reckons with.

    A loop without it is refused. It is no stop: what a case needs beyond it opens all the same, but at most
    once for each person in one breath, and holder and leader are told.
    """

    at_most: int | None = None


ALL = "all"
# Nobody takes a step up again more often.
_BY_HAND = 1000


def _all_or_names(written: object) -> object:
    """`all` written for a list of steps is a list with that one word."""
    return (ALL,) if written == ALL else written


class Kind(Element):
    """One step; its texts are Danish.

    `owner` is the role or contact who does the act when that is not the holder, whose duty it stays all the
    same. A `standing` step is not completed: it stays open until it falls away or the case is closed. With
    `waits_for` (a role, a contact or a text) somebody else acts and the answer is recorded. While a round
    is open, the steps it `pauses` cannot go on. `after` names steps that go before this one while they are
    open, strictly or as advice (`order`). A step `beside` the way has no say in the phase and never keeps a
    case open. With `repeats` it opens again whenever `opens_when` holds and no round is open. Once one is
    settled, the holder may open one more by hand while `taken_up_when` holds, however often. `per_person`
    is a relation, or `anyone`: one line of rounds for each person linked like that.
    `made_from` is set by the loader on a step that another element is made of, such as "consents.share".
    """

    section = "steps"

    title: str
    what: str
    opens_when: When
    lapses_when: When | None = None
    lapse_reason: str = ""
    taken_up_when: When | None = None
    done_when: When | None = None
    done_when_message: str = ""
    holder: str = ""
    owner: str = ""
    waits_for: str = ""
    not_same_person_as: str = ""
    second_assessor: SecondAssessor | None = None
    per_person: str = ""
    pauses: Annotated[Names, BeforeValidator(_all_or_names)] = ()
    after: Names = ()
    order: Order = Order.STRICT
    beside: bool = False
    modality: Modalities
    phase: Phase = Phase.IN_PROGRESS
    standing: bool = False
    interrupts: bool = False
    repeats: Repeats | None = None
    questions: Named[Question] = {}
    checklist: Annotated[Checklist, BeforeValidator(read_checklist)] = Checklist()
    decisions: Named[Decision] = {}
    deadlines: Named[Deadline] = {}
    cautions: Names = ()
    contacts: Names = ()
    legal_references: Names = ()
    made_from: str = ""

    @property
    def pauses_all(self) -> bool:
        """Whether it pauses whatever else is open on the ordinary way."""
        return ALL in self.pauses

    @property
    def comes_back(self) -> Repeats | None:
        """The bound of what is made to follow each of its rounds; None when there is one round at most."""
        return self.repeats or (Repeats(at_most=_BY_HAND) if self.taken_up_when is not None else None)

    def lowered(self, words: Words) -> Mapping[str, Written]:
        """The second assessment, and the confirmations of each decision."""
        made: dict[str, Written] = {}
        if self.second_assessor is not None:
            made.update(self.second_assessor.lowered_in(self, words))
        for decision in self.decisions.values():
            made.update(decision.lowered_in(self, words))
        return made

    def check(self, scope: Scope) -> Iterator[Complaint]:
        scope = scope.about(self.per_person)
        yield from self._check_names(scope)
        yield from self._check_conditions(scope)
        if self.repeats is not None and not 2 <= (self.repeats.at_most or 0) <= 1000:
            yield ("repeats",), "a loop needs a bound: say at_most, from 2 to 1000"
        if self.repeats is None and ("rounds", self.key) in self.opens_when.calls:
            yield (
                ("opens_when",),
                "the step counts its own rounds but may not come back; add repeats: {at_most: ...}",
            )
        if self.interrupts and self.repeats is None:
            yield ("interrupts",), "an interrupt must be able to come again; add repeats: {at_most: ...}"
        if self.interrupts and self.standing:
            yield ("standing",), "an interrupt must end for what it interrupted to go on; remove standing"
        for key, question in self.questions.items():
            yield from _below(question.check(scope), "questions", key)
            first = next(one for one in scope.definition.steps.values() if key in one.questions)
            if first.key != self.key:
                sentence = f"the question '{key}' is asked in the step '{first.key}' too; rename one of them"
                yield ("questions", key), sentence
        for key, decision in self.decisions.items():
            yield from _below(decision.check_in(scope, self), "decisions", key)
        if self.second_assessor is not None:
            yield from _below(self.second_assessor.check_in(scope, self), "second_assessor")
        yield from _below(self.checklist.check_in(scope), "checklist")
        yield from another_person(scope, self, self.not_same_person_as)
        yield from check_precedence(scope, self)
        for key, deadline in self.deadlines.items():
            yield from _below(deadline.check(scope), "deadlines", key)
            if str(deadline.base) == f'done("{self.key}")':
                yield (
                    ("deadlines", key, "base"),
                    "a deadline of a step cannot be counted from that step's end",
                )

    def _check_names(self, scope: Scope) -> Iterator[Complaint]:
        for section in ("cautions", "contacts", "legal_references"):
            word = section[:-1].replace("_", " ")
            yield from scope.names(section, getattr(self, section), word, (section,))
        yield from scope.name("roles", self.holder, "role", ("holder",))
        if self.per_person != ANYONE:
            yield from scope.name("relations", self.per_person, "relation", ("per_person",))
        if self.owner and self.owner not in scope.declared.get("contacts", ()):
            yield from scope.name("roles", self.owner, "role or contact", ("owner",))

    def _check_conditions(self, scope: Scope) -> Iterator[Complaint]:
        for name in ("opens_when", "lapses_when", "taken_up_when"):
            yield from scope.condition(getattr(self, name), (name,))
        yield from scope.condition(self.done_when, ("done_when",), given=self.questions)
        for position, case in enumerate(self.modality):
            yield from scope.condition(case.when, ("modality", position, "when"))
        if scope.finding(self.opens_when).is_always(False):
            yield ("opens_when",), "the step can never open; no answers make this true"
        if self.lapses_when is not None and scope.finding(self.lapses_when).is_always(True):
            yield ("lapses_when",), "the step falls away as soon as it opens"
        if self.taken_up_when is not None:
            if scope.finding(self.taken_up_when).is_always(False):
                yield ("taken_up_when",), "the step can never be taken up again; no answers make this true"
            if self.standing:
                yield ("taken_up_when",), "a standing step is never completed, so it is not taken up again"
        if self.done_when is not None:
            if scope.finding(self.done_when, given=self.questions).is_always(False):
                yield ("done_when",), "the step can never end; no answers make this true"
            if not self.done_when_message:
                yield ("done_when",), "done_when_message is missing; say what is still to be done"


def _below(complaints: Iterable[Complaint], *above: str) -> Iterator[Complaint]:
    for where, sentence in complaints:
        yield (*above, *where), sentence
