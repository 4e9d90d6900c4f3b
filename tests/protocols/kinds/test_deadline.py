"""The kind *deadline*: what it is counted from, how long it is, and on whose word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Basis, Offset, Unit
from protocols.engine import deadlines_of
from protocols.kinds.deadline import AtExpiry, Base, BaseKind
from tests.protocols.small import refused_with, small
from tests.protocols.walk import FRIDAY, fresh

TALKED = "talked: {base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}"
VISITED = 'visited: {base: done("talk"), within: 2 months, basis: law, reference: act, ladder: local}'


def test_a_deadline_is_decided_and_breached_at_its_end_unless_it_says_otherwise(tmp_path: Path) -> None:
    deadline = small(tmp_path).steps["visit"].deadlines["visited"]

    assert (deadline.base, deadline.within) == (Base(BaseKind.DONE, "talk"), Offset(2, Unit.MONTHS))
    assert (deadline.basis, deadline.decided, deadline.at_once) == (Basis.LAW, True, False)
    assert (deadline.met_by, deadline.applies_when) == (None, None)
    assert deadline.at_expiry is AtExpiry.BREACH


def test_at_once_gives_no_length_but_says_when_to_remind(tmp_path: Path) -> None:
    definition = small(tmp_path)

    [rung] = deadlines_of(definition, "alarm", fresh(), opened_at=FRIDAY + timedelta(hours=3))

    assert rung.at_once
    assert (rung.base, str(rung.offset)) == (FRIDAY + timedelta(hours=3), "30 minutes")


@pytest.mark.parametrize(("urgent", "runs"), [("yes", ["talked"]), ("no", [])])
def test_a_deadline_can_run_under_a_condition_only(urgent: str, runs: list[str], tmp_path: Path) -> None:
    either = TALKED.replace("ladder: local}", "applies_when: 'fact.urgent == \"yes\"'}")
    always = '      later: {base: opened("talk"), within: 9 days, basis: local, decided: false}'
    definition = small(tmp_path, (TALKED, f"{either}\n{always}"))

    running = [one.key for one in deadlines_of(definition, "talk", fresh(urgent=urgent), opened_at=FRIDAY)]

    assert running == [*runs, "later"]


@pytest.mark.parametrize(
    ("old", "line", "sentence"),
    [
        (
            TALKED,
            "talked: {base: sunrise, within: 1 day, basis: local}",
            "'sunrise' is no base of a deadline",
        ),
        (TALKED, "talked: {base: meeting, within: 1 day, basis: local}", "the base 'meeting' is not yet"),
        (
            TALKED,
            "talked: {base: receipt, within: 1 day, basis: habit}",
            "'habit' is not allowed for 'basis'",
        ),
        (TALKED, "talked: {base: receipt, within: 0 months, basis: local}", "an offset of 0 months has no"),
        (TALKED, "talked: {base: receipt, within: 1 day, basis: law}", "a deadline of law needs a reference"),
        (TALKED, 'talked: {base: opened("walk"), within: 1 day, basis: local}', "unknown step 'walk'"),
        (TALKED, "talked: {base: receipt, at_once: true, basis: local}", "at_once and remind_after belong"),
        (
            VISITED,
            VISITED.replace("reference", "decided: false, reference"),
            "a deadline of law is decided by the law; remove decided",
        ),
    ],
)
def test_a_deadline_that_cannot_be_counted_is_refused(
    old: str, line: str, sentence: str, tmp_path: Path
) -> None:
    [(file, written, said)] = refused_with(tmp_path, (old, line))

    assert (file, written) == ("small.yaml", line)
    assert said.startswith(sentence)
