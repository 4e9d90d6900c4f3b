"""The kind *decision*: answers that several people give together, or that another must give."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from protocols.durations import WrittenOffset
from protocols.element import Element, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """Who decides the named questions of a step together.

    `by` are roles of the definition. `disagreement` names the question in which a disagreement is written
    down. `not_same_person_as` names a step whose completer may not decide here. The roles in `own_hand` each
    confirm with their own log-in, in a step that is made for it and is due `within`.
    """

    title: str = ""
    by: Names
    questions: Names
    disagreement: str = ""
    not_same_person_as: str = ""
    own_hand: Names = ()
    within: WrittenOffset | None = None

    def check_in(self, scope: Scope, step_key: str, asked: Collection[str]) -> Iterator[Complaint]:
        """The same, for a decision inside the step whose questions are `asked`."""
        yield from scope.names("roles", self.by, "role", ("by",))
        for position, name in enumerate(self.questions):
            if name not in asked:
                yield ("questions", position), f"'{name}' is an answer nobody is asked for in this step"
        if self.disagreement and self.disagreement not in asked:
            yield ("disagreement",), f"'{self.disagreement}' is an answer nobody is asked for in this step"
        other = self.not_same_person_as
        yield from scope.name("steps", other, "step", ("not_same_person_as",))
        opens_when = scope.definition.steps[step_key].opens_when
        pinned = {("done", other): False, ("settled", other): False}
        if other and scope.thorough and True in scope.finding(opens_when, fixed=pinned).results:
            sentence = (
                f"'{other}' may not have run when '{step_key}' opens; add done(\"{other}\") to opens_when"
            )
            yield ("not_same_person_as",), sentence
