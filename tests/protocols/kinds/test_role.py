"""The kind *role*: who somebody is, said by one relation."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.vocabulary import BypassReason
from protocols.roles import FirstOf, Holder, Raiser, RoleExpression, StaffWith, SubstituteOf, SuperiorOf
from tests.protocols.small import refused_with, small

BOSS = "  boss: {title: Chefen, superior_of: keeper}\n"


def and_a_third(relation: str) -> tuple[str, str]:
    return BOSS, f"{BOSS}  third: {{title: Tredje, {relation}}}\n"


def test_a_role_is_a_title_and_a_relation(tmp_path: Path) -> None:
    roles = small(tmp_path).roles

    assert (roles["keeper"].title, roles["keeper"].expression) == ("Den ansvarlige", Holder())
    assert (roles["boss"].title, roles["boss"].expression) == ("Chefen", SuperiorOf("keeper"))


@pytest.mark.parametrize(
    ("relation", "expression"),
    [
        ("raiser: true", Raiser()),
        ("substitute_of: boss", SubstituteOf("boss")),
        ("staff: {role: leader}", StaffWith("leader", None, False)),
        ("staff: {role: leader, pool: night, same_team: true}", StaffWith("leader", "night", True)),
        ("first_of: [boss, keeper]", FirstOf(("boss", "keeper"), (BypassReason.ABSENT,), None)),
        (
            "first_of: [boss, keeper], bypass: [no_answer, is_the_concern], no_answer_within: 2 hours",
            FirstOf(
                ("boss", "keeper"),
                (BypassReason.NO_ANSWER, BypassReason.IS_THE_CONCERN),
                Offset(2, Unit.HOURS),
            ),
        ),
    ],
)
def test_every_relation_becomes_a_value_to_match_on(
    relation: str, expression: RoleExpression, tmp_path: Path
) -> None:
    assert small(tmp_path, and_a_third(relation)).roles["third"].expression == expression


@pytest.mark.parametrize(
    ("relation", "sentence"),
    [
        ("raiser: true, superior_of: boss", "a role says exactly one of holder: true, raiser: true,"),
        ("holder: false", "a role says exactly one of holder: true, raiser: true,"),
        ("superior_of: chief", "unknown role 'chief'; declare it under roles"),
        ("first_of: [boss, chief]", "unknown role 'chief'; declare it under roles"),
        ("superior_of: third", "the role 'third' leans on itself; break the circle"),
        ("staff: {role: wizard}", "unknown staff role 'wizard'; there are adviser, "),
        ("superior_of: boss, bypass: [absent]", "only a role with first_of can be gone past; take"),
        ("first_of: [boss, keeper], bypass: [no_answer]", "no_answer in bypass and no_answer_within belong"),
        ("first_of: [boss, keeper], no_answer_within: 1 hour", "no_answer in bypass and no_answer_within"),
    ],
)
def test_a_role_that_is_nobody_is_refused(relation: str, sentence: str, tmp_path: Path) -> None:
    [(file, line, said)] = refused_with(tmp_path, and_a_third(relation))

    assert (file, line) == ("small.yaml", f"third: {{title: Tredje, {relation}}}")
    assert said.startswith(sentence)


def test_a_reason_nobody_knows_is_refused(tmp_path: Path) -> None:
    [(_, _, said)] = refused_with(tmp_path, and_a_third("first_of: [boss, keeper], bypass: [bored]"))

    assert said.startswith("'bored' is not allowed for 'bypass'; write 'absent', 'no_answer', 'disagrees'")
