"""Conditions in the closed language: read once when a definition is loaded, evaluated in microseconds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cel

from handlepligt.errors import HandlepligtError
from protocols.condition_syntax import (
    Call,
    ConditionSyntaxError,
    Literal,
    Name,
    Node,
    read_tree,
    signatures,
    walk,
)


class ConditionError(HandlepligtError):
    """A loaded condition failed while it ran, which the checks at load are there to prevent."""


@dataclass(frozen=True, eq=False)
class Condition:
    """A condition: its source as written, its tree for checks, and CEL's compiled program for use."""

    source: str
    tree: Node
    program: cel.Program

    def __str__(self) -> str:
        return self.source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    @functools.cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Every dotted name, as tuples."""
        return frozenset(node.path for node in walk(self.tree) if isinstance(node, Name))

    @functools.cached_property
    def calls(self) -> frozenset[tuple[str, str]]:
        """Every (function, first argument) with a text as argument, such as ("done", "discuss")."""
        return frozenset(
            (node.function, argument.value)
            for node in walk(self.tree)
            if isinstance(node, Call)
            for argument in node.arguments
            if isinstance(argument, Literal) and isinstance(argument.value, str)
        )

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Every text in quotes."""
        literals = (node.value for node in walk(self.tree) if isinstance(node, Literal))
        return frozenset(one for one in literals if isinstance(one, str))

    @functools.cached_property
    def signatures(self) -> frozenset[tuple[str, ...]]:
        """Every call with all its arguments, such as ("later", "talk", "visit")."""
        return signatures(self.tree)

    def holds(self, context: cel.Context) -> bool:
        """Whether the condition is true; ConditionError when it cannot be said."""
        return self.value(context) is True

    def value(self, context: cel.Context) -> object:
        """What the expression yields; conditions yield booleans, computed facts also other values."""
        try:
            return self.program.execute(context)
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise ConditionError(f"condition '{self.source}' failed: {error}") from error


def read_condition(written: object) -> Condition:
    """Compiles what the file says; ValueError with a sentence when it is no condition."""
    if isinstance(written, Condition):
        return written
    if isinstance(written, bool):
        written = "true" if written else "false"
    if not isinstance(written, str) or not written.strip():
        raise ValueError("expected a condition as text, for example 'age != null && age > 6'")
    return _compiled(written.strip())


@functools.lru_cache(maxsize=4096)
def _compiled(source: str) -> Condition:
    try:
        tree = read_tree(source)
        return Condition(source, tree, cel.compile(source))
    except ConditionSyntaxError as error:
        raise ValueError(f"the condition '{_shortened(source)}' cannot be read: {error}") from error
    except ValueError as error:
        raise ValueError(f"the condition '{_shortened(source)}' is not valid CEL") from error


def _shortened(source: str) -> str:
    return source if len(source) <= 80 else source[:77] + "..."


def context_of(
    variables: Mapping[str, object], functions: Mapping[str, Callable[..., object]]
) -> cel.Context:
    """The world in which conditions are evaluated."""
    return cel.Context(variables=dict(variables), functions=dict(functions))
