"""The kind *duty to inform*: told, put off so many times, or left out when somebody else agrees."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from protocols.engine import deadlines_of, questions_for
from protocols.problems import AnswersError
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk, fresh

TELL = """\
duties_to_inform:
  tell:
    title: Orientér forældrene
    whom: Forældrene
    what: At der er en sag
    not: Hvad barnet har sagt
    applies_when: done("talk") && answer.worried == "yes"
    defer: {at_most: 14 days, times: 2, when: fact.urgent == "yes"}
    never: {when: fact.urgent == "yes", decided_by: boss}
    reference: act
    deadlines:
      told: {base: opened("tell"), within: 10 working days, basis: law, reference: act, ladder: local}

rules:
"""


def with_duty(*changes: tuple[str, str]) -> tuple[str, str]:
    written = TELL
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return "rules:\n", written


def worried(folder: Path, *changes: tuple[str, str]) -> Walk:
    """A case in which there is somebody to tell."""
    walk = Walk(small(folder, with_duty(*changes)))
    walk.complete("talk", worried="yes")
    return walk


def answers(walk: Walk) -> list[str]:
    """The answers that can be chosen now."""
    [first, *_] = questions_for(walk.definition, "tell", walk.state, {})
    return list(first.choices)


def running(walk: Walk) -> list[str]:
    return [one.key for one in deadlines_of(walk.definition, "tell", walk.state)]


def put_off(walk: Walk) -> None:
    walk.complete("tell", tell="deferred", tell_until="2026-12-10", tell_reason="Der er fare.")


def test_the_duty_says_whom_to_tell_what_and_what_not(tmp_path: Path) -> None:
    step = small(tmp_path, with_duty()).steps["tell"]

    assert step.what == (
        "Hvem skal have det at vide: Forældrene. Hvad: At der er en sag. Fortæl ikke: Hvad barnet har sagt."
    )
    assert (step.made_from, step.legal_references) == ("duties_to_inform.tell", ("act",))
    assert list(step.questions) == ["tell", "tell_on", "tell_how", "tell_until", "tell_reason"]


def test_telling_settles_it(tmp_path: Path) -> None:
    walk = worried(tmp_path)

    walk.complete("tell", tell="told", tell_how="På et møde")

    assert not {"tell", "tell_never"} & set(walk.open_steps)


def test_what_is_put_off_comes_back_with_the_day_agreed_and_the_longest_wait(tmp_path: Path) -> None:
    walk = worried(tmp_path)
    first = running(walk)

    put_off(walk)

    [until, longest] = deadlines_of(walk.definition, "tell", walk.state)
    assert first == ["told"]
    assert "tell" in walk.open_steps
    assert (until.key, until.base) == ("deferred_until", datetime(2026, 12, 9, 23, tzinfo=UTC))
    assert (longest.key, longest.base) == ("longest_deferral", walk.now)


def test_it_can_be_put_off_so_many_times_and_no_more(tmp_path: Path) -> None:
    walk = worried(tmp_path)

    offered = [answers(walk)]
    for _ in range(2):
        put_off(walk)
        offered.append(answers(walk))

    assert [("deferred" in one) for one in offered] == [True, True, False]
    with pytest.raises(AnswersError):
        put_off(walk)


def test_it_can_be_put_off_or_left_out_only_when_that_is_allowed(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_duty()), fresh(urgent="no"))

    walk.complete("talk", worried="yes")

    assert answers(walk) == ["told"]


def test_leaving_it_out_is_decided_by_somebody_else_with_their_own_log_in(tmp_path: Path) -> None:
    walk = worried(tmp_path)

    walk.complete("tell", tell="never", tell_reason="Det er farligt.")

    step = walk.definition.steps["tell_never"]
    assert (step.owner, step.not_same_person_as, step.made_from) == ("boss", "tell", "duties_to_inform.tell")
    assert "tell_never" in walk.open_steps
    assert "tell" not in walk.open_steps


def test_when_they_agree_nobody_is_told(tmp_path: Path) -> None:
    walk = worried(tmp_path)
    walk.complete("tell", tell="never", tell_reason="Det er farligt.")

    walk.complete("tell_never", tell_never="yes")

    assert not {"tell", "tell_never"} & set(walk.open_steps)


def test_when_they_do_not_agree_the_duty_comes_back(tmp_path: Path) -> None:
    walk = worried(tmp_path)
    walk.complete("tell", tell="never", tell_reason="Det er farligt.")

    walk.complete("tell_never", tell_never="no")

    assert "tell" in walk.open_steps
    assert running(walk) == ["told"]


def test_asked_a_second_time_they_decide_a_second_time(tmp_path: Path) -> None:
    walk = worried(tmp_path)
    for _ in range(2):
        walk.complete("tell", tell="never", tell_reason="Det er farligt.")
        walk.complete("tell_never", tell_never="no")

    walk.complete("tell", tell="told", tell_how="På et møde")

    assert [one.round for one in walk.state.rounds("tell_never")] == [1, 2]
    assert not {"tell", "tell_never"} & set(walk.open_steps)


def test_being_turned_down_uses_up_no_deferral(tmp_path: Path) -> None:
    walk = worried(tmp_path)
    for _ in range(3):
        walk.complete("tell", tell="never", tell_reason="Det er farligt.")
        walk.complete("tell_never", tell_never="no")

    offered = [answers(walk)]
    for _ in range(2):
        put_off(walk)
        offered.append(answers(walk))

    assert [("deferred" in one) for one in offered] == [True, True, False]


def test_how_long_it_can_be_put_off_at_a_time_is_said_and_kept(tmp_path: Path) -> None:
    until = small(tmp_path, with_duty()).steps["tell"].questions["tell_until"]

    assert until.help == "Der kan højst udsættes 14 dage ad gangen."
    assert until.ahead_at_most == Offset(14, Unit.CALENDAR_DAYS)


def test_a_plain_duty_has_one_round_and_its_own_deadlines(tmp_path: Path) -> None:
    plain = [
        ('    defer: {at_most: 14 days, times: 2, when: fact.urgent == "yes"}\n', ""),
        ('    never: {when: fact.urgent == "yes", decided_by: boss}\n', ""),
    ]

    definition = small(tmp_path, with_duty(*plain))

    step = definition.steps["tell"]
    assert (step.repeats, list(step.deadlines), list(step.questions["tell"].choices)) == (
        None,
        ["told"],
        ["told"],
    )
    assert "tell_never" not in definition.steps


DEFER = 'defer: {at_most: 14 days, times: 2, when: fact.urgent == "yes"}'
NEVER = 'never: {when: fact.urgent == "yes", decided_by: boss}'


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (
            (DEFER, "defer: {at_most: 14 days, times: 0}"),
            "defer: {at_most: 14 days, times: 0}",
            "a deferral needs a bound: say times, from 1 to 100",
        ),
        ((DEFER, "defer: {at_most: 14 days}"), "defer: {at_most: 14 days}", "'times' is missing; add it"),
        ((DEFER, "defer: {times: 2}"), "defer: {times: 2}", "'at_most' is missing; add it"),
        (
            (DEFER, "defer: {at_most: 14 days before, times: 2}"),
            "defer: {at_most: 14 days before, times: 2}",
            "say how long it can be put off at a time, such as 14 days",
        ),
        (
            (NEVER, 'never: {when: fact.urgnt == "yes"}'),
            'never: {when: fact.urgnt == "yes"}',
            "unknown name 'fact.urgnt'; did you mean 'fact.urgent'?",
        ),
        ((NEVER, "never: {decided_by: boss}"), "never: {decided_by: boss}", "'when' is missing; add it"),
        (
            (NEVER, 'never: {when: "false", decided_by: boss}'),
            'never: {when: "false", decided_by: boss}',
            "it can never be left out; no answers make this true",
        ),
        (
            (NEVER, 'never: {when: fact.urgent == "yes", decided_by: bos}'),
            'never: {when: fact.urgent == "yes", decided_by: bos}',
            "unknown role 'bos'; did you mean 'boss'?",
        ),
        (
            (NEVER, 'never: {when: fact.urgent == "yes", decided_by: keeper}'),
            'never: {when: fact.urgent == "yes", decided_by: keeper}',
            "'keeper' asks to leave it out; name somebody else, who decides it",
        ),
        (
            (NEVER, 'never: {when: fact.urgent == "yes", within: 2 days}'),
            'never: {when: fact.urgent == "yes", within: 2 days}',
            "nobody else decides it, so nothing is due; say decided_by too",
        ),
        (
            ("    reference: act\n", "    reference: acts\n"),
            "reference: acts",
            "unknown legal reference 'acts'; did you mean 'act'?",
        ),
        (
            ('applies_when: done("talk")', 'applies_when: done("tolk")'),
            'applies_when: done("tolk") && answer.worried == "yes"',
            "unknown step 'tolk'; did you mean 'talk'?",
        ),
    ],
)
def test_a_duty_nobody_could_meet_is_refused_at_its_line(
    change: tuple[str, str], line: str, sentence: str, tmp_path: Path
) -> None:
    assert refused_with(tmp_path, with_duty(change)) == [("small.yaml", line, sentence)]
