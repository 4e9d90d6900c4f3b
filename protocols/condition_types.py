"""Checks a condition against what its names can be: unknown names, impossible values, wrong types."""

from __future__ import annotations

import difflib
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from protocols.condition_functions import FUNCTIONS, Names, Yields, complaints_about
from protocols.condition_syntax import (
    Call,
    Listed,
    Literal,
    Name,
    Node,
    Operation,
    signatures,
    walk,
    written,
)
from protocols.conditions import Condition, ConditionError, context_of

# How many combinations of values one condition is tried on; more are sampled, always the same ones.
TRIED = 256


@dataclass(frozen=True)
class Domain:
    """What a name can be: some values to try, and whether those are all there are."""

    values: tuple[object, ...]
    closed: bool = True
    members: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        return [value for value in self.values if isinstance(value, str)]


@dataclass(frozen=True)
class Vocabulary:
    """The names a condition may use where it stands, and what its functions may be asked about.

    `elsewhere` holds names that exist but cannot be used here, each with what to write instead.
    """

    names: Mapping[tuple[str, ...], Domain]
    arguments: Names = field(default_factory=Names)
    elsewhere: Mapping[tuple[str, ...], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What came out of a check: sentences about what is wrong, and every value the condition can take."""

    complaints: tuple[str, ...]
    results: frozenset[object] = frozenset()
    exhaustive: bool = False

    def is_always(self, value: bool) -> bool:
        return self.exhaustive and self.results == {value}


def examine_condition(
    condition: Condition,
    vocabulary: Vocabulary,
    *,
    thorough: bool = True,
    fixed: Mapping[tuple[str, str], bool] | None = None,
) -> Finding:
    """Checks names and literals in the tree and, when thorough, tries the condition over the declared values.

    `fixed` pins calls such as ("done", "discuss") to a value while trying.
    """
    complaints = tuple(dict.fromkeys(_static(condition.tree, vocabulary)))
    if complaints or not thorough:
        return Finding(complaints)
    return _tried(condition, vocabulary, fixed or {})


def _static(tree: Node, vocabulary: Vocabulary) -> Iterator[str]:
    # A name where a text in quotes belongs is complained of with the function that takes it.
    unquoted = {one.at for node in walk(tree) if isinstance(node, Call) for one in node.arguments}
    for node in walk(tree):
        match node:
            case Name(path) if path not in vocabulary.names and (node.at not in unquoted or len(path) > 1):
                yield _unknown_name(path, vocabulary)
            case Call():
                yield from complaints_about(node, vocabulary.arguments)
            case Operation("&&" | "||" | "!", operands):
                yield from (_no_truth(one) for one in operands if _is_a_value(one))
            case Operation("==" | "!=", (left, right)):
                yield from _compared(left, right, vocabulary)
                yield from _compared(right, left, vocabulary)
            case Operation("in", (left, right)):
                yield from _within(left, right, vocabulary)


def _unknown_name(path: tuple[str, ...], vocabulary: Vocabulary) -> str:
    if path in vocabulary.elsewhere:
        return vocabulary.elsewhere[path]
    name = ".".join(path)
    known = [".".join(one) for one in vocabulary.names if len(one) == len(path)]
    if path[0] in ("answer", "given"):
        known = [one for one in known if one.startswith(path[0])]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    if path[0] == "answer":
        return f"'{name}': nobody is asked '{path[-1]}'{hint}"
    if path[0] == "given" and ("answer", path[-1]) in vocabulary.names:
        return f"'{name}': nobody is asked '{path[-1]}' here, before this; elsewhere write answer.{path[-1]}"
    if path[0] == "given":
        return f"'{name}': nobody is asked '{path[-1]}' here, before this{hint}"
    if not hint and any(name in one.words for one in vocabulary.names.values()):
        return f"unknown name '{name}'; an answer is written in quotes: \"{name}\""
    return f"unknown name '{name}'" + (hint or "; it cannot be used here")


def _is_a_value(node: Node) -> bool:
    return isinstance(node, Literal) and not isinstance(node.value, bool)


def _no_truth(node: Node) -> str:
    shown = written(node)
    return f"{shown} alone is neither true nor false; say what it is compared with, as in answer.x == {shown}"


def _compared(name: Node, literal: Node, vocabulary: Vocabulary) -> Iterator[str]:
    if not isinstance(literal, Literal):
        return
    if isinstance(name, Call) and name.function in FUNCTIONS:
        yield from _never_said(name, literal.value)
    if not isinstance(name, Name):
        return
    domain = vocabulary.names.get(name.path)
    if domain is not None:
        yield from _impossible(name, literal.value, domain)


def _never_said(call: Call, value: object) -> Iterator[str]:
    """A complaint when a function is compared with what it cannot say."""
    yields = FUNCTIONS[call.function].yields
    if yields is Yields.NUMBER and value is None:
        return
    if not _alike(value, yields.values[-1]):
        said = "true or false" if yields is Yields.BOOLEAN else "a number"
        yield f"{call.function}() says {said} and can never be {_written(value)}"


def _impossible(name: Name, value: object, domain: Domain) -> Iterator[str]:
    if any(type(value) is type(one) and value == one for one in domain.values):
        return
    if domain.members:
        yield f"'{name}' is a list; write '\"...\" in {name}'"
    elif domain.closed:
        allowed = ", ".join(_written(one) for one in domain.values)
        yield f"'{name}' can never be {_written(value)}; it is one of {allowed}"
    elif value is None:
        yield f"'{name}' is never null; compare it with \"\""
    elif not any(_alike(value, one) for one in domain.values):
        yield f"'{name}' cannot be compared with {_written(value)}; they are of different types"


def _alike(one: object, other: object) -> bool:
    numbers = (int, float)
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool)
    return (isinstance(one, numbers) and isinstance(other, numbers)) or type(one) is type(other)


def _within(left: Node, right: Node, vocabulary: Vocabulary) -> Iterator[str]:
    if isinstance(left, Name) and isinstance(right, Listed):
        for item in right.items:
            yield from _compared(left, item, vocabulary)
    elif isinstance(left, Literal) and isinstance(right, Name):
        domain = vocabulary.names.get(right.path)
        if domain is None:
            return
        if not domain.members:
            yield f"'{right}' is not a list; compare it with =="
        elif left.value not in domain.members:
            members = ", ".join(domain.members)
            yield f"'{right}' can never hold {_written(left.value)}; it holds some of {members}"


def _written(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _tried(condition: Condition, vocabulary: Vocabulary, fixed: Mapping[tuple[str, str], bool]) -> Finding:
    axes: list[tuple[tuple[str, ...], tuple[object, ...]]] = [
        (path, _sharpened(condition, vocabulary.names[path])) for path in sorted(condition.names)
    ]
    calls = sorted(signatures(condition.tree))
    for call in calls:
        pinned = fixed.get((call[0], call[1])) if len(call) == 2 else None
        axes.append((call, (pinned,) if pinned is not None else _said(condition, call[0])))
    amount = 1
    for _, values in axes:
        amount *= len(values)
    results: set[object] = set()
    failing: list[Mapping[tuple[str, ...], object]] = []
    for chosen in _combinations([values for _, values in axes], amount):
        named = dict(zip((path for path, _ in axes), chosen, strict=True))
        try:
            results.add(_hashable(_evaluated(condition, named, calls)))
        except ConditionError:
            failing.append(named)
    if failing:
        return Finding((_failure(condition, failing),))
    return Finding((), frozenset(results), exhaustive=amount <= TRIED)


def _sharpened(condition: Condition, domain: Domain) -> tuple[object, ...]:
    """The values to try: also the texts the condition mentions, and the numbers beside those it does."""
    if domain.closed:
        return domain.values
    mentioned: list[object] = []
    if any(isinstance(value, int | float) for value in domain.values):
        mentioned += _near(condition)
    if any(isinstance(value, str) for value in domain.values):
        mentioned += sorted(condition.texts)
    return tuple(dict.fromkeys([*domain.values, *mentioned]))


def _near(condition: Condition) -> list[int]:
    mentioned = {
        node.value
        for node in walk(condition.tree)
        if isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool)
    }
    return sorted({value + step for value in mentioned for step in (-1, 0, 1)})


def _said(condition: Condition, function: str) -> tuple[object, ...]:
    """What a function can say, as far as the condition may tell it apart."""
    yields = FUNCTIONS[function].yields
    if yields is Yields.BOOLEAN:
        return yields.values
    near = [value for value in _near(condition) if value >= 0 or yields is Yields.NUMBER]
    return tuple(dict.fromkeys([*yields.values, *near]))


def _combinations(axes: list[tuple[object, ...]], amount: int) -> Iterator[tuple[object, ...]]:
    if amount <= TRIED:
        yield from itertools.product(*axes)
        return
    chance = random.Random(amount)  # noqa: S311 - the same sample each time, not a secret
    for _ in range(TRIED):
        yield tuple(chance.choice(values) for values in axes)


def _evaluated(
    condition: Condition, named: Mapping[tuple[str, ...], object], calls: list[tuple[str, ...]]
) -> object:
    variables: dict[str, object] = {}
    for path, value in named.items():
        if path in calls:
            continue
        if len(path) == 1:
            variables[path[0]] = value
        else:
            group = variables.setdefault(path[0], {})
            assert isinstance(group, dict)
            group[path[1]] = value

    def answering(function: str) -> object:
        return lambda *arguments: named[(function, *arguments)]

    functions = {call[0]: answering(call[0]) for call in calls}
    return condition.value(context_of(variables, functions))  # type: ignore[arg-type]


def _failure(condition: Condition, failing: Sequence[Mapping[tuple[str, ...], object]]) -> str:
    """What is to blame: what is unknown whenever it fails, else that types are mixed."""
    nulls = [_told(path) for path in failing[0] if all(named[path] is None for named in failing)]
    if nulls:
        return f"'{condition}' fails when {nulls[0]} is not known; put '{nulls[0]} != null && ...' before it"
    return f"'{condition}' mixes types, such as a number with a text, or yields no true or false"


def _told(path: tuple[str, ...]) -> str:
    """A name or a call as the condition writes it."""
    return f'{path[0]}("{path[1]}")' if path[0] in FUNCTIONS else ".".join(path)


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
