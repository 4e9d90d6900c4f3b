"""The kind *temporary state*: open while it holds, over by itself, prolonged as allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.definition import Definition
from protocols.world import World
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

RULES = "rules:\n  talk_first:"
SECRET = """\
temporary_states:
  secret_address:
    title: Hemmelig adresse
    what: Adressen må ikke oplyses til nogen.
    begins_when: done("talk") && answer.worried == "yes"
    ends_when: done("visit")
    at_most: 28 days
    basis: law
    reference: act
    ladder: local
    extension: {by: boss, why: Faren er der, within: 28 days, at_most: 2, cap: 3 months, reference: act}

"""


def with_state(*changes: tuple[str, str]) -> tuple[str, str]:
    text = SECRET
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return RULES, text + RULES


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("state")), with_state())


def test_a_state_is_a_standing_step_beside_the_way_that_lapses_at_its_longest(definition: Definition) -> None:
    step = definition.steps["secret_address"]

    assert (step.standing, step.beside, step.made_from) == (True, True, "temporary_states.secret_address")
    longest = step.deadlines["at_most"]
    assert (str(longest.base), str(longest.within)) == ('opened("secret_address")', "28 days")
    assert longest.at_expiry.value == "lapse"
    assert longest.extension is not None
    assert longest.title == "Hemmelig adresse: længst til"


def test_conditions_ask_whether_the_state_holds(definition: Definition) -> None:
    walk = Walk(definition)
    before = World(definition, walk.state).is_open("secret_address")

    walk.complete("talk", worried="yes")
    during = World(definition, walk.state).is_open("secret_address")
    walk.complete("visit")
    after = World(definition, walk.state).is_open("secret_address")

    assert (before, during, after) == (False, True, False)


def test_a_state_can_stay_at_its_longest_so_that_somebody_decides(tmp_path: Path) -> None:
    decided = with_state(("    ladder: local\n", "    ladder: local\n    expires_into: path\n"))

    asks = ('settled("visit"))', 'settled("visit") || expired("secret_address.at_most"))')

    longest = small(tmp_path, decided, asks).steps["secret_address"].deadlines["at_most"]

    assert longest.at_expiry.value == "path"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    at_most: 28 days\n", "", "'at_most' is missing; add it"),
        ("at_most: 28 days", "at_most: long", "'long' is not a length of time"),
        ("    reference: act\n", "", "a deadline of law needs a reference"),
        (", at_most: 2, cap: 3 months", "", "an extension needs a bound"),
        ("    basis: law\n", "    basis: law\n    repeats: {at_most: 3}\n", "the state would begin again as"),
        ("    basis: law\n", "    basis: law\n    expires_into: somewhere\n", "'somewhere' is not allowed"),
        ('done("visit")', 'done("visits")', "unknown step 'visits'; did you mean 'visit'?"),
    ],
)  # fmt: skip
def test_a_state_without_an_end_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    found = refused_with(tmp_path, with_state((old, new)))

    assert [said for _, _, said in found if said.startswith(sentence)], found
