"""The kind *deadline*: what it is counted from, how long it is, and on whose word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Basis, Offset, Unit
from protocols.durations import read_offset
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


BORN = """\
  urgent:
    type: yes_no"""
WITH_A_DATE = """\
  born:
    type: date
    ask: Hvornår er terminen?
  noticed:
    type: date
    moment: awareness
    ask: Hvornår hørte kommunen om det?
  urgent:
    type: yes_no"""
EXTENDED = VISITED.replace(
    "ladder: local}",
    "extension: {by: boss, why: [Familien er rejst], within: 14 days, at_most: 2, cap: 4 months, "
    "reference: act}}",
)


@pytest.mark.parametrize(
    ("base", "within"),
    [
        ('fact("born")', "10 working days before"),
        ('fact("noticed")', "2 weeks"),
        ("birthday", "18 years"),
        ("birthday(18)", "30 days before"),
        ("awareness", "4 months"),
        ("handover", "3 working_days"),
        ('answer("talked_on")', "1 year"),
    ],
)
def test_every_base_and_unit_can_be_written(base: str, within: str, tmp_path: Path) -> None:
    other = f"{VISITED}\n      other: {{base: {base}, within: {within}, basis: agreed}}"

    deadline = small(tmp_path, (BORN, WITH_A_DATE), (VISITED, other)).steps["visit"].deadlines["other"]

    assert str(deadline.base) == base
    assert deadline.within == read_offset(within)


def test_backwards_is_counted_from_an_agreed_date_too(tmp_path: Path) -> None:
    agreed = (
        "        ask: Hvornår?\n        type: date",
        "        ask: Hvornår?\n        type: date\n        may_be_ahead: true",
    )
    before = 'other: {base: answer("talked_on"), within: 10 working days before, basis: agreed}'

    definition = small(tmp_path, agreed, (VISITED, f"{VISITED}\n      {before}"))

    assert definition.steps["visit"].deadlines["other"].within == Offset(-10, Unit.WORKING_DAYS)


def test_an_extension_says_who_why_how_long_how_often_and_how_far(tmp_path: Path) -> None:
    extension = small(tmp_path, (VISITED, EXTENDED)).steps["visit"].deadlines["visited"].extension

    assert extension is not None
    assert (extension.by, extension.why, extension.reference) == ("boss", ("Familien er rejst",), "act")
    assert (extension.within, extension.at_most) == (Offset(14, Unit.CALENDAR_DAYS), 2)
    assert extension.cap == Offset(4, Unit.MONTHS)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("by: boss", "by: chief", "unknown role 'chief'"),
        ("why: [Familien er rejst]", "why: []", "'why' is empty; name at least one"),
        (", reference: act}}", "}}", "an extension of a deadline of law needs a reference"),
        ("reference: act}}", "reference: akt}}", "unknown reference 'akt'; did you mean 'act'?"),
        (
            " at_most: 2, cap: 4 months,",
            "",
            "an extension needs a bound; say at_most (how often), cap (how f",
        ),
        ("at_most: 2", "at_most: 0", "say how often, from 1 to 100"),
        ("within: 14 days", "within: 14 days before", "'14 days before' does not fit here"),
        (
            "cap: 4 months",
            "cap: 2 months",
            "the cap is counted from the base and is no longer than the deadlin",
        ),
    ],
)
def test_an_extension_without_its_limits_is_refused(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    assert old in EXTENDED

    [(_, written, said)] = refused_with(tmp_path, (VISITED, EXTENDED.replace(old, new)))

    assert written == EXTENDED.replace(old, new)
    assert said.startswith(sentence)


def test_what_expires_leads_to_a_path_that_asks_for_it(tmp_path: Path) -> None:
    path = (
        'lapses_when: is_open("alarm")\n',
        'lapses_when: is_open("alarm") || (expired("visit.visited") && is_open("visit"))\n',
    )

    definition = small(tmp_path, (VISITED, VISITED.replace("ladder: local", "at_expiry: path")), path)

    assert definition.steps["visit"].deadlines["visited"].at_expiry is AtExpiry.PATH


@pytest.mark.parametrize("at_expiry", ["lapse", "path"])
def test_a_deadline_of_the_whole_case_only_breaches(at_expiry: str, tmp_path: Path) -> None:
    whole = (
        f"deadlines:\n  all: {{base: receipt, within: 1 year, basis: local, at_expiry: {at_expiry}}}\nrules:"
    )

    [(_, _, said)] = refused_with(tmp_path, ("rules:", whole))

    assert said == "only a deadline of a step can lapse or lead on; move it to a step"


@pytest.mark.parametrize(
    ("old", "line", "sentence"),
    [
        (
            TALKED,
            "talked: {base: sunrise, within: 1 day, basis: local}",
            "'sunrise' is no base of a deadline",
        ),
        (
            TALKED,
            "talked: {base: meeting, within: 1 day, basis: local}",
            "'meeting' is no base of a deadline",
        ),
        (
            TALKED,
            "talked: {base: birthday(0), within: 1 day, basis: local}",
            "nobody has a deadline on birth",
        ),
        (TALKED, "talked: {base: deed, within: 1 day, basis: local}", "nothing says when the deed was done"),
        (
            TALKED,
            'talked: {base: meeting("board"), within: 1 day, basis: local}',
            "there is no meeting 'boar",
        ),
        (TALKED, 'talked: {base: answer("age"), within: 1 day, basis: local}', "nobody is asked 'age'"),
        (
            TALKED,
            'talked: {base: answer("why"), within: 1 day, basis: local}',
            "'why' is not answered with a d",
        ),
        (
            TALKED,
            'talked: {base: answer("talked_on"), within: 1 day, basis: local}',
            "'talked_on' is answered when this step ends, so nothing can be counted from it before",
        ),
        (
            TALKED,
            'talked: {base: action("why"), within: 0 days, basis: local}',
            "'why' is not answered with ac",
        ),
        (TALKED, 'talked: {base: fact("born"), within: 1 day, basis: local}', "unknown fact 'born'"),
        (
            TALKED,
            'talked: {base: fact("urgent"), within: 1 day, basis: local}',
            "the fact 'urgent' is no date",
        ),
        (
            TALKED,
            "talked: {base: receipt, within: 2 days before, basis: local}",
            "nobody knows receipt beforeh",
        ),
        (
            VISITED,
            VISITED.replace('done("talk")', 'answer("talked_on")').replace(
                "2 months", "10 working days before"
            ),
            'nobody knows answer("talked_on") beforehand, so nothing can be counted backwards from it',
        ),
        (
            VISITED,
            VISITED.replace("ladder: local", "at_expiry: path"),
            'nothing follows when it passes; ask expired("visit.visited") where the path begins',
        ),
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


def test_a_name_that_the_database_cannot_keep_is_refused(tmp_path: Path) -> None:
    [(_, _, said)] = refused_with(tmp_path, ("talked: {base", f"{'t' * 61}: {{base"))

    assert said == f"'{'t' * 61}' is too long for a name; use at most 60 characters"
