"""What is made of steps becomes steps: where they stand, what they are called, where they are mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocols.small import problems_of, refused_with, small

CONSENT = """\
consents:
  share:
    title: Samtykke
    of: Borgeren
    to: Samtale med skolen
    asked_when: done("talk")
    deadlines:
      asked: {base: opened("share"), within: 5 days, basis: local, decided: false}

rules:
"""
TOGETHER = "together: {by: [keeper, boss], questions: [worried]}"
CONFIRMED = "together: {by: [keeper, boss], questions: [worried], own_hand: [boss], within: 2 days}"


def with_consent(*changes: tuple[str, str]) -> tuple[str, str]:
    written = CONSENT
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return "rules:\n", written


def test_made_steps_stand_behind_the_written_ones_and_know_what_they_are_made_from(tmp_path: Path) -> None:
    definition = small(tmp_path, with_consent(), (TOGETHER, CONFIRMED))

    assert {key: step.made_from for key, step in definition.steps.items()} == {
        "talk": "",
        "alarm": "",
        "visit": "",
        "finish": "",
        "together_confirmed_by_boss": "steps.talk.decisions.together",
        "share": "consents.share",
    }


def test_the_element_stays_in_the_definition_beside_its_step(tmp_path: Path) -> None:
    definition = small(tmp_path, with_consent())

    assert definition.elements["consents"]["share"].key == "share"


@pytest.mark.parametrize(("language", "ask"), [("da", "Hvornår?"), ("en", "When?"), ("de", "Wann?")])
def test_made_texts_are_in_the_language_of_the_definition(language: str, ask: str, tmp_path: Path) -> None:
    definition = small(tmp_path, with_consent(), ("language: da", f"language: {language}"))

    assert definition.steps["share"].questions["share_on"].ask == ask


def test_an_unknown_language_names_the_file_to_add_and_hides_nothing_else(tmp_path: Path) -> None:
    found = refused_with(
        tmp_path, with_consent(("of: Borgeren", "off: Borgeren")), ("language: da", "language: fi")
    )

    assert [line for _, line, _ in found] == ["language: fi", "share:", "off: Borgeren"]
    assert "add protocols/wording/fi.yaml" in found[0][2]


def test_a_made_step_can_be_asked_about_in_conditions(tmp_path: Path) -> None:
    asks = ('(answer.worried == "no" || settled("visit"))', '(answer.worried == "no" || settled("share"))')

    assert 'settled("share")' in str(small(tmp_path, with_consent(), asks).steps["finish"].opens_when)


def test_what_is_wrong_with_a_made_step_is_said_where_it_was_written(tmp_path: Path) -> None:
    wrong = [
        ('asked_when: done("talk")', 'asked_when: answer.worried == "maybe"'),
        ("within: 5 days, basis: local", "within: 5 days, basis: law"),
    ]

    found = refused_with(tmp_path, with_consent(*wrong))

    assert [line.split(":")[0] for _, line, _ in found] == ["asked_when", "asked", "asked"]


def test_two_that_make_a_step_of_one_name_are_refused(tmp_path: Path) -> None:
    inform = (
        'duties_to_inform:\n  share: {title: Sig det, whom: Dem, what: Det, applies_when: done("talk")}\n\n'
    )

    found = refused_with(tmp_path, ("rules:\n", inform + "rules:\n"), with_consent())

    clash = "this makes a step 'share', but duties_to_inform.share makes one of that name already; rename one"
    assert ("small.yaml", "share:", clash) in found


def test_a_question_of_the_same_name_is_refused_where_the_element_stands(tmp_path: Path) -> None:
    question = "      share_on: {ask: Hvornår?, type: date}\n      visit_note:"

    found = refused_with(tmp_path, with_consent(), ("      visit_note:", question))

    assert any(
        said.startswith("the question 'share_on' is asked in the step 'visit' too") for _, _, said in found
    )


def test_only_the_loader_says_what_a_step_is_made_from(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, ("    what: Besøg familien.\n", "    what: Besøg.\n    made_from: x\n"))

    assert problem.sentence.startswith("unknown key 'made_from'")


def test_a_condition_about_an_element_that_is_itself_wrong_is_not_complained_of_too(tmp_path: Path) -> None:
    broken = ("    of: Borgeren\n", "")
    asks = ('settled("visit"))', 'settled("share") || answer.share == "given")')

    assert refused_with(tmp_path, with_consent(broken), asks) == [
        ("small.yaml", "share:", "'of' is missing; add it")
    ]


def test_the_walk_shows_its_trouble_with_a_made_step_at_the_element(tmp_path: Path) -> None:
    start = CONSENT.index("    deadlines:")
    undated = (CONSENT[start : CONSENT.index("\nrules:")], "")

    [(_, line, said)] = refused_with(tmp_path, with_consent(undated))

    assert line == "title: Samtykke"
    assert "the step 'share' can be open without any date" in said
