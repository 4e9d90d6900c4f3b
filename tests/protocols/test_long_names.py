"""Names that the database could not keep are refused when the definition is loaded, also made ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.element import LONGEST_NAME
from tests.protocols.small import CONTACTS, LADDERS, refused_with, small
from tests.protocols.test_lowering import CONFIRMED, TOGETHER

FITS, TOO_LONG = "n" * LONGEST_NAME, "n" * (LONGEST_NAME + 1)
REFUSED = f"'{TOO_LONG}' is too long for a name; use at most 60 characters"
RELATIONS = ("steps:\n", "relations:\n  {}: {{title: Søskende}}\nsteps:\n")
NAMED = {
    "a step": ("steps:\n", "steps:\n  {}: {{title: a, what: b}}\n"),
    "a question": ("      visit_note:\n", "      {}:\n"),
    "a decision": ("      together:", "      {}:"),
    "a deadline": ("      talked:", "      {}:"),
    "a fact": ("  urgent:\n", "  {}:\n"),
    "a role": ("roles:\n", "roles:\n  {}: {{title: Rejst af, raiser: true}}\n"),
    "a relation": RELATIONS,
    "a rule": ("  talk_first:", "  {}:"),
    "an end": ("  over:", "  {}:"),
    "a caution": ("cautions:\n", "cautions:\n  {}: {{text: Pas på.}}\n"),
    "a reference": ("legal_references:\n", "legal_references:\n  {}: {{about: a, cited: b, successor: c}}\n"),
}


@pytest.mark.parametrize("what", NAMED)
def test_a_name_that_is_too_long_is_refused_at_its_place(what: str, tmp_path: Path) -> None:
    old, new = NAMED[what]

    refused = refused_with(tmp_path, (old, new.format(TOO_LONG)))

    assert REFUSED in {said for _, _, said in refused}


@pytest.mark.parametrize("what", sorted(set(NAMED) - {"a step"}))
def test_a_name_of_sixty_characters_is_taken(what: str, tmp_path: Path) -> None:
    old, new = NAMED[what]

    assert small(tmp_path, (old, new.format(FITS))).title == "Lille forløb"


def test_the_names_in_shared_files_are_as_long_at_most(tmp_path: Path) -> None:
    refused = refused_with(
        tmp_path,
        contacts=CONTACTS.replace("  hotline:", f"  {TOO_LONG}:"),
        ladders=LADDERS.replace("  local:", f"  {TOO_LONG}:"),
    )

    assert {file for file, _, said in refused if said == REFUSED} == {"contacts.yaml", "ladders.yaml"}


def test_the_key_of_the_protocol_is_as_long_at_most(tmp_path: Path) -> None:
    [(_, line, said)] = refused_with(tmp_path, ("key: small", f"key: {TOO_LONG}"))

    assert line == f"key: {TOO_LONG}"
    assert "is not allowed for 'key'" in said


def test_a_made_name_that_is_too_long_is_refused_at_what_it_is_made_from(tmp_path: Path) -> None:
    key = "t" * 50
    refused = refused_with(tmp_path, (TOGETHER, CONFIRMED.replace("together", key)))

    # The question that asks for the reason has the longest of the made names.
    made = f"{key}_confirmed_by_boss_reason"
    over = len(made) - LONGEST_NAME
    [(_, line, said)] = refused
    assert line.startswith(f"{key}:")
    assert (
        said == f"this makes '{made}', a name that is too long; make the names it is made of {over} shorter"
    )


def test_a_made_name_that_is_just_short_enough_is_taken(tmp_path: Path) -> None:
    key = "t" * (LONGEST_NAME - len("_confirmed_by_boss_reason"))

    definition = small(tmp_path, (TOGETHER, CONFIRMED.replace("together", key)))

    assert f"{key}_confirmed_by_boss" in definition.steps


def test_the_key_of_an_item_to_tick_is_as_long_at_most(tmp_path: Path) -> None:
    checklist = f"    checklist: {{{TOO_LONG}: Tag tøj med}}\n    contacts: [hotline]\n"

    [(_, _, said)] = refused_with(tmp_path, ("    contacts: [hotline]\n", checklist))

    assert said == "the name of this item is too long; use at most 60 characters"


def test_a_rung_that_tells_more_roles_than_can_be_kept_is_refused(tmp_path: Path) -> None:
    roles = ", ".join(f"role_{'r' * 40}_{number}" for number in range(20))

    refused = refused_with(tmp_path, ladders=LADDERS.replace("[keeper, boss]", f"[{roles}]"))

    sentence = "this tells too many roles; name fewer, or give them shorter names"
    assert sentence in {said for _, _, said in refused}
