"""Checks a condition against what its names can be: unknown names, impossible values, wrong types."""

from __future__ import annotations

import difflib
import itertools
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from protocols.condition_syntax import Call, Listed, Literal, Name, Node, Operation, walk
from protocols.conditions import Condition, ConditionError, context_of

# How many combinations of values one condition is tried on; more are sampled, always the same ones.
TRIED = 256
STEP_FUNCTIONS: Mapping[str, int] = {
    "done": 1,
    "is_open": 1,
    "settled": 1,
    "rounds": 1,
    "later": 2,
    "settled_later": 2,
}
_SIZE = "size"


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
    """The names a condition may use where it stands, and the steps there are."""

    names: Mapping[tuple[str, ...], Domain]
    steps: Collection[str] = field(default=())


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
    for node in walk(tree):
        match node:
            case Name(path) if path not in vocabulary.names:
                yield _unknown_name(path, vocabulary)
            case Call():
                yield from _call(node, vocabulary)
            case Operation("==" | "!=", (left, right)):
                yield from _compared(left, right, vocabulary)
                yield from _compared(right, left, vocabulary)
            case Operation("in", (left, right)):
                yield from _within(left, right, vocabulary)


def _unknown_name(path: tuple[str, ...], vocabulary: Vocabulary) -> str:
    name = ".".join(path)
    known = [".".join(one) for one in vocabulary.names if len(one) == len(path)]
    if path[0] in ("answer", "given"):
        known = [one for one in known if one.startswith(path[0])]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    if path[0] == "answer":
        return f"'{name}': nobody is asked '{path[-1]}'{hint}"
    if path[0] == "given":
        return f"'{name}': nobody is asked '{path[-1]}' here, before this{hint}"
    return f"unknown name '{name}'" + (hint or "; it cannot be used here")


def _call(node: Call, vocabulary: Vocabulary) -> Iterator[str]:
    if node.function == _SIZE:
        if len(node.arguments) != 1:
            yield "size() takes one list or text"
        return
    wanted = STEP_FUNCTIONS.get(node.function)
    if wanted is None:
        known = ", ".join([*STEP_FUNCTIONS, _SIZE])
        yield f"unknown function '{node.function}'; there are {known}"
        return
    if len(node.arguments) != wanted:
        yield f"{node.function}() takes {wanted} step{'s' * (wanted > 1)} in quotes"
        return
    for argument in node.arguments:
        if not isinstance(argument, Literal) or not isinstance(argument.value, str):
            yield f"{node.function}() takes the key of a step in quotes"
        elif argument.value not in vocabulary.steps:
            close = difflib.get_close_matches(argument.value, vocabulary.steps, n=1)
            yield f"unknown step '{argument.value}'" + (f"; did you mean '{close[0]}'?" if close else "")


def _compared(name: Node, literal: Node, vocabulary: Vocabulary) -> Iterator[str]:
    if not isinstance(name, Name) or not isinstance(literal, Literal):
        return
    domain = vocabulary.names.get(name.path)
    if domain is not None:
        yield from _impossible(name, literal.value, domain)


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
        (path, _sharpened(condition, path, vocabulary.names[path])) for path in sorted(condition.names)
    ]
    calls = sorted({_signature(node) for node in walk(condition.tree) if _is_step_call(node)})
    for call in calls:
        pinned = fixed.get((call[0], call[1])) if len(call) == 2 else None
        every: tuple[object, ...] = (0, 1, 2) if call[0] == "rounds" else (False, True)
        axes.append((call, (pinned,) if pinned is not None else every))
    amount = 1
    for _, values in axes:
        amount *= len(values)
    results: set[object] = set()
    for chosen in _combinations([values for _, values in axes], amount):
        named = dict(zip((path for path, _ in axes), chosen, strict=True))
        try:
            results.add(_hashable(_evaluated(condition, named, calls)))
        except ConditionError:
            return Finding((_failure(condition, named),))
    return Finding((), frozenset(results), exhaustive=amount <= TRIED)


def _sharpened(condition: Condition, path: tuple[str, ...], domain: Domain) -> tuple[object, ...]:
    """The values to try: for numbers also those on and beside each number the condition mentions."""
    if domain.closed or not any(isinstance(value, int | float) for value in domain.values):
        return domain.values
    mentioned = {
        node.value
        for node in walk(condition.tree)
        if isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool)
    }
    near = {value + step for value in mentioned for step in (-1, 0, 1)}
    return tuple(dict.fromkeys([*domain.values, *sorted(near)]))


def _is_step_call(node: Node) -> bool:
    return isinstance(node, Call) and node.function in STEP_FUNCTIONS


def _signature(node: Node) -> tuple[str, ...]:
    assert isinstance(node, Call)
    return (node.function, *(str(one.value) for one in node.arguments if isinstance(one, Literal)))


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


def _failure(condition: Condition, named: Mapping[tuple[str, ...], object]) -> str:
    nulls = [".".join(path) for path, value in named.items() if value is None]
    if nulls:
        return f"'{condition}' fails when {nulls[0]} is not known; put '{nulls[0]} != null && ...' before it"
    return f"'{condition}' mixes types, such as a number with a text, or yields no true or false"


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
