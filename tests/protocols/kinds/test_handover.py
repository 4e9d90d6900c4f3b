"""The kind *handover*: to whom the duty may be offered, and how long an offer waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from protocols.engine import authority_may_take_over, receivers
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk, fresh

TO = "  to: [boss]\n"


def test_an_offer_waits_half_an_hour_and_half_of_that_when_it_is_acute(tmp_path: Path) -> None:
    handover = small(tmp_path).handover

    assert handover is not None
    assert (handover.to, handover.to_when, handover.authority) == (("boss",), {}, None)
    assert handover.expires == Offset(30, Unit.MINUTES)
    assert handover.expires_acute == Offset(15, Unit.MINUTES)


@pytest.mark.parametrize(("age", "expected"), [(17, ("boss",)), (18, ())])
def test_a_receiver_can_be_for_some_cases_only(age: int, expected: tuple[str, ...], tmp_path: Path) -> None:
    narrowed = f"{TO}  to_when:\n    boss: fact.child == 'yes'\n"

    assert receivers(small(tmp_path, (TO, narrowed)), fresh(age=age)) == expected


def test_an_authority_takes_over_when_it_is_allowed(tmp_path: Path) -> None:
    allowed = f'{TO}  authority:\n    allowed_when: done("talk")\n'
    walk = Walk(small(tmp_path, (TO, allowed)))
    assert not authority_may_take_over(walk.definition, walk.state)

    walk.complete("talk")

    assert authority_may_take_over(walk.definition, walk.state)


@pytest.mark.parametrize("name", ["expires", "expires_acute"])
@pytest.mark.parametrize(
    "length", ["1 day", "2 working days", "1 month", "0 minutes", "-30 minutes", "30 minutes before"]
)
def test_an_offer_waits_for_minutes_or_hours(name: str, length: str, tmp_path: Path) -> None:
    [(file, line, sentence)] = refused_with(tmp_path, (TO, f"{TO}  {name}: {length}\n"))

    assert (file, line) == ("small.yaml", f"{name}: {length}")
    assert sentence == f"'{length}' does not fit here; write at least 1 and one of minutes, hours"


def test_an_offer_can_wait_for_hours(tmp_path: Path) -> None:
    handover = small(tmp_path, (TO, f"{TO}  expires: 2 hours\n")).handover

    assert handover is not None
    assert handover.expires == Offset(2, Unit.HOURS)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("to: [bos]", "unknown role 'bos'; did you mean 'boss'?"),
        ('to: [boss]\n  to_when:\n    keeper: "true"', "'keeper' is not among those the duty can go to"),
        (
            "to: [boss]\n  expires: later",
            "'later' is not a length of time; write a whole number and one of minutes, hours, days, "
            "working days, weeks, months, years, for example '2 working days'",
        ),
        (
            'to: [boss]\n  authority:\n    allowed_when: done("tlak")',
            "unknown step 'tlak'; did you mean 'talk'?",
        ),
    ],
)
def test_a_handover_that_could_not_work_is_refused(written: str, sentence: str, tmp_path: Path) -> None:
    refused = refused_with(tmp_path, (TO, f"  {written}\n"))

    assert refused == [("small.yaml", written.splitlines()[-1].strip(), sentence)]
