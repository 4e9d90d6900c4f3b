"""Who may be gone past in a row of roles, for which reasons and after how long a wait."""

from __future__ import annotations

from datetime import timedelta

from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.vocabulary import BypassReason
from protocols.roles import FirstOf, Holder, SuperiorOf, WayPast, named_roles, way_past

NO_ANSWER, ABSENT, DISAGREES = BypassReason.NO_ANSWER, BypassReason.ABSENT, BypassReason.DISAGREES


def test_a_role_that_stands_in_no_row_is_never_gone_past() -> None:
    assert way_past("boss", [Holder(), SuperiorOf("boss"), FirstOf(("deputy",))]) is None


def test_being_away_is_a_reason_unless_something_else_is_said() -> None:
    assert way_past("boss", [FirstOf(("boss", "deputy"))]) == WayPast(frozenset({ABSENT}), None)


def test_a_role_in_several_rows_has_the_reasons_of_all_and_the_longest_wait() -> None:
    rows = [
        FirstOf(("boss", "deputy"), (NO_ANSWER,), Offset(90, Unit.MINUTES)),
        FirstOf(("boss", "head"), (DISAGREES, NO_ANSWER), Offset(1, Unit.HOURS)),
    ]

    assert way_past("boss", rows) == WayPast(frozenset({NO_ANSWER, DISAGREES}), timedelta(minutes=90))


def test_a_row_leans_on_every_role_in_it() -> None:
    assert named_roles(FirstOf(("boss", "deputy"), (ABSENT,))) == ("boss", "deputy")
