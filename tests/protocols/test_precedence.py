"""Which steps go before which: pausing, coming after, and the circles that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import paused, pausing, refusals, tick_refusal, warnings
from protocols.kinds.rule import Act
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

INTERRUPTS = "    interrupts: true\n"
VISIT = '    opens_when: done("talk") && answer.worried == "yes"\n'
TALK = '    opens_when: "true"\n'


def alarm_that(line: str) -> tuple[str, str]:
    return INTERRUPTS, f"{INTERRUPTS}    {line}\n"


def visit_that(*lines: str) -> tuple[str, str]:
    return VISIT, VISIT + "".join(f"    {line}\n" for line in lines)


def talk_that(line: str) -> tuple[str, str]:
    return TALK, f"{TALK}    {line}\n"


def what_stands_before(walk: Walk, step: str) -> list[str]:
    found = refusals(walk.definition, walk.state, Act.COMPLETE, step_key=step, given={})
    return [one.message for one in found if one.rule.startswith(f"{step}.")]


def test_what_is_paused_waits_until_the_other_is_done_and_then_goes_on(tmp_path: Path) -> None:
    checklist = "checklist: {required: all, items: {shoes: Sko, keys: Nøgler}}"
    walk = Walk(small(tmp_path, alarm_that("pauses: [visit]"), visit_that(checklist)))
    walk.complete("talk", worried="yes")
    walk.tick("visit", "shoes")
    walk.press_acute()

    waiting = paused(walk.definition, walk.state)
    before = what_stands_before(walk, "visit")
    ticking = [
        tick_refusal(walk.definition, walk.state, "visit", "keys", done=done) for done in (True, False)
    ]
    walk.complete("alarm", calm="yes")
    walk.tick("visit", "keys")
    walk.complete("visit")

    [round_] = walk.state.rounds("visit")
    assert waiting == {"visit"}
    assert before[0] == "»Slå alarm« går forud, mens det er åbent. Gør det færdigt først."
    assert {(one.rule, one.message) for one in ticking if one} == {("visit.paused", before[0])}
    assert None not in ticking
    assert paused(walk.definition, walk.state) == frozenset()
    assert (round_.round, list(round_.ticks)) == (1, ["shoes", "keys"])


def test_a_step_can_pause_everything_on_the_ordinary_way(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, alarm_that("pauses: all"), visit_that("beside: true")))
    walk.complete("talk", worried="yes")

    walk.press_acute()

    assert {"visit", "alarm"} <= set(walk.open_steps)
    assert paused(walk.definition, walk.state) == frozenset()
    assert [one.key for one in pausing(walk.definition, walk.state, "talk")] == ["alarm"]


def test_only_what_is_open_is_paused(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, alarm_that("pauses: all")))

    walk.press_acute()

    assert paused(walk.definition, walk.state) == {"talk"}


def test_a_step_that_strictly_comes_after_an_open_one_is_refused(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, visit_that("after: [alarm]")))
    walk.complete("talk", worried="yes")
    before = what_stands_before(walk, "visit")

    walk.press_acute()

    assert before == []
    assert what_stands_before(walk, "visit") == ["»Slå alarm« skal være færdigt, før dette trin kan udføres."]


def test_a_recommended_order_is_advice_and_no_more(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, visit_that("after: [alarm]", "order: recommended")))
    walk.complete("talk", worried="yes")
    walk.press_acute()

    said = warnings(walk.definition, walk.state, "visit")

    assert said == ("Det anbefales at gøre »Slå alarm« færdigt først.",)
    assert what_stands_before(walk, "visit") == []


@pytest.mark.parametrize(
    ("changes", "line", "sentence"),
    [
        (
            [alarm_that("pauses: [visitt]")],
            "pauses: [visitt]",
            "unknown step 'visitt'; did you mean 'visit'?",
        ),
        ([alarm_that("pauses: [alarm]")], "pauses: [alarm]", "a step cannot pause itself; remove it"),
        ([alarm_that("pauses: [all, visit]")], "pauses: [all, visit]", "all stands alone; write pauses: all"),
        (
            [alarm_that("pauses: [visit]"), visit_that("pauses: [alarm]")],
            "pauses: [visit]",
            "the steps wait for each other: 'visit' waits for 'alarm' waits for 'visit'; break the circle",
        ),
        (
            [alarm_that("pauses: [visit]\n    after: [visit]")],
            "pauses: [visit]",
            "the steps wait for each other: 'visit' waits for 'alarm' waits for 'visit'; break the circle",
        ),
        (
            [alarm_that("pauses: all"), talk_that("pauses: [alarm]")],
            "pauses: all",
            "the steps wait for each other: 'talk' waits for 'alarm' waits for 'talk'; break the circle",
        ),
        ([visit_that("after: [visit]")], "after: [visit]", "a step cannot come after itself; remove it"),
        ([visit_that("after: [talkk]")], "after: [talkk]", "unknown step 'talkk'; did you mean 'talk'?"),
        (
            [visit_that("after: [finish]")],
            "after: [finish]",
            "'finish' is never completed, so 'visit' never could be either; remove it",
        ),
        (
            [visit_that("after: [alarm]", "order: free")],
            "order: free",
            "a step comes after others strictly or recommended; write one, or leave after out",
        ),
        (
            [alarm_that("standing: true")],
            "standing: true",
            "an interrupt must end for what it interrupted to go on; remove standing",
        ),
        (
            [
                (
                    '    lapses_when: is_open("alarm")\n    lapse_reason: Der er slået alarm.\n',
                    "    pauses: [visit]\n",
                ),
            ],
            "pauses: [visit]",
            "a standing step is never completed, so what it pauses never goes on; say lapses_when",
        ),
    ],
)
def test_steps_that_would_wait_for_ever_are_refused(
    changes: list[tuple[str, str]], line: str, sentence: str, tmp_path: Path
) -> None:
    assert ("small.yaml", line, sentence) in refused_with(tmp_path, *changes)
