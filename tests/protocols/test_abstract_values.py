"""The walk tries every number, text and choice that conditions can tell apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocols.family import RELATIONS, visit_opens
from tests.protocols.small import problems_of

KNOWN = (
    "facts:\n",
    """facts:
  children: {type: number, ask: Hvor mange børn?, when_unknown: 0}
  town: {type: text, ask: Hvilken by?, when_unknown: ""}
  moved_on: {type: date, ask: Hvornår flyttede de?}
""",
)
COUNTED = ("facts:\n", 'facts:\n  many: {type: number, is: people("sibling"), when_unknown: 0}\n')
WORTH = (
    "      topics:\n",
    """\
      hours: {ask: Hvor længe?, type: number}
      word: {ask: Hvilket ord?, type: text}
      topics:
""",
)


@pytest.mark.parametrize(
    "condition",
    [
        "fact.children >= 5",
        'fact.town == "Prøveby"',
        'fact.town != ""',
        "fact.moved_on == null",
        "answer.hours != null && answer.hours > 30",
        'answer.word == "hjælp"',
        "size(answer.topics) >= 2",
        '"school" in answer.topics && "home" in answer.topics',
    ],
)
def test_a_step_that_opens_only_for_some_value_is_found_to_open(condition: str, tmp_path: Path) -> None:
    opens = visit_opens(f"'done(\"talk\") && {condition}'")

    assert problems_of(tmp_path, KNOWN, WORTH, opens, NEVER_WAITS) == []


NEVER_WAITS = ('(answer.worried == "no" || settled("visit"))', '!is_open("visit")')


def test_a_number_that_is_compared_behind_a_computed_fact_is_tried_too(tmp_path: Path) -> None:
    opens = visit_opens('done("talk") && fact.many >= 3')

    assert problems_of(tmp_path, COUNTED, RELATIONS, opens, NEVER_WAITS) == []


def test_a_value_that_cannot_be_is_still_said_to_be_none(tmp_path: Path) -> None:
    opens = visit_opens("'done(\"talk\") && fact.children > 5 && fact.children < 4'")

    [problem] = problems_of(tmp_path, KNOWN, opens, NEVER_WAITS)

    assert "can never open" in problem.sentence
