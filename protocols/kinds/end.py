"""The kind *end*: a typed way to close a case, when it is allowed, and what must be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocols.element import Element, Named, When
from protocols.kinds.question import Kind as Question

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """One end; `questions` are its required fields.

    With `leaves_open`, steps that must be done may end with the case, because somebody else does them. With
    `with_authority`, an outside authority must hold the duty in the ledger first.
    """

    section = "ends"

    title: str
    allowed_when: When
    leaves_open: bool = False
    with_authority: bool = False
    questions: Named[Question] = {}

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.condition(self.allowed_when, ("allowed_when",))
        if scope.finding(self.allowed_when).is_always(False):
            yield ("allowed_when",), "the case can never end this way"
        if self.with_authority and "authority" not in scope.declared.get("handover", ()):
            yield ("with_authority",), "no authority can take the duty over; give the handover an authority"
        for key, question in self.questions.items():
            for where, sentence in question.check(scope):
                yield ("questions", key, *where), sentence
