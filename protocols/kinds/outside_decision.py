"""The kind *outside decision*: what a court, a board or another body decides while the case waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Modalities, Modality, ModalityCase, Phase
from protocols.made_steps import all_of, any_of

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words


class Kind(Element):
    """One decision that somebody outside takes; its step waits for them and records each answer.

    `body` is a role, a contact or a text. `asked_when` says when they are asked; with `approves`, a step,
    they approve afterwards what was done in it. The step comes back until the answer is among `final`, in
    `at_most` rounds.
    """

    section = "outside_decisions"
    written_as = {"opens_when": "asked_when", "repeats": "at_most", "waits_for": "body"}

    title: str
    what: str = ""
    body: str
    asked_when: When | None = None
    approves: str = ""
    answers: dict[str, str]
    final: Names
    modality: Modalities = (ModalityCase(then=Modality.MUST),)
    phase: Phase = Phase.IN_PROGRESS
    lapses_when: When | None = None
    lapse_reason: str = ""
    per_person: str = ""
    deadlines: Named[Deadline] = {}
    at_most: int = 20
    cautions: Names = ()
    legal_references: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        if self.asked_when is None and not self.approves:
            yield (), "say asked_when: when the decision is asked for, or which step it approves"
        yield from scope.name("steps", self.approves, "step", ("approves",))
        if self.approves == self.key:
            yield ("approves",), "a decision cannot approve itself; name the step whose act it approves"
        if len(self.answers) < 2:
            yield ("answers",), "a decision needs at least two answers to choose from"
        if not self.final:
            yield ("final",), "the decision can never end; name at least one answer that is final"
        for position, answer in enumerate(self.final):
            if answer not in self.answers:
                known = ", ".join(self.answers)
                yield ("final", position), f"'{answer}' is not among the answers: {known}"

    def lowered(self, words: Words) -> Mapping[str, Written]:
        """The step that waits for the answer."""
        comes_back = self._comes_back()
        opens_when = all_of(f'done("{self.approves}")' if self.approves else None, self.asked_when)
        if comes_back:
            opens_when = all_of(opens_when, any_of(f'rounds("{self.key}") == 0', *comes_back))
        step: dict[str, object] = {
            "title": self.title,
            "what": self.what or words("outside_decision.what"),
            "waits_for": self.body,
            "opens_when": opens_when,
            "repeats": {"at_most": self.at_most} if comes_back else None,
            "questions": {
                self.key: {
                    "ask": words("outside_decision.answer"),
                    "type": "choice",
                    "choices": self.answers,
                },
                f"{self.key}_on": {"ask": words("outside_decision.on"), "type": "date"},
                f"{self.key}_note": {
                    "ask": words("outside_decision.note"),
                    "type": "long_text",
                    "required": False,
                },
            },
        }
        as_written = (
            "modality", "phase", "lapses_when", "lapse_reason", "per_person", "deadlines", "cautions",
            "legal_references",
        )  # fmt: skip
        return {self.key: step | {name: getattr(self, name) for name in as_written}}

    def _comes_back(self) -> list[str]:
        """What brings the step back: an answer that is not final, and a later round of what is approved."""
        reasons: list[str] = []
        open_answers = [answer for answer in self.answers if answer not in self.final]
        if open_answers:
            listed = ", ".join(f'"{answer}"' for answer in open_answers)
            reasons.append(f"answer.{self.key} in [{listed}]")
        if self.approves:
            reasons.append(f'settled_later("{self.approves}", "{self.key}")')
        return reasons
