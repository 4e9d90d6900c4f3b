"""The kind *step*: something to be done, when it opens and falls away, and what is asked in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from protocols.element import Element, Named, Names, When
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.decision import Kind as Decision
from protocols.kinds.question import Kind as Question


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


def _as_cases(written: object) -> object:
    """A modality written as one word is a list with one case; anything odd is left to the model to refuse."""
    if isinstance(written, str):
        return ({"then": written},)
    return tuple(written) if isinstance(written, list) else written


class Repeats(Element):
    """A step that may come back: `at_most` rounds in all."""

    at_most: int


class Kind(Element):
    """One step. Texts are Danish; `owner` is the role or contact who does the act when that is not the holder."""

    section = "steps"

    title: str
    what: str
    opens_when: When
    lapses_when: When | None = None
    lapse_reason: str = ""
    done_when: When | None = None
    done_when_message: str = ""
    holder: str = ""
    owner: str = ""
    modality: Annotated[tuple[ModalityCase, ...], BeforeValidator(_as_cases)]
    phase: Phase = Phase.IN_PROGRESS
    standing: bool = False
    interrupts: bool = False
    repeats: Repeats | None = None
    questions: Named[Question] = {}
    checklist: dict[str, str] = {}
    decisions: Named[Decision] = {}
    deadlines: Named[Deadline] = {}
    cautions: Names = ()
    contacts: Names = ()
    legal_references: Names = ()
