"""The one table of rights."""

from itertools import combinations

import pytest

from handlepligt.domain.access import (
    IN_THE_HOUSE,
    ON_CASES,
    Action,
    HouseAction,
    Relation,
    is_allowed,
    is_visible,
    may_in_the_house,
)
from handlepligt.domain.vocabulary import StaffRole


def test_every_action_stands_in_the_table() -> None:
    assert set(ON_CASES) == set(Action)
    assert set(IN_THE_HOUSE) == set(HouseAction)


@pytest.mark.parametrize("action", Action)
def test_without_a_relation_nothing_is_allowed(action: Action) -> None:
    assert not is_allowed(action, [])
    assert not is_visible([])


@pytest.mark.parametrize("action", Action)
def test_a_right_comes_from_any_one_relation_that_gives_it(action: Action) -> None:
    for pair in combinations(Relation, 2):
        assert is_allowed(action, pair) == any(is_allowed(action, [one]) for one in pair)


@pytest.mark.parametrize("relation", Relation)
def test_whoever_has_a_relation_knows_that_the_case_exists(relation: Relation) -> None:
    assert is_visible([relation])


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.SEE_OFFER, Action.ANSWER_HANDOVER}))
def test_being_offered_the_duty_gives_the_answer_and_nothing_else(action: Action) -> None:
    assert not is_allowed(action, [Relation.OFFERED])


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.SEE_OWN_PART}))
def test_whoever_parted_from_a_case_sees_their_own_part_only(action: Action) -> None:
    assert not is_allowed(action, [Relation.PARTED])


def test_the_head_sees_no_content() -> None:
    allowed = {action for action in Action if is_allowed(action, [Relation.HEAD])}

    assert allowed == {
        Action.SEE_IN_LISTS, Action.SEE_DUTY, Action.EXTEND_DEADLINE, Action.ACKNOWLEDGE,
    }  # fmt: skip


def test_nobody_approves_a_closing_by_holding_the_duty() -> None:
    assert ON_CASES[Action.APPROVE_CLOSING] == {Relation.LEADER}
    assert not is_allowed(Action.APPROVE_CLOSING, [Relation.KEEPER])


@pytest.mark.parametrize("role", [StaffRole.ADMIN, StaffRole.AUDITOR, StaffRole.PROTOCOL_EDITOR])
def test_roles_that_keep_the_house_work_no_cases(role: StaffRole) -> None:
    for action in (HouseAction.RAISE_CONCERN, HouseAction.SEE_BOARD, HouseAction.SEE_ALL_TEAMS):
        assert not may_in_the_house(action, role)


@pytest.mark.parametrize("action", HouseAction)
def test_a_role_nobody_knows_may_nothing(action: HouseAction) -> None:
    assert not may_in_the_house(action, "banana")
    assert not may_in_the_house(action, "")
