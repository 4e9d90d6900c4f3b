"""The checklist of a step: free, recommended or strict order, and what must be ticked."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import checklist_of, refusals, tick_refusal, warnings
from protocols.kinds.rule import Act
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

VISIT = '    opens_when: done("talk") && answer.worried == "yes"\n'
ITEMS = "items: {shoes: Sko, keys: Nøgler, map: Kort}"


def on_the_visit(folder: Path, checklist: str) -> Walk:
    walk = Walk(small(folder, (VISIT, f"{VISIT}    checklist: {checklist}\n")))
    walk.complete("talk", worried="yes")
    return walk


def refused(walk: Walk) -> list[str]:
    found = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit", given={"visit_note": "x"})
    return [one.message for one in found]


def test_a_plain_checklist_requires_nothing_and_has_no_order(tmp_path: Path) -> None:
    walk = on_the_visit(tmp_path, "{shoes: Sko, keys: Nøgler}")

    walk.tick("visit", "keys")

    items = checklist_of(walk.definition, "visit", walk.state)
    assert [(one.text, one.required, one.is_ticked) for one in items] == [
        ("Sko", False, False),
        ("Nøgler", False, True),
    ]
    assert refused(walk) == []
    assert warnings(walk.definition, walk.state, "visit") == ()


def test_a_required_item_must_be_ticked_first_and_is_named(tmp_path: Path) -> None:
    walk = on_the_visit(tmp_path, f"{{required: [keys, map], {ITEMS}}}")
    before = refused(walk)

    walk.tick("visit", "map", "keys")

    assert before == ["Sæt flueben ved det, der skal være gjort: Nøgler; Kort."]
    assert refused(walk) == []


def test_all_items_can_be_required(tmp_path: Path) -> None:
    walk = on_the_visit(tmp_path, f"{{required: all, {ITEMS}}}")

    assert [one.required for one in checklist_of(walk.definition, "visit", walk.state)] == [True, True, True]


def test_in_strict_order_items_are_ticked_and_unticked_one_after_the_other(tmp_path: Path) -> None:
    walk = on_the_visit(tmp_path, f"{{order: strict, {ITEMS}}}")

    too_early = tick_refusal(walk.definition, walk.state, "visit", "keys", done=True)
    walk.tick("visit", "shoes", "keys")
    too_late = tick_refusal(walk.definition, walk.state, "visit", "shoes", done=False)

    assert too_early is not None
    assert (too_early.rule, too_early.message) == (
        "visit.checklist_order",
        "Punkterne tages i rækkefølge. Sæt først flueben ved: Sko.",
    )
    assert too_late is not None
    assert too_late.message == "Punkterne tages i rækkefølge. Fjern først fluebenet ved: Nøgler."
    assert tick_refusal(walk.definition, walk.state, "visit", "keys", done=False) is None


def test_a_recommended_order_is_said_and_not_enforced(tmp_path: Path) -> None:
    walk = on_the_visit(tmp_path, f"{{order: recommended, {ITEMS}}}")

    walk.tick("visit", "keys")

    assert warnings(walk.definition, walk.state, "visit") == (
        "Det anbefales at tage punkterne i rækkefølge. Foran mangler: Sko.",
    )
    assert refused(walk) == []


def test_a_step_without_a_checklist_has_no_items(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path))

    assert checklist_of(walk.definition, "talk", walk.state) == ()


@pytest.mark.parametrize(
    ("checklist", "sentence"),
    [
        (
            f"{{required: [hat], {ITEMS}}}",
            "'hat' is no item of this checklist; there are: shoes, keys, map",
        ),
        ("{from: agreed}", "nobody is asked 'agreed'; name a question of type actions"),
        ("{from: worried}", "'worried' is not a question of type actions; name one that is"),
        (
            f"{{from: worried, {ITEMS}}}",
            "a checklist either lists its items or takes them from a question; remove one",
        ),
    ],
)
def test_a_checklist_nobody_could_tick_is_refused(checklist: str, sentence: str, tmp_path: Path) -> None:
    found = refused_with(tmp_path, (VISIT, f"{VISIT}    checklist: {checklist}\n"))

    assert ("small.yaml", f"checklist: {checklist}", sentence) in found
