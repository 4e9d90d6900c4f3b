"""The closed condition language: what it reads, what it refuses, and that it never runs anything else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.condition_syntax import ConditionSyntaxError, read_tree
from protocols.conditions import ConditionError, context_of, read_condition


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("age != null && age < 18", True),
        ("!(age > 5) || 'a' in list", True),
        ("age == 17 ? true : false", True),
        ("size(list) - 1 == 0", True),
        ("name == 'Åse'", True),
        ("age in [1, 2, 3]", False),
        ("-age < 0 && !false", True),
    ],
)
def test_a_condition_says_what_it_says(source: str, expected: bool) -> None:
    context = context_of({"age": 17, "list": ["a"], "name": "Åse"}, {})

    assert read_condition(source).holds(context) is expected


@pytest.mark.parametrize(
    "source",
    [
        *(
            "",
            "   ",
            "a &&",
            "(a",
            "a b",
            "a == 'x",
            "a.",
            "1 +* 2",
            "a[0]",
            "{1: 2}",
            "a; b",
            "`a`",
            "a = 1",
        ),
        "(" * 60 + "a" + ")" * 60,
        "a" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_condition(source)


@given(st.text(max_size=80))
def test_no_text_at_all_makes_the_reader_stumble(source: str) -> None:
    where = None
    try:
        read_tree(source)
    except ConditionSyntaxError as error:
        where = error.at

    assert where is None or 0 <= where <= len(source)


def test_a_condition_that_fails_while_running_is_an_error_of_its_own() -> None:
    with pytest.raises(ConditionError):
        read_condition("age < 18").holds(context_of({"age": None}, {}))


def test_a_condition_runs_in_microseconds() -> None:
    condition = read_condition("age != null && age < 18 && 'a' in list")
    context = context_of({"age": 17, "list": ["a"]}, {})

    started = time.process_time()
    for _ in range(1000):
        condition.holds(context)

    assert (time.process_time() - started) / 1000 < 0.0002
