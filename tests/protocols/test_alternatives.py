"""The separate ways in which a condition can come true."""

from __future__ import annotations

import pytest

from protocols.alternatives import MOST, ways_of
from protocols.condition_syntax import Call, Name, Node, Operation, read_tree


def written(node: Node) -> str:
    match node:
        case Call(function=function):
            return function
        case Name():
            return str(node)
        case Operation(operator=operator, operands=operands):
            return operator + "".join(written(one) for one in operands)
        case _:
            return str(getattr(node, "value", ""))


def ways(source: str) -> list[list[str]]:
    return [
        [("not " if no else "") + written(node) for node, no in way] for way in ways_of(read_tree(source))
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("true", [[]]),
        ("false", []),
        ("!false", [[]]),
        ("a.x", [["a.x"]]),
        ("a.x && b.x", [["a.x", "b.x"]]),
        ("a.x || b.x", [["a.x"], ["b.x"]]),
        ("!(a.x || b.x)", [["not a.x", "not b.x"]]),
        ("a.x && (b.x || c.x)", [["a.x", "b.x"], ["a.x", "c.x"]]),
        ("!(a.x == 1)", [["!=a.x1"]]),
        ("!(a.x < 1)", [[">=a.x1"]]),
        ("a.x == false", [["not a.x"]]),
        ("a.x ? b.x : c.x", [["a.x", "b.x"], ["not a.x", "c.x"]]),
        ('a.x in ["p", "q"]', [["==a.xp"], ["==a.xq"]]),
        ("true && a.x", [["a.x"]]),
    ],
)
def test_each_way_holds_what_it_needs(source: str, expected: list[list[str]]) -> None:
    assert ways(source) == expected


def test_too_many_ways_become_one() -> None:
    source = " && ".join(f"(a.p{n} || a.q{n})" for n in range(12))

    found = ways(source)

    assert len(found) <= MOST
    assert {name for way in found for name in way} == {f"a.{letter}{n}" for n in range(12) for letter in "pq"}
