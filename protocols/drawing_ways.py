"""What leads to each step and end: the steps its condition looks at, and the answers that must be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from protocols import alternatives
from protocols.condition_syntax import Call, Literal, Name, Node, Operation
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.explaining import Speaker

_OF_A_STEP = ("done", "settled", "is_open", "differs")
_BEFORE = ("later", "settled_later")


@dataclass(frozen=True)
class Source:
    """Something an arrow can begin or end at: start, press, a step, a join or an end."""

    kind: str
    key: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Label:
    """What must be so for an arrow to be followed: a question or fact with its answers, or a clause alone."""

    text: str
    values: tuple[str, ...] = ()
    source: Source | None = None

    def with_values(self, values: tuple[str, ...]) -> Label:
        return replace(self, values=values)


@dataclass(frozen=True)
class Way:
    """One way to a step or an end. `implied` labels follow from the others; `is_again` for a later round."""

    sources: tuple[Source, ...]
    labels: tuple[Label, ...]
    implied: frozenset[Label]
    is_again: bool


START, PRESS = Source("start"), Source("press")


def ways_into(definition: Definition, speaker: Speaker) -> dict[Source, tuple[Way, ...]]:
    """The ways to every step, join and end, in the order of the file."""
    reader = _Reader(definition, speaker)
    found: dict[Source, tuple[Way, ...]] = {}
    for key, step in definition.steps.items():
        found[Source("step", key)] = tuple(reader.ways(step.opens_when, Source("step", key)))
    for key, join in definition.joins.items():
        # A join is met by its branches together, whatever the number that is needed.
        sources = tuple(Source("step", one) for one in join.of)
        found[Source("join", key)] = tuple(Way((one,), (), frozenset(), False) for one in sources)
    for key, end in definition.ends.items():
        found[Source("end", key)] = tuple(reader.ways(end.allowed_when, Source("end", key)))
    return found


class _Reader:
    def __init__(self, definition: Definition, speaker: Speaker) -> None:
        self.definition = definition
        self.speaker = speaker
        self.naming = speaker.naming

    def ways(self, condition: Condition, head: Source) -> Iterator[Way]:
        for atoms in alternatives.ways_of(condition.tree):
            yield self._way(atoms, head)

    def _way(self, atoms: alternatives.Way, head: Source) -> Way:
        sources: dict[Source, None] = {}
        labels: dict[Label, None] = {}
        again: dict[Source, None] = {}
        for node, negated in atoms:
            for one in self._sources(node, negated, head):
                sources[one] = None
            if (label := self._label(node, negated)) is not None:
                labels[label] = None
                if label.source is not None:
                    sources[label.source] = None
            if (before := self._came_after(node, negated, head)) is not None:
                again[before] = None
        own = head in sources
        sources.pop(head, None)
        if again or own:
            # A later round: what its first round waited for has been long ago.
            tails = tuple(again) or (head,)
            told = tuple(one for one in labels if one.source in tails)
            return Way(tails, told, frozenset(), True)
        implied = frozenset(found for label in labels for found in self._implied(label, tuple(labels)))
        return Way(tuple(sources) or (START,), tuple(labels), implied, False)

    def _sources(self, node: Node, negated: bool, head: Source) -> Iterator[Source]:
        match node:
            case Call(function=function, arguments=(Literal(value=str(key)), *_)) if not negated:
                if function in _OF_A_STEP:
                    yield Source("step", key)
                elif function == "joined" and key in self.definition.joins:
                    yield Source("join", key)
                elif function == "expired":
                    yield Source("step", key.partition(".")[0])
                elif function in _BEFORE and self._came_after(node, negated, head) is None:
                    yield Source("step", key)
            case Operation(">", (Name(path=("acute", "presses")), _)):
                yield PRESS
            case Operation((">" | ">=" | "=="), (Call("count_within", (Literal(value=str(key)), _)), _)):
                yield Source("step", key)
            case Operation(operator, (Call("rounds", (Literal(value=str(key)),)), Literal(value=number))):
                if (operator, number) not in (("==", 0), ("<=", 0), ("<", 1)):
                    yield Source("step", key)

    def _came_after(self, node: Node, negated: bool, head: Source) -> Source | None:
        """What must have come again since the step itself was last there."""
        match node:
            case Call(function=function, arguments=(Literal(value=str(key)), Literal(value=str(other)))):
                if function in _BEFORE and not negated and Source("step", other) == head:
                    return Source("step", key)
        return None

    def _label(self, node: Node, negated: bool) -> Label | None:
        match node:
            case Operation(("==" | "!=") as operator, (Name(path=(group, key)), Literal(value=str(value)))):
                if group == "answer":
                    label = self.naming.answer(key, value)
                    return self._asked(key, self._besides(label, operator))
                if group in ("fact", "person"):
                    label = self.naming.fact_value(key, value)
                    return Label(self.naming.fact(key), (self._besides(label, operator),))
            case Operation("in", (Literal(value=str(value)), Name(path=("answer", key)))):
                label = self.naming.answer(key, value)
                return self._asked(key, self._besides(label, "!=" if negated else "=="))
            case Operation(_, (Name(path=("answer", key)), _)):
                return self._asked(key, "", self._clause(node, negated))
            case Operation("!=", (Call("score"), Literal(value=None))):
                return None  # Whoever asks for the score itself says so too.
            case Operation(_, (Call("score", (Literal(value=str(key)),)), _)):
                return self._asked(key, "", self._clause(node, negated))
            case Operation(_, (Name(path=("acute", _)), _)) | Operation(_, (Call("rounds", _), _)):
                return None
            case Operation(_, (Call("size", (Name(path=("answer", key)),)), _)):
                return self._asked(key, "", self._clause(node, negated))
            case Operation():
                return Label(self._clause(node, negated))
            case Call(function="expired", arguments=(Literal(value=str(key)),)) if not negated:
                step, _, deadline = key.partition(".")
                text = self.naming.words("drawing.expired", title=self.naming.deadline(step, deadline))
                return Label(text, source=Source("step", step))
            case Call("bypassed" | "reached" | "differs") | Name(("handover", _)) if not negated:
                return Label(self._clause(node, negated))
        return None

    def _clause(self, node: Node, negated: bool) -> str:
        said = self.speaker.clause(node, negated)
        return said[:1].upper() + said[1:]

    def _besides(self, label: str, operator: str) -> str:
        return label if operator == "==" else self.naming.words("explain.besides", **{"is": label})

    def _asked(self, key: str, value: str, text: str = "") -> Label:
        source = Source("step", self.definition.asked_in.get(key, ""))
        return Label(text or self.naming.question(key), (value,) if value else (), source)

    def _implied(self, label: Label, labels: tuple[Label, ...]) -> Iterator[Label]:
        """The other labels without which the question of this one is not even asked."""
        step = self.definition.steps.get(label.source.key) if label.source is not None else None
        for question in step.questions.values() if step is not None else ():
            if self.naming.question(question.key) != label.text or question.asked_when is None:
                continue
            ways = alternatives.ways_of(question.asked_when.tree)
            for node, _ in ways[0] if len(ways) == 1 else ():
                match node:
                    case Operation("==", (Name(path=("given", key)), Literal(value=str(value)))):
                        needed = (self.naming.question(key), (self.naming.answer(key, value),))
                        yield from (one for one in labels if (one.text, one.values) == needed)


__all__ = ["PRESS", "START", "Label", "Source", "Way", "ways_into"]
