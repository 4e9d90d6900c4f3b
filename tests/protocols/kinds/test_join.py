"""The kind *join*: branches that are waited for together, and what cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.kinds.join import Kind
from tests.protocols.family import JOIN, WAITS_FOR_BOTH, WITH_CALL, WITH_JOIN
from tests.protocols.small import problems_of, refused_with, small

BOTH = "both: {after: talk, of: [visit, call], need: all}"


@pytest.mark.parametrize(
    ("need", "opened", "settled", "met"),
    [
        ("all", "abc", "ab", False),
        ("all", "abc", "abc", True),
        ("any", "abc", "", False),
        ("any", "abc", "b", True),
        (2, "abc", "b", False),
        (2, "abc", "bc", True),
        # No more can be asked for than opened.
        (2, "a", "a", True),
        ("any", "", "", True),
        ("all", "", "", True),
    ],
)
def test_a_join_is_met_when_enough_of_what_opened_is_settled(
    need: str | int, opened: str, settled: str, met: bool
) -> None:
    join = Kind.model_validate({"key": "j", "after": "x", "of": ["a", "b", "c"], "need": need})

    assert join.is_met(after_settled=True, opened=opened, settled=settled) is met
    assert not join.is_met(after_settled=False, opened=opened, settled=settled)


def test_a_join_asks_for_all_where_nothing_is_said(tmp_path: Path) -> None:
    silent = (BOTH, "both: {after: talk, of: [visit, call]}")

    joins = small(tmp_path, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH, silent).joins

    assert (joins["both"].after, joins["both"].of, joins["both"].need) == ("talk", ("visit", "call"), "all")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("both: {after: tal, of: [visit, call]}", "unknown step 'tal'; did you mean 'talk'?"),
        ("both: {after: talk, of: [visit, cal]}", "unknown step 'cal'; did you mean 'call'?"),
        ("both: {after: talk, of: [visit]}", "a join needs at least 2 steps; for one ask settled() instead"),
        ("both: {after: talk, of: [visit, visit]}", "'visit' stands twice; remove one"),
        (
            "both: {after: talk, of: [visit, talk]}",
            "'talk' is what the join comes after; it cannot be one of its branches too",
        ),
        ("both: {after: talk, of: [visit, call], need: 3}", "3 of 2 can never be right; write 1 to 2"),
        ("both: {after: talk, of: [visit, call], need: 0}", "0 of 2 can never be right; write 1 to 2"),
        (
            "both: {after: talk, of: [visit, call], need: most}",
            "'most' is no need of a join; write all, any or a number",
        ),
    ],
)
def test_a_join_that_cannot_be_meant_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    changed = (WITH_JOIN[0], JOIN.replace(BOTH, line))

    assert ("small.yaml", line, sentence) in refused_with(tmp_path, WITH_CALL, changed, WAITS_FOR_BOTH)


def test_a_join_nobody_asks_for_is_refused(tmp_path: Path) -> None:
    sentence = 'nobody asks for this join; write joined("both") in a condition or remove it'

    assert ("small.yaml", BOTH, sentence) in refused_with(tmp_path, WITH_CALL, WITH_JOIN)


CALLED = (
    'opens_when: done("talk") && answer.worried == "yes"\n    modality: should\n    questions:\n      called'
)


def test_a_branch_that_can_never_open_is_refused(tmp_path: Path) -> None:
    never = (CALLED, CALLED.replace('done("talk")', 'done("call")'))

    said = [one.sentence for one in problems_of(tmp_path, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH, never)]

    assert "the branch 'call' can never open; remove it" in said


def test_a_join_that_is_never_met_is_refused_with_the_way_to_where_it_waits(tmp_path: Path) -> None:
    always = (CALLED, CALLED.replace('answer.worried == "yes"', "true"))
    standing = ("    title: Ring\n", "    title: Ring\n    standing: true\n")

    problems = problems_of(tmp_path, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH, always, standing)

    [said] = [one.sentence for one in problems if "the join" in one.sentence]
    assert said.startswith("the join 'both' can never be met, this way: talk(worried=yes")
