"""The kind *ladder*: who is told of a deadline, how long before it or after."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from protocols.engine import deadlines_of
from protocols.kinds.ladder import QuietHours, RungBase
from tests.protocols.small import LADDERS, refused_with, small
from tests.protocols.walk import FRIDAY, fresh

RUNG = '{from: due, offset: "0 hours", to: [keeper, boss], marks: overdue}'


def test_a_rung_counts_from_when_it_is_due_and_waits_for_the_morning(tmp_path: Path) -> None:
    ladders = LADDERS.replace(RUNG, "{offset: 1 working day before, to: [keeper]}")

    ladder = small(tmp_path, ladders=ladders).ladders["local"]

    [rung] = ladder.rungs
    assert (rung.from_, rung.offset, rung.to) == (RungBase.DUE, Offset(-1, Unit.WORKING_DAYS), ("keeper",))
    assert (rung.unless, rung.marks) == ("", "")
    assert (ladder.quiet_hours, ladder.repeat) == (QuietHours.RESPECT, None)


def test_the_last_rung_can_come_again_until_somebody_has_seen_it(tmp_path: Path) -> None:
    ladders = f"{LADDERS}    repeat: {{every: 60 minutes}}\n"

    repeat = small(tmp_path, ladders=ladders).ladders["local"].repeat

    assert repeat is not None
    assert (repeat.every, repeat.until) == (Offset(60, Unit.MINUTES), "acknowledged")


@pytest.mark.parametrize("length", ["1 day", "1 working day", "1 month", "0 minutes", "-1 hours"])
def test_the_last_rung_comes_again_after_minutes_or_hours(length: str, tmp_path: Path) -> None:
    line = f"repeat: {{every: {length}}}"

    [refused] = refused_with(tmp_path, ladders=f"{LADDERS}    {line}\n")

    sentence = f"'{length}' does not fit here; write at least 1 and one of minutes, hours"
    assert refused == ("ladders.yaml", line, sentence)


@pytest.mark.parametrize("length", ["1 month", "1 month before"])
def test_a_rung_is_not_counted_in_months(length: str, tmp_path: Path) -> None:
    line = f"- {{offset: {length}, to: [keeper]}}"

    [refused, *_] = refused_with(tmp_path, ladders=LADDERS.replace(f"- {RUNG}", line))

    sentence = f"'{length}' does not fit here; write one of minutes, hours, days, working days"
    assert refused == ("ladders.yaml", line, sentence)


def test_a_deadline_brings_its_ladder_along(tmp_path: Path) -> None:
    definition = small(tmp_path)

    [talked] = deadlines_of(definition, "talk", fresh(), opened_at=FRIDAY)

    assert talked.ladder is definition.ladders["local"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('- {offset: "0 hours", to: []}', "'to' is empty; name at least one"),
        ("- {offset: now, to: [keeper]}", "'now' is not a length of time"),
        ('- {from: birth, offset: "0 hours", to: [keeper]}', "'birth' is not allowed for 'from'; write"),
        (
            '- {offset: "0 hours", to: [keeper], unless: asleep}',
            "'asleep' is not allowed for 'unless'; write",
        ),
    ],
)
def test_a_rung_that_would_tell_nobody_or_at_no_time_is_refused(
    line: str, sentence: str, tmp_path: Path
) -> None:
    [(file, written, said), *_] = refused_with(tmp_path, ladders=LADDERS.replace(f"- {RUNG}", line))

    assert (file, written) == ("ladders.yaml", line)
    assert said.startswith(sentence)


def test_a_ladder_to_a_role_that_a_definition_lacks_is_refused_where_it_is_used(tmp_path: Path) -> None:
    refused = refused_with(tmp_path, ladders=LADDERS.replace("boss]", "mayor]"))

    sentence = "the ladder 'local' tells 'mayor', but there is no such role here"
    assert [(file, said) for file, _, said in refused] == [("small.yaml", sentence)] * 2
    assert [line.split(":")[0] for _, line, _ in refused] == ["talked", "visited"]
