"""What stands in each box of a drawing, line by line, and how large the box must be for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from handlepligt.domain.deadlines import Basis
from handlepligt.domain.vocabulary import StepStatus
from protocols.definition import Definition
from protocols.drawing_graph import Graph, Node, NodeKind
from protocols.drawing_text import width_of, wrapped
from protocols.drawing_ways import Label
from protocols.kinds.deadline import AtExpiry
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality
from protocols.naming import Naming
from protocols.state import CaseState

STEP_WIDTH, LABEL_WIDTH, END_WIDTH, BAR_WIDTH = 212.0, 140.0, 140.0, 8.0
TITLE, SMALL = 14.0, 12.0
PAD = 10.0
_LINE = {TITLE: 18.0, SMALL: 16.0}
CHIP_GAP = 4.0


class Tone(StrEnum):
    """What a line is, from which its look follows."""

    TITLE = "title"
    HEAD = "head"
    PLAIN = "plain"
    ANSWER = "answer"
    LAW = "law"
    CHIP = "chip"


class Mark(StrEnum):
    """Where a step stands in a running case."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"
    FELL_AWAY = "fell_away"


@dataclass(frozen=True)
class Line:
    """One line of text; `top` is from the upper edge of its box, `height` what it takes up."""

    text: str
    tone: Tone
    size: float
    top: float
    height: float


@dataclass(frozen=True)
class Box:
    """A node with its size and its lines; `badge` says in words where a running case stands with it."""

    node: Node
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    step: Step | None = None
    comes_back: bool = False
    mark: Mark | None = None
    badge: str = ""


