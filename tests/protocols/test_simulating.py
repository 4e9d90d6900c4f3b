"""Invented cases run through the real rules; a sound definition ends every one of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from protocols.loader import examine, library
from protocols.simulating import simulate
from tests.protocols.family import comes_back
from tests.protocols.small import CONTACTS, SMALL, small, write

FINISH_OPENS = 'opens_when: done("talk") && !is_open("alarm") && (answer.worried == "no" || settled("visit"))'
INVENTED = sorted((Path(__file__).parent / "invented").glob("*_*.yaml"))
NEVER_FINISHED = (FINISH_OPENS, 'opens_when: done("visit") && !is_open("alarm") && answer.worried == "yes"')


def test_every_case_of_a_sound_definition_ends(tmp_path: Path) -> None:
    report = simulate(small(tmp_path), cases=60)

    assert report.is_sound
    assert (report.not_ended, report.ways, report.broken) == (0, (), ())
    assert sum(report.ends.values()) == 60
    assert report.steps_never_reached == ()


@pytest.mark.parametrize("key", [one.key for one in library().all()])
def test_every_case_of_what_ships_ends(key: str) -> None:
    report = simulate(library().latest(key), cases=25)

    assert report.is_sound, (report.ways, report.broken)
    assert sum(report.ends.values()) == 25
    assert report.median_days is not None
    assert report.ninetieth_days is not None
    assert 0 < report.median_days <= report.ninetieth_days
    assert any(figures.late for figures in report.deadlines.values())
    assert any(not figures.late for figures in report.deadlines.values())


def test_the_same_seed_draws_the_same_cases_and_another_does_not(tmp_path: Path) -> None:
    definition = small(tmp_path)

    first, again, other = (simulate(definition, cases=20, seed=seed) for seed in (7, 7, 8))

    assert asdict(first) == asdict(again)
    assert asdict(first) != asdict(other)


def test_cases_that_cannot_end_are_counted_and_their_way_is_shown(tmp_path: Path) -> None:
    definition, _ = examine(write(tmp_path, NEVER_FINISHED), thorough=False)
    assert definition is not None

    report = simulate(definition, cases=30)

    assert not report.is_sound
    assert report.not_ended > 0
    assert "worried=no" in report.ways[0]
    assert any(said.startswith("a case is open with no open step and no next date") for said in report.broken)


def test_a_step_that_comes_back_beyond_its_bound_is_counted_and_the_cases_end(tmp_path: Path) -> None:
    report = simulate(small(tmp_path, *comes_back(at_most=2)), cases=60)

    assert report.is_sound, (report.ways, report.broken)
    assert sum(report.ends.values()) == 60
    assert 0 < report.beyond["visit"] < report.steps["visit"].cases
    assert report.steps["visit"].most_rounds > 2


def test_a_definition_that_never_comes_to_rest_is_told_of(tmp_path: Path) -> None:
    restless = ('lapses_when: is_open("alarm")', 'lapses_when: done("talk")')
    definition, _ = examine(write(tmp_path, restless), thorough=False)
    assert definition is not None

    report = simulate(definition, cases=5)

    assert report.broken
    assert not report.is_sound


def test_steps_that_no_case_reaches_are_named(tmp_path: Path) -> None:
    unreached = ('opens_when: done("talk") && answer.worried == "yes"', 'opens_when: "acute.presses > 9000"')
    definition, _ = examine(
        write(tmp_path, unreached, ('|| settled("visit")', '|| answer.worried == "yes"')), thorough=False
    )
    assert definition is not None

    assert simulate(definition, cases=10).steps_never_reached == ("visit",)


def test_calls_outside_the_hours_of_a_contact_are_counted(tmp_path: Path) -> None:
    closed = CONTACTS.replace("Mo-Fr 09:00-15:00; PH off", "Su 03:00-03:01")
    always = CONTACTS.replace("Mo-Fr 09:00-15:00; PH off", "24/7")
    other = tmp_path / "other"
    other.mkdir()

    never_open = simulate(small(tmp_path, contacts=closed), cases=30).calls["hotline"]
    ever_open = simulate(small(other, contacts=always), cases=30).calls["hotline"]

    assert never_open.calls == never_open.outside_hours > 0
    assert (ever_open.calls > 0, ever_open.outside_hours) == (True, 0)


def test_a_shorter_deadline_is_kept_no_less_often_for_that_alone(tmp_path: Path) -> None:
    """Staff take their time in proportion to what there is, so about one in eight is late."""
    report = simulate(small(tmp_path), cases=300)

    assert 0.02 < report.deadlines["talk.talked"].share_late < 0.35
    assert report.deadlines["talk.talked"].ran == 300


def test_nobody_is_late_when_what_holds_for_a_while_is_over(tmp_path: Path) -> None:
    states = (
        '\ntemporary_states:\n  hidden: {title: Skjult, what: Sig intet., begins_when: done("talk"), '
        "ends_when: acute.on, at_most: 1 day, basis: local}\n"
    )

    report = simulate(small(tmp_path, (SMALL, SMALL + states)), cases=40)

    assert report.steps["hidden"].cases > 0
    assert not [name for name in report.deadlines if name.startswith("hidden.")]


def test_a_deadline_that_may_be_extended_is_so_in_some_cases_and_then_passes_less_often(
    tmp_path: Path,
) -> None:
    plain = "{base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}"
    extension = "extension: {by: boss, why: Ikke truffet, within: 1 working day, at_most: 1}"
    other = tmp_path / "other"
    other.mkdir()

    may_be_longer = small(other, (plain, f"{plain[:-1]}, {extension}}}"))
    without, longer = (
        simulate(one, cases=200).deadlines["talk.talked"] for one in (small(tmp_path), may_be_longer)
    )

    assert without.extended == 0
    assert 0 < longer.extended < longer.ran
    assert longer.late < without.late


def test_progress_is_told_case_by_case(tmp_path: Path) -> None:
    told: list[int] = []

    simulate(small(tmp_path), cases=5, progress=told.append)

    assert told == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("path", INVENTED, ids=lambda path: path.stem)
def test_every_kind_comes_along_in_a_simulation(path: Path) -> None:
    definition, _ = examine(path, thorough=False)
    assert definition is not None

    report = simulate(definition, cases=120)

    assert report.is_sound, (report.ways, report.broken)
    # Which rare turns are met is chance, but most steps are.
    assert len(report.steps) > 4 * len(report.steps_never_reached), report.steps_never_reached
    assert report.ends_never_reached == ()
