"""The walk through a definition finds every trouble, and shows the shortest way into it."""

# ruff: noqa: E501 - each row of the tables below is one mistake and reads best as one line

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from protocols.checking import check
from protocols.explore import explore
from protocols.loader import load_all
from tests.protocols.family import (
    EXPIRING,
    NONE_OPEN,
    PER_SIBLING,
    RELATIONS,
    VISITED,
    WAITS_FOR_BOTH,
    WITH_CALL,
    WITH_JOIN,
    Change,
    visit_opens,
)
from tests.protocols.small import problems_of, small

FINISH_OPENS = 'done("talk") && !is_open("alarm") && (answer.worried == "no" || settled("visit"))'


def sentences(folder: Path, *changes: Change) -> list[str]:
    return [one.sentence for one in problems_of(folder, *changes)]


def gate(written: str) -> Change:
    """One more rule, which stands in the way of completing the visit."""
    rule = f"  gate:\n    on: complete\n    steps: [visit]\n    message: Vent.\n    {written}\n"
    return "rules:\n", f"rules:\n{rule}"


@pytest.mark.parametrize(
    "changes",
    [
        (RELATIONS, PER_SIBLING, NONE_OPEN),
        (RELATIONS, visit_opens('done("talk")', "per_person: anyone"), NONE_OPEN),
        (RELATIONS, visit_opens('people("sibling") >= 3 && done("talk")'), NONE_OPEN),
        (RELATIONS, visit_opens('people_with("at_home", "no") == 2 && done("talk")'), NONE_OPEN),
        (WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH),
        (visit_opens('done("talk") && bypassed("boss")'), NONE_OPEN),
        (visit_opens('done("talk") && reached("hotline")'), NONE_OPEN),
        (visit_opens('done("talk") && unanswered("hotline") == 3'), NONE_OPEN),
        (visit_opens('count_within("alarm", "30 days") >= 4'), NONE_OPEN),
        (visit_opens('rounds("alarm") >= 3'), NONE_OPEN),
        (EXPIRING, visit_opens('done("talk") && rounds("visit") == 0', "repeats: {at_most: 9}"), ("done(\"talk\") && !is_open", 'done("talk") && !expired("visit.visited") && !is_open')),
    ],
    ids=lambda changes: changes[-2][1][:70],
)  # fmt: skip
def test_what_can_happen_is_found_to_happen(changes: tuple[Change, ...], tmp_path: Path) -> None:
    said = sentences(tmp_path, *changes)

    assert not [one for one in said if "can never" in one], said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            [visit_opens('answer.worried == "yes" && done("finish")')],
            "the step 'visit' can never open; it comes nearest after talk(worried=yes, danger=yes), where "
            'done("finish") does not hold, for a standing step is never done, only open (is_open); '
            "mend opens_when or remove the step",
            id="a step that never opens",
        ),
        pytest.param(
            [gate('require: given.visit_note == "" && given.visit_note != ""')],
            "the gate can never open; no answers let anybody through",
            id="a gate that contradicts itself",
        ),
        pytest.param(
            [gate('require: done("finish")')],
            "the gate can never open; nobody ever gets past it, first met, this way: talk(worried=yes); "
            "mend what it asks for",
            id="a gate that waits for what is never done",
        ),
        pytest.param(
            [("rules:\n", "rules:\n  shut:\n    on: offer_handover\n    require: done(\"finish\")\n    message: Vent.\n")],
            "the gate can never open; nobody ever gets past it, first met, this way: at once; "
            "mend what it asks for",
            id="a gate before an act that can be tried at any time",
        ),
        pytest.param(
            [(FINISH_OPENS, 'done("talk") && !is_open("alarm") && bypassed("boss")')],
            "a case can be open with no open step and no next date, this way: talk",
            id="an open case without a step until a call is logged",
        ),
        pytest.param(
            [RELATIONS, PER_SIBLING, ('(answer.worried == "no" || settled("visit"))', 'settled("visit")')],
            "a case can be open with no open step and no next date, this way: talk",
            id="an open case without a step until somebody is linked",
        ),
        pytest.param(
            [
                (VISITED, VISITED.replace("ladder: local", "at_expiry: lapse")),
                ('settled("visit"))', 'done("visit"))'),
                ("    modality: should\n    questions:\n      visit_note", "    modality: must\n    questions:\n      visit_note"),
            ],
            "a case can be open with no open step and no next date, this way: talk(worried=yes) -> "
            "visit.visited passes",
            id="a step that falls away at its deadline and leaves nothing",
        ),
        pytest.param(
            [('base: opened("finish"), within: 5 working days', 'base: birthday(18), within: 5 days')],
            "the step 'finish' can be open without any date, this way: talk(worried=no); give it a deadline",
            id="a step whose only date may be unknown",
        ),
        pytest.param(
            [RELATIONS, ('lapses_when: is_open("alarm")', 'lapses_when: is_open("alarm") || people("sibling") > 0')],
            "the step 'finish' opens and falls away for ever, this way: talk(worried=no) -> sibling linked",
            id="a step that comes and goes once somebody is linked",
        ),
    ],
)  # fmt: skip
def test_each_trouble_is_told_with_the_shortest_way_into_it(
    changes: list[Change], sentence: str, tmp_path: Path
) -> None:
    said = sentences(tmp_path, *changes)

    assert sentence in said, said


