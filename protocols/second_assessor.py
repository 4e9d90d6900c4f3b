"""A second assessor: somebody who answers a step's questions again, without seeing the first answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from protocols.condition_syntax import Name, walk
from protocols.conditions import Condition, read_condition
from protocols.durations import WrittenOffset
from protocols.element import Element, Names, Written
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import Sets
from protocols.made_steps import after_each_round, due, ladder_of

if TYPE_CHECKING:
    from protocols.kinds.step import Kind as Step
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words

SECOND = "_second"


class SecondAssessor(Element):
    """Who assesses a second time, which of the step's questions, and within how long of the first."""

    role: str
    questions: Names
    within: WrittenOffset

    def check_in(self, scope: Scope, step: Step) -> Iterator[Complaint]:
        """The same, inside its step."""
        yield from scope.name("roles", self.role, "role", ("role",))
        if self.role == (step.owner or step.holder):
            yield ("role",), f"'{self.role}' does the step itself; name somebody else"
        if not self.questions:
            yield ("questions",), "name at least one question of this step"
        for position, name in enumerate(self.questions):
            question = step.questions.get(name)
            if question is None:
                yield ("questions", position), f"'{name}' is an answer nobody is asked for in this step"
                continue
            for other in sorted(_leans_on(question) - set(self.questions)):
                sentence = f"'{name}' is asked only after '{other}' is answered; name '{other}' here too"
                yield ("questions", position), sentence

    def lowered_in(self, step: Step, words: Words) -> Mapping[str, Written]:
        """The step of the second assessment: open once the first is done, for somebody else than its doer."""
        key = step.key + SECOND
        again = [step.questions[name] for name in step.questions if name in self.questions]
        return {
            key: {
                "title": words("step.second_title", title=step.title),
                "what": words("step.second_what"),
                "opens_when": after_each_round(step.key, key, repeats=step.comes_back is not None),
                "repeats": step.comes_back,
                "holder": step.holder,
                "owner": self.role,
                "not_same_person_as": step.key,
                "modality": "must",
                "phase": step.phase,
                "beside": step.beside,
                "per_person": step.per_person,
                "questions": {one.key + SECOND: _again(one, self.questions) for one in again},
                "deadlines": {
                    "second_assessment": due(
                        words("step.second_within"),
                        f'done("{step.key}")',
                        self.within,
                        ladder_of(step.deadlines),
                    )
                },
                "cautions": step.cautions,
                "legal_references": step.legal_references,
                "made_from": "second_assessor",
            }
        }


def _leans_on(question: Question) -> set[str]:
    conditions = (question.asked_when, question.required_when)
    return {path[1] for one in conditions if one is not None for path in one.names if path[0] == "given"}


def _again(question: Question, asked: Collection[str]) -> Question:
    return question.model_copy(
        update={
            "key": question.key + SECOND,
            "asked_when": _renamed(question.asked_when, asked),
            "required_when": _renamed(question.required_when, asked),
            # That there is danger may be seen by either; that it is over, and when to look again, by one.
            "sets": Sets(acute=question.sets.acute),
        }
    )


def _renamed(condition: Condition | None, asked: Collection[str]) -> Condition | None:
    """The same condition about what the second assessor answers."""
    if condition is None:
        return None
    source = condition.source
    names = [node for node in walk(condition.tree) if isinstance(node, Name) and node.path[0] == "given"]
    for node in sorted(names, key=lambda one: one.at, reverse=True):
        written = re.compile(r"given\s*\.\s*\w+", re.ASCII).match(source, node.at)
        if written is not None and node.path[1] in asked:
            source = source[: node.at] + f"given.{node.path[1]}{SECOND}" + source[written.end() :]
    return read_condition(source)
