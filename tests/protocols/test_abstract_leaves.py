"""Steps beside the way that wait for themselves or each other are found, though nothing depends on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocols.small import problems_of, small


def steps(**opens_when: str) -> tuple[str, str]:
    """Steps beside the way, each opening under its condition."""
    written = "".join(
        f"  {key}:\n    title: Mere\n    what: Mere.\n    opens_when: {condition}\n    modality: may\n"
        f"    questions:\n      {key}_more: {{ask: Mere?, type: yes_no}}\n"
        f'    deadlines:\n      {key}_on: {{base: opened("{key}"), within: 2 days, basis: local}}\n\n'
        for key, condition in opens_when.items()
    )
    return "  finish:\n", f"{written}  finish:\n"


@pytest.mark.parametrize(
    ("opens_when", "never"),
    [
        ({"one": 'done("one")'}, ["one"]),
        ({"one": 'answer.one_more == "no"'}, ["one"]),
        ({"one": 'settled("two")', "two": 'done("talk") && done("one")'}, ["one", "two"]),
        ({"a": 'done("b")', "b": 'answer.c_more == "yes"', "c": 'done("a")'}, ["a", "b", "c"]),
        ({"one": 'done("talk")', "two": 'done("one") && done("two")'}, ["two"]),
    ],
)  # fmt: skip
def test_what_waits_for_itself_can_never_open(
    opens_when: dict[str, str], never: list[str], tmp_path: Path
) -> None:
    problems = problems_of(tmp_path, steps(**opens_when))

    said = sorted(one.sentence for one in problems)
    assert [f"the step '{key}' can never open" in told for key, told in zip(never, said, strict=True)] == [
        True
    ] * len(never)


def test_what_opens_one_after_the_other_or_has_another_way_is_whole(tmp_path: Path) -> None:
    chain = steps(
        three='done("two")',
        two='answer.one_more == "yes"',
        one='done("talk") || done("three")',
        four='settled("three") && !done("four")',
    )

    assert "three" in small(tmp_path, chain).steps