def test_the_way_begins_with_what_was_known_when_the_case_was_raised(tmp_path: Path) -> None:
    lapses = ('lapses_when: is_open("alarm")', 'lapses_when: is_open("alarm") || fact.urgent == "yes"')

    said = sentences(tmp_path, lapses)

    assert (
        "a case can be open with no open step and no next date, this way: raised(urgent=yes) -> talk(worried=no)"
    ) in said, said


def test_a_paused_step_waits_until_what_pauses_it_is_settled(tmp_path: Path) -> None:
    never_calm = ("      calm:\n", "      impossible: {ask: Kan du?, type: yes_no}\n      calm:\n")
    stuck = gate('require: given.impossible == "yes"')
    stuck_too = (
        "rules:\n",
        "rules:\n  other:\n    on: complete\n    steps: [alarm]\n    forbid: given.impossible == 'yes'\n    message: Nej.\n",
    )
    paused = ("    interrupts: true\n", "    interrupts: true\n    pauses: [talk]\n")

    free = small(tmp_path, paused)
    said = sentences(
        tmp_path, never_calm, (stuck[0], stuck[1].replace("[visit]", "[alarm]")), stuck_too, paused
    )

    assert explore(free).complaints == ()
    assert any(one.startswith("a case can get stuck and never end, this way: ") for one in said)


def test_what_nothing_that_ends_a_case_looks_at_multiplies_nothing(tmp_path: Path) -> None:
    beside = CHAIN.replace("{n}", "1") + CHAIN.replace("{n}", "2")
    plain = explore(small(tmp_path)).states

    assert explore(small(tmp_path, ("  finish:\n", f"{beside}  finish:\n"))).states == plain


CHAIN = """\
  first_{n}:
    title: Først
    what: Først.
    opens_when: done("talk") && (rounds("first_{n}") == 0 || answer.more_{n} == "yes")
    repeats: {at_most: 9}
    modality: may
    questions:
      again_{n}: {ask: Igen?, type: yes_no}
    deadlines:
      first: {base: opened("first_{n}"), within: 2 days, basis: local, decided: false}
  then_{n}:
    title: Så
    what: Så.
    opens_when: done("first_{n}") && answer.again_{n} == "yes"
    modality: may
    questions:
      more_{n}: {ask: Mere?, type: yes_no}
    deadlines:
      then: {base: opened("then_{n}"), within: 2 days, basis: local, decided: false}

"""


def test_the_tracks_are_checked_within_a_second_and_loaded_within_a_fifth() -> None:
    checked = min(_cpu(check) for _ in range(3))
    loaded = min(_cpu(lambda: load_all(thorough=False)) for _ in range(3))

    assert checked <= 1
    assert loaded <= 0.2


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