class _Stack:
    """Lines one under the other."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.lines: list[Line] = []
        self.top = PAD

    def add(self, text: str, tone: Tone, size: float = SMALL) -> None:
        is_chip = tone in (Tone.LAW, Tone.CHIP)
        height = _LINE[size] + (CHIP_GAP if is_chip else 0)
        inner = self.width - 2 * PAD - (12 if is_chip else 0)
        rows = wrapped(text, size, inner)
        if is_chip and len(rows) > 1:
            self.lines.append(Line("\n".join(rows), tone, size, self.top, 15 * len(rows) + 2 + CHIP_GAP))
            self.top += 15 * len(rows) + 2 + CHIP_GAP
            return
        for row in rows:
            self.lines.append(Line(row, tone, size, self.top, height))
            self.top += height

    def space(self, height: float) -> None:
        self.top += height

    @property
    def height(self) -> float:
        return self.top + PAD


class Boxes:
    """Makes the boxes of one definition in one language, for a running case when there is one."""

    def __init__(self, definition: Definition, naming: Naming, graph: Graph, state: CaseState | None) -> None:
        self.definition = definition
        self.naming = naming
        self.words = naming.words
        self.graph = graph
        self.state = state

    def box(self, node: Node) -> Box:
        """The box of one thing in the drawing."""
        match node.kind:
            case NodeKind.STEP:
                return self._step(node)
            case NodeKind.LABEL:
                return self._labels(node)
            case NodeKind.JOIN:
                return self._bar(node)
            case NodeKind.END:
                return self._terminal(node, self.definition.ends[node.key].title)
            case NodeKind.PRESS:
                return self._terminal(node, self.words("drawing.press"))
            case _:
                return self._terminal(node, self.words("drawing.start"))

    def _step(self, node: Node) -> Box:
        step = self.definition.steps[node.key]
        stack = _Stack(STEP_WIDTH)
        stack.add(self.head_of(step), Tone.HEAD)
        stack.space(2)
        stack.add(step.title, Tone.TITLE, TITLE)
        stack.space(4)
        stack.add(self.actors_of(step), Tone.PLAIN)
        for text in self.remarks_of(step):
            stack.add(text, Tone.PLAIN)
        chips = list(self.deadlines_of(step))
        if chips:
            stack.space(4)
        for text, is_law in chips:
            stack.add(text, Tone.LAW if is_law else Tone.CHIP)
        return Box(node, STEP_WIDTH, stack.height, tuple(stack.lines), step, step.repeats is not None)

    def _labels(self, node: Node) -> Box:
        stack = _Stack(LABEL_WIDTH)
        stack.top = 5
        for label in node.labels:
            stack.add(label.text, Tone.PLAIN)
            if label.values:
                stack.add(self.either(label.values), Tone.ANSWER)
        return Box(node, LABEL_WIDTH, stack.top + 5, tuple(stack.lines))

    def _bar(self, node: Node) -> Box:
        count = sum(edge.head == node.id for edge in self.graph.edges)
        return Box(node, BAR_WIDTH, max(56.0, 22.0 * count))

    def _terminal(self, node: Node, text: str) -> Box:
        stack = _Stack(END_WIDTH)
        stack.add(text, Tone.TITLE, TITLE)
        return Box(node, END_WIDTH, max(stack.height, 38), tuple(stack.lines))

    def either(self, values: tuple[str, ...]) -> str:
        """`Ja eller Ved ikke`."""
        return self.words("explain.or").join(values)

    def head_of(self, step: Step) -> str:
        """How binding it is: what the facts decide is said as each of its possibilities."""
        modalities = dict.fromkeys(case.then for case in step.modality) or (Modality.SHOULD,)
        return self.either(tuple(self.words(f"drawing.{one.value}") for one in modalities))

    def actors_of(self, step: Step) -> str:
        """Who acts, and with whom when it is decided together."""
        holder = next((key for key, role in self.definition.roles.items() if role.holder), "")
        acting = step.waits_for or step.owner or step.holder or holder
        deciding = dict.fromkeys(role for decision in step.decisions.values() for role in decision.by)
        others = [role for role in deciding if role not in (acting, holder)]
        first = self.naming.actor(acting) if acting else self.words("drawing.holder")
        if not others:
            return first
        return self.words("drawing.together", a=first, b=", ".join(self.naming.role(one) for one in others))

    def remarks_of(self, step: Step) -> Iterator[str]:
        """What is special about the step: that it comes back, stands, runs beside, is per person."""
        again = self.graph.again.get(step.key, ())
        for label in again:
            yield self.words("drawing.again_when", text=self.said(label))
        if step.standing:
            yield self.words("drawing.standing_while" if _ends_by_itself(step) else "drawing.standing")
        if step.beside:
            yield self.words("drawing.beside")
        if step.per_person:
            known = step.per_person in self.definition.relations
            title = self.naming.relation(step.per_person) if known else ""
            yield self.words("drawing.per_relation" if known else "drawing.per_person", title=title)
        if step.made_from.startswith("sub_protocols."):
            yield self.words("drawing.sub_protocol")
        if any(question.sets.acute for question in step.questions.values()):
            yield self.words("drawing.may_press")

    def said(self, label: Label) -> str:
        """A label in one line."""
        return f"{label.text} {self.either(label.values)}".strip()

    def deadlines_of(self, step: Step) -> Iterator[tuple[str, bool]]:
        """Each deadline as text, and whether it is one of law; those of law first, doubles once."""
        told = dict.fromkeys(
            (self._deadline(one), one.basis is Basis.LAW) for one in step.deadlines.values() if one.basis
        )
        yield from sorted(told, key=lambda one: not one[1])

    def _deadline(self, deadline: Deadline) -> str:
        length = self.naming.length(deadline.within) if deadline.within else self.words("durations.at_once")
        basis = deadline.basis.value if deadline.basis else Basis.LOCAL.value
        return self.words("drawing.deadline", length=length, basis=self.words(f"drawing.{basis}"))

    def standing_of(self, step: Step) -> tuple[Mark | None, str]:
        """Where the running case stands with the step; the latest round speaks, open ones first."""
        rounds = self.state.rounds(step.key) if self.state is not None else ()
        if not rounds:
            return None, ""
        marks = {
            StepStatus.OPEN: Mark.OPEN,
            StepStatus.WAITING: Mark.WAITING,
            StepStatus.DONE: Mark.DONE,
            StepStatus.NOT_APPLICABLE: Mark.FELL_AWAY,
        }
        found = [marks[one.status] for one in rounds]
        mark = next((one for one in (Mark.OPEN, Mark.WAITING) if one in found), found[-1])
        text = self.words(f"drawing.{mark.value}")
        several = self.words("drawing.nth", n=len(rounds)) if len(rounds) > 1 else ""
        return mark, f"{text} · {several}" if several else text


def badge_width(badge: str) -> float:
    """How wide the badge of a box is."""
    return width_of(badge, SMALL) + 30


def _ends_by_itself(step: Step) -> bool:
    """Whether a standing step holds for a while only; one on the way itself comes back until the end."""
    return step.beside or any(one.at_expiry is AtExpiry.LAPSE for one in step.deadlines.values())
