"""The kind *sub-protocol*: a step that waits for a case of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.definition import Definition
from tests.protocols.small import refused_with, small

RULES = "rules:\n  talk_first:"
OWN_CASE = """\
sub_protocols:
  own_case:
    title: Egen sag
    protocol: other
    opens_when: done("talk") && answer.worried == "yes"
    ends: {helped: Hjulpet, moved: Flyttet}
    holder: boss
    several: 3

"""


def with_case(*changes: tuple[str, str]) -> tuple[str, str]:
    text = OWN_CASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return RULES, text + RULES


def own_case(folder: Path, *changes: tuple[str, str]) -> Definition:
    return small(folder, with_case(*changes))


def test_a_sub_protocol_is_a_step_that_waits_and_is_answered_with_an_end(tmp_path: Path) -> None:
    step = own_case(tmp_path).steps["own_case"]

    assert step.waits_for == "Sagen for sig"
    assert step.made_from == "sub_protocols.own_case"
    assert step.questions["own_case"].choices == {"helped": "Hjulpet", "moved": "Flyttet"}
    assert not step.beside


def test_a_case_that_may_outlive_this_one_stands_beside_its_way(tmp_path: Path) -> None:
    assert own_case(tmp_path, ("several: 3", "may_outlive: true")).steps["own_case"].beside


def test_without_a_deadline_somebody_looks_after_twenty_working_days(tmp_path: Path) -> None:
    [(key, deadline)] = own_case(tmp_path).steps["own_case"].deadlines.items()

    assert (key, str(deadline.within), deadline.decided) == ("looked_at", "20 working days", False)


def test_no_case_ends_while_one_runs_that_may_not_outlive_it(tmp_path: Path) -> None:
    only_meanwhile = (
        'allowed_when: is_open("finish")\n',
        'allowed_when: is_open("finish")\n    leaves_open: true\n  meanwhile:\n    title: Imens\n'
        '    allowed_when: is_open("own_case")\n    leaves_open: true\n',
    )

    [(_, line, said)] = refused_with(tmp_path, with_case(), only_meanwhile)

    assert line == "title: Imens"
    assert said.startswith("no case can ever end with 'meanwhile'")


def test_a_case_may_end_while_one_runs_that_may_outlive_it(tmp_path: Path) -> None:
    meanwhile = ("ends:\n", 'ends:\n  meanwhile: {title: Imens, allowed_when: is_open("own_case")}\n')

    definition = small(tmp_path, with_case(("several: 3", "may_outlive: true")), meanwhile)

    assert "meanwhile" in definition.ends


def test_conditions_tell_the_ends_apart(tmp_path: Path) -> None:
    asks = ('settled("visit"))', 'settled("visit") || answer.own_case == "helped")')

    small(tmp_path, with_case(), asks)

    wrong = (asks[0], asks[1].replace("helped", "healed"))
    [(_, _, said)] = refused_with(tmp_path, with_case(), wrong)
    assert said.startswith("'answer.own_case' can never be \"healed\"")
    unnamed = with_case(("    ends: {helped: Hjulpet, moved: Flyttet}\n", ""))
    assert "answer.own_case is asked for; say under ends which ends the other protocol has" in {
        said for _, _, said in refused_with(tmp_path, unnamed, asks)
    }


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("protocol: other", "protocol: small", "a protocol cannot raise cases on itself; name another"),
        ("    protocol: other\n", "", "'protocol' is missing; add it"),
        ("holder: boss", "holder: chief", "unknown role 'chief'; declare it under roles"),
        ("several: 3", "several: 0", "at least one case can run at once"),
        ("several: 3", "repeats: {at_most: 3}", "another case would be raised as soon as one closes"),
        (", moved: Flyttet", "", "name every end of the other protocol, or none"),
        ("several: 3", "per_person: cousin", "unknown relation 'cousin'"),
    ],
)
def test_a_sub_protocol_that_cannot_run_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    found = refused_with(tmp_path, with_case((old, new)))

    assert [said for _, _, said in found if said.startswith(sentence)], found
