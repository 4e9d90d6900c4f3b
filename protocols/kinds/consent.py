"""The kind *consent*: of whom, for what, what they said, and the way round when they cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from protocols.element import Element, Named, Names, When, Written
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Modalities, Modality, ModalityCase, Phase
from protocols.made_steps import all_of, any_of

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope
    from protocols.wording import Words


class Answer(StrEnum):
    """What came of asking; only a consent that was given can be withdrawn, and that at any time."""

    GIVEN = "given"
    REFUSED = "refused"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"
    WITHDRAWN = "withdrawn"


class Kind(Element):
    """One consent. `of` and `to` are texts: of whom, and to what.

    The step opens when `asked_when` holds, and again when `ask_again_when` does. While a consent stands as
    given the step can be taken up again by hand, and then the consent can be withdrawn. `on_refusal` and
    `on_not_safe` name the steps that are the way round, each of which must look at the answer.
    """

    section = "consents"
    written_as = {"opens_when": "asked_when", "repeats": "at_most"}

    title: str
    of: str
    to: str
    asked_when: When
    ask_again_when: When | None = None
    on_refusal: Names = ()
    on_not_safe: Names = ()
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
        about = scope.about(self.per_person)
        yield from about.condition(self.ask_again_when, ("ask_again_when",))
        routes = (("on_refusal", Answer.REFUSED), ("on_not_safe", Answer.NOT_SAFE_TO_ASK))
        for name, answer in routes:
            yield from scope.names("steps", getattr(self, name), "step", (name,))
            for position, route in enumerate(getattr(self, name)):
                step = scope.definition.steps.get(route)
                if route == self.key:
                    yield (name, position), "the consent cannot be the way round itself; name another step"
                elif step is not None and ("answer", self.key) not in step.opens_when.names:
                    yield (
                        (name, position),
                        f"'{route}' does not look at the answer, so nothing leads there; "
                        f'put answer.{self.key} == "{answer}" into its opens_when',
                    )

    def lowered(self, words: Words) -> Mapping[str, Written]:
        """The step in which the answer is recorded."""
        key, again = self.key, self.ask_again_when
        is_given = f'answer.{key} == "{Answer.GIVEN}"'
        step: dict[str, object] = {
            "title": self.title,
            "what": words("consent.what", of=self.of, to=self.to),
            "opens_when": self.asked_when
            if again is None
            else any_of(
                all_of(f'rounds("{key}") == 0', self.asked_when), all_of(f'rounds("{key}") > 0', again)
            ),
            "taken_up_when": is_given,
            "repeats": {"at_most": self.at_most} if again is not None else None,
            "questions": {
                key: {
                    "ask": words("consent.answer"),
                    "type": "choice",
                    "choices": {one.value: words(f"consent.{one}") for one in Answer},
                    "offered_when": {Answer.WITHDRAWN: is_given},
                },
                f"{key}_on": {"ask": words("consent.on"), "type": "date"},
                f"{key}_note": {
                    "ask": words("consent.note"),
                    "type": "long_text",
                    "required": False,
                    "required_when": f'given.{key} == "{Answer.NOT_SAFE_TO_ASK}"',
                },
            },
        }
        as_written = (
            "modality", "phase", "lapses_when", "lapse_reason", "per_person", "deadlines", "cautions",
            "legal_references",
        )  # fmt: skip
        return {key: step | {name: getattr(self, name) for name in as_written}}
