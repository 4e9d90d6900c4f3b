"""The kind *decision*: answers that several people give together, or that another must give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from protocols.durations import WrittenOffset
from protocols.element import Element, Names, Written
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.made_steps import after_each_round, all_of, any_of, due, ladder_of

if TYPE_CHECKING:
    from protocols.kinds.step import Kind as Step
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

_TEXTS = (QuestionType.TEXT, QuestionType.LONG_TEXT)


class Kind(Element):
    """Who decides the named questions of a step together.

    `by` are roles of the definition. `disagreement` names the question in which a disagreement is written
    down. `not_same_person_as` names a step whose completer may not decide here. The roles in `own_hand` each
    confirm with their own log-in, in a step that is made for it and is due `within`; whoever confirms for one
    of them confirms for no other.
    """

    title: str = ""
    by: Names
    questions: Names
    disagreement: str = ""
    not_same_person_as: str = ""
    own_hand: Names = ()
    within: WrittenOffset | None = None

    def check_in(self, scope: Scope, step: Step) -> Iterator[Complaint]:
        """The same, for a decision inside its step."""
        yield from scope.names("roles", self.by, "role", ("by",))
        for position, name in enumerate(self.questions):
            if name not in step.questions:
                yield ("questions", position), f"'{name}' is an answer nobody is asked for in this step"
        if self.disagreement and self.disagreement not in step.questions:
            yield ("disagreement",), f"'{self.disagreement}' is an answer nobody is asked for in this step"
        yield from another_person(scope, step, self.not_same_person_as)
        yield from self._check_own_hand(scope, step)

    def _check_own_hand(self, scope: Scope, step: Step) -> Iterator[Complaint]:
        yield from scope.names("roles", self.own_hand, "role", ("own_hand",))
        holders = {key for key, role in scope.definition.roles.items() if role.holder}
        doers = {step.owner or step.holder} if step.owner or step.holder else holders
        for position, role in enumerate(self.own_hand):
            where = ("own_hand", position)
            if role in self.own_hand[:position]:
                yield where, f"'{role}' stands twice; remove one"
            if role in doers:
                yield where, f"'{role}' completes the step and decides there; name only who confirms it"
            elif role in scope.definition.roles and role not in self.by:
                yield where, f"'{role}' confirms but does not decide; name '{role}' under by too"
        if self.own_hand and self.within is None:
            yield (
                ("own_hand",),
                "within is missing; say how long they have to confirm, such as 2 working days",
            )
        if self.within is not None and not self.own_hand:
            yield (
                ("within",),
                "nobody confirms, so nothing is due; name the roles in own_hand or remove within",
            )

    def lowered_in(self, step: Step, words: Words) -> Mapping[str, Written]:
        """A step of confirmation for each role that confirms with its own log-in."""
        if self.within is None:
            return {}
        return {
            key: {
                "title": words("decision.confirm_title", title=self.title or step.title),
                "what": words("decision.confirm_what"),
                "opens_when": all_of(
                    after_each_round(step.key, key, repeats=step.comes_back is not None), self._decided(step)
                ),
                "repeats": step.comes_back,
                "holder": step.holder,
                "owner": role,
                "not_same_person_as": step.key,
                "modality": "must",
                "phase": step.phase,
                "beside": step.beside,
                "per_person": step.per_person,
                "questions": {
                    key: {"ask": words("decision.agree"), "type": "yes_no", "choices": yes_no(words)},
                    f"{key}_reason": {
                        "ask": words("decision.reason"),
                        "type": "long_text",
                        "required": False,
                        "required_when": f'given.{key} == "no"',
                    },
                },
                "deadlines": {
                    "confirmed": due(
                        words("decision.within"),
                        f'done("{step.key}")',
                        self.within,
                        ladder_of(step.deadlines),
                    )
                },
                "legal_references": step.legal_references,
                "made_from": f"decisions.{self.key}",
            }
            for role in self.own_hand
            for key in (f"{self.key}_confirmed_by_{role}",)
        }

    def _decided(self, step: Step) -> str | None:
        """That there is something to confirm, where the questions need not have been answered."""
        asked = [step.questions[name] for name in self.questions if name in step.questions]
        if any(one.required and one.asked_when is None for one in asked) or not asked:
            return None
        return any_of(*(_is_answered(one) for one in asked))


def confirmed_beside(steps: Mapping[str, Step], key: str) -> tuple[str, ...]:
    """The steps in which others confirm the decision that the step `key` confirms; none for other steps."""
    step = steps[key]
    # Only confirmations are made of one element and kept from one doer together.
    if not (step.made_from and step.not_same_person_as):
        return ()
    return tuple(
        other.key
        for other in steps.values()
        if other.key != key
        and (other.made_from, other.not_same_person_as) == (step.made_from, step.not_same_person_as)
    )


def yes_no(words: Words) -> dict[str, str]:
    """The answers to a question of yes or no in the definition's language."""
    return {key: words(f"answers.{key}") for key in ("yes", "no")}


def another_person(scope: Scope, step: Step, other: str) -> Iterator[Complaint]:
    """What is wrong with keeping whoever completed the step `other` from this one."""
    where = ("not_same_person_as",)
    yield from scope.name("steps", other, "step", where)
    if other == step.key:
        yield where, "a step cannot be kept from itself; name another step"
    elif other in scope.definition.steps and scope.thorough:
        pinned = {("done", other): False, ("settled", other): False}
        if True in scope.finding(step.opens_when, fixed=pinned).results:
            sentence = (
                f"'{other}' may not have run when '{step.key}' opens; add done(\"{other}\") to opens_when"
            )
            yield where, sentence


def _is_answered(question: Question) -> str:
    if question.type is QuestionType.CHOICES:
        return f"size(answer.{question.key}) > 0"
    return f'answer.{question.key} != ""' if question.type in _TEXTS else f"answer.{question.key} != null"
