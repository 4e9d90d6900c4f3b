"""The kind *consent*: asked, given, refused, not safe to ask, withdrawn; and the way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import questions_for, taken_up_again
from protocols.problems import AnswersError
from tests.protocols.small import problems_of, refused_with, small
from tests.protocols.walk import Walk

SHARE = """\
consents:
  share:
    title: Samtykke til at tale med skolen
    of: Borgeren
    to: At kommunen taler med skolen
    asked_when: done("talk") && answer.worried == "yes"
    ask_again_when: answer.share == "not_safe_to_ask" && done("visit") || answer.share == "given" && acute.on
    on_refusal: [other_way]
    on_not_safe: [other_way]
    deadlines:
      share_asked: {base: opened("share"), within: 10 working days, basis: agreed, ladder: local}

rules:
"""
OTHER_WAY = """\
  other_way:
    title: Find en anden vej
    what: Hvem ser ellers barnet?
    opens_when: answer.share == "refused" || answer.share == "not_safe_to_ask"
    modality: should
    questions:
      other_eyes: {ask: Hvem?, type: text}
    deadlines:
      other_way_found: {base: done("share"), within: 5 working days, basis: local, decided: false}

consents:
"""


_AGAIN = SHARE[SHARE.index("    ask_again_when:") : SHARE.index("    on_refusal:")]
ASKED_ONCE = (_AGAIN, "")


def with_consent(*changes: tuple[str, str]) -> tuple[str, str]:
    written = SHARE.replace("consents:\n", OTHER_WAY, 1)
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return "rules:\n", written


def asked(walk: Walk) -> dict[str, str]:
    """The answers that can be chosen now."""
    [first, *_] = questions_for(walk.definition, "share", walk.state, {})
    return first.choices


def test_the_consent_is_a_step_that_says_of_whom_and_for_what(tmp_path: Path) -> None:
    definition = small(tmp_path, with_consent())

    step = definition.steps["share"]

    assert step.made_from == "consents.share"
    assert "Hvem: Borgeren. Til hvad: At kommunen taler med skolen." in step.what
    assert list(step.questions) == ["share", "share_on", "share_note"]
    assert step.questions["share"].choices == {
        "given": "Samtykke givet",
        "refused": "Samtykke afslået",
        "not_safe_to_ask": "Det er ikke sikkert at spørge",
        "withdrawn": "Samtykke trukket tilbage",
    }


def test_it_speaks_the_language_of_its_definition(tmp_path: Path) -> None:
    definition = small(tmp_path, with_consent(), ("language: da", "language: sv"))

    assert definition.steps["share"].questions["share_on"].ask == "När?"


def test_a_refusal_leads_the_way_round(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent()))
    walk.complete("talk", worried="yes")

    walk.complete("share", share="refused")

    assert "other_way" in walk.open_steps
    assert "share" not in walk.open_steps


def test_it_is_asked_again_when_that_has_become_safe(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent()))
    walk.complete("talk", worried="yes")
    walk.complete("share", share="not_safe_to_ask", share_note="Faderen sad ved siden af.")
    before = list(walk.open_steps)

    walk.complete("visit")

    assert "share" not in before
    assert "share" in walk.open_steps


def test_that_it_was_not_safe_to_ask_must_be_explained(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent()))
    walk.complete("talk", worried="yes")

    with pytest.raises(AnswersError) as refused:
        walk.complete("share", share="not_safe_to_ask")

    assert refused.value.problems == {"share_note": "Spørgsmålet skal besvares."}


def test_only_a_consent_that_was_given_can_be_withdrawn(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent()))
    walk.complete("talk", worried="yes")
    first = asked(walk)
    walk.complete("share", share="given")
    walk.press_acute()

    later = asked(walk)
    walk.complete("share", share="withdrawn")

    assert "withdrawn" not in first
    assert "withdrawn" in later
    assert walk.state.rounds("share")[-1].answers["share"] == "withdrawn"


def test_without_asking_again_it_comes_back_only_by_hand(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent(ASKED_ONCE)))
    walk.complete("talk", worried="yes")

    walk.complete("share", share="given")
    by_itself = "share" in walk.open_steps
    walk.take_up("share")

    assert not by_itself
    assert "share" in walk.open_steps


def test_a_consent_can_be_withdrawn_by_hand_at_any_time_and_the_rules_see_it(tmp_path: Path) -> None:
    sees = ('opens_when: answer.share == "refused"', 'opens_when: answer.share == "withdrawn"')
    refused = ("on_refusal: [other_way]", "on_refusal: [other_way]")
    walk = Walk(small(tmp_path, with_consent(ASKED_ONCE, sees, refused)))
    walk.complete("talk", worried="yes")
    walk.complete("share", share="given")
    before = list(walk.open_steps)

    walk.take_up("share")
    walk.complete("share", share="withdrawn")

    assert "other_way" not in before
    assert "other_way" in walk.open_steps


@pytest.mark.parametrize("answer", ["refused", "not_safe_to_ask"])
def test_what_was_not_given_is_not_taken_up_again(answer: str, tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent(ASKED_ONCE)))
    walk.complete("talk", worried="yes")

    walk.complete("share", share=answer, share_note="Faderen sad ved siden af.")

    assert taken_up_again(walk.definition, walk.state) == ()


def test_while_it_is_asked_it_is_not_taken_up_too(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_consent(ASKED_ONCE)))
    walk.complete("talk", worried="yes")
    unasked = taken_up_again(walk.definition, walk.state)
    walk.complete("share", share="given")

    walk.take_up("share")

    assert unasked == ()
    assert taken_up_again(walk.definition, walk.state) == ()


def test_the_walk_meets_what_a_withdrawal_leaves_behind(tmp_path: Path) -> None:
    stuck = ('|| settled("visit"))', '|| settled("visit")) && (answer.share != "withdrawn")')
    lapses = ("    standing: true\n", "    standing: true\n")
    changes = with_consent(ASKED_ONCE), stuck, lapses

    said = [one.sentence for one in problems_of(tmp_path, *changes)]

    assert any("share taken up again" in one for one in said), said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('taken_up_when: "false"', "the step can never be taken up again; no answers make this true"),
        ('taken_up_when: done("tolk")', "unknown step 'tolk'; did you mean 'talk'?"),
        ("standing: true", "a standing step is never completed, so it is not taken up again"),
    ],
)
def test_a_step_that_cannot_be_taken_up_again_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    taken_up = "" if "taken_up" in line else 'taken_up_when: done("talk")\n    '
    opens = '    opens_when: done("talk") && answer.worried == "yes"\n'

    said = {one.sentence for one in problems_of(tmp_path, (opens, f"{opens}    {taken_up}{line}\n"))}

    assert sentence in said


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (
            ("on_refusal: [other_way]", "on_refusal: [other_wey]"),
            "on_refusal: [other_wey]",
            "unknown step 'other_wey'; did you mean 'other_way'?",
        ),
        (
            ("on_refusal: [other_way]", "on_refusal: [visit]"),
            "on_refusal: [visit]",
            "'visit' does not look at the answer, so nothing leads there; "
            'put answer.share == "refused" into its opens_when',
        ),
        (
            ("on_not_safe: [other_way]", "on_not_safe: [visit]"),
            "on_not_safe: [visit]",
            "'visit' does not look at the answer, so nothing leads there; "
            'put answer.share == "not_safe_to_ask" into its opens_when',
        ),
        (
            ("on_not_safe: [other_way]", "on_not_safe: [share]"),
            "on_not_safe: [share]",
            "the consent cannot be the way round itself; name another step",
        ),
        (
            ('asked_when: done("talk")', 'asked_when: done("tolk")'),
            'asked_when: done("tolk") && answer.worried == "yes"',
            "unknown step 'tolk'; did you mean 'talk'?",
        ),
        (("    of: Borgeren\n", ""), "share:", "'of' is missing; add it"),
        (
            ("    on_refusal:", "    at_most: 5000\n    on_refusal:"),
            "at_most: 5000",
            "a loop needs a bound: say at_most, from 2 to 1000",
        ),
        (
            ("    on_refusal:", "    per_person: cousin\n    on_refusal:"),
            "per_person: cousin",
            "unknown relation 'cousin'; declare it under relations",
        ),
    ],
)
def test_a_consent_that_leads_nowhere_is_refused_at_its_line(
    change: tuple[str, str], line: str, sentence: str, tmp_path: Path
) -> None:
    assert refused_with(tmp_path, with_consent(change)) == [("small.yaml", line, sentence)]
