"""The kind *form*: what it may ask, what its answers come to, and which forms are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.form_answers import score_form
from protocols.kinds.form import Kind, possible_sums
from tests.protocols.small import refused_with, small

NOTE = "      visit_note:\n        ask: Hvad så du?\n        type: text\n"
QUESTION = "      visit_note: {ask: Udfyld skemaet, type: form, form: danger}\n"
DANGER = """\
forms:
  danger:
    title: Fare
    items:
      threats:
        ask: Er der trusler?
        choices: {no: {label: Nej, score: 0}, yes: {label: Ja, score: 2}}
        weight: 3
        trigger: [yes]
      control:
        ask: Er der kontrol?
        choices:
          none: {label: Ingen, score: 0}
          some: {label: Noget, score: 1}
          much: {label: Meget, score: 2}
    bands:
      low: {title: Lav, from: 0}
      middle: {title: Mellem, from: 1}
      high: {title: Høj, from: 2}
    triggered: high
    override: {role: boss}

"""
MAP = """\
forms:
  danger:
    title: Hverdagen
    items:
      school: {ask: Skole}
    times: {before: Før, now: Nu}
    notes: true
    judgements: {good: God, bad: Dårlig}
    overall: {ask: Samlet, choices: {fine: I orden, grave: Alvorlig}}

"""
RULES = "rules:\n  talk_first:"


def with_form(text: str = DANGER, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return [(NOTE, QUESTION), (RULES, text + RULES)]


def form(folder: Path, text: str = DANGER, *changes: tuple[str, str]) -> Kind:
    return small(folder, *with_form(text, *changes)).forms["danger"]


def test_a_scored_form_says_what_it_can_come_to(tmp_path: Path) -> None:
    danger = form(tmp_path)

    assert danger.is_scored
    assert danger.outcomes == {"low": "Lav", "middle": "Mellem", "high": "Høj"}
    assert danger.choices_of("threats") == {"no": "Nej", "yes": "Ja"}
    assert danger.moments == ("",)
    assert danger.items["control"].weight == 1


def test_an_unscored_form_is_asked_at_each_of_its_times(tmp_path: Path) -> None:
    everyday = form(tmp_path, MAP)

    assert not everyday.is_scored
    assert everyday.moments == ("before", "now")
    assert everyday.choices_of("school") == {"good": "God", "bad": "Dårlig"}
    assert everyday.outcomes == {"fine": "I orden", "grave": "Alvorlig"}


@pytest.mark.parametrize(
    ("threats", "control", "score", "band"),
    [
        ("no", "none", 0, "low"),
        ("no", "some", 1, "middle"),
        ("no", "much", 2, "high"),
        ("yes", "none", 6, "high"),
        ("yes", "much", 8, "high"),
    ],
)
def test_the_score_is_the_sum_of_weight_times_score_and_falls_in_a_band(
    tmp_path: Path, threats: str, control: str, score: int, band: str
) -> None:
    assert score_form(form(tmp_path), {"threats": {"": threats}, "control": {"": control}}) == (score, band)


def test_a_trigger_lifts_the_band_and_never_lowers_it(tmp_path: Path) -> None:
    mildly = form(tmp_path, DANGER, ("weight: 3", "weight: 0.1"), ("triggered: high", "triggered: middle"))

    assert score_form(mildly, {"threats": {"": "yes"}, "control": {"": "none"}}) == (0.2, "middle")
    assert score_form(mildly, {"threats": {"": "yes"}, "control": {"": "much"}}) == (2.2, "high")


def test_tenths_add_up_to_what_a_reader_expects(tmp_path: Path) -> None:
    in_tenths = (("weight: 3", "weight: 0.1"), ("score: 1}", "score: 0.1}"), ("from: 1}", "from: 0.3}"))
    tenths = form(tmp_path, DANGER, *in_tenths, ("triggered: high", "triggered: low"))

    assert score_form(tenths, {"threats": {"": "yes"}, "control": {"": "some"}}) == (0.3, "middle")


def test_conditions_can_ask_for_the_band_and_only_for_bands_there_are(tmp_path: Path) -> None:
    asks = 'settled("visit") && (answer.visit_note == "{}" || rounds("visit") == 1)'
    whole = small(tmp_path, *with_form(), ('settled("visit")', asks.format("low")))

    assert whole.questions["visit_note"].form == "danger"
    [(_, _, said)] = refused_with(tmp_path, *with_form(), ('settled("visit")', asks.format("hihg")))
    assert said == ('\'answer.visit_note\' can never be "hihg"; it is one of null, "low", "middle", "high"')


@pytest.mark.parametrize(
    ("text", "old", "new", "sentence"),
    [
        (DANGER, "from: 0}", "from: 1}", "the first band begins at 0"),
        (DANGER, "from: 2}", "from: 1}", "bands rise; this one must begin above 1"),
        (DANGER, "from: 2}", "from: 9}", "no score falls in this band; the highest is 8"),
        (DANGER, "from: 1}", "from: 1.5}", "no score falls in this band; the highest is 8"),
        (DANGER, "trigger: [yes]", "trigger: [maybe]", "'maybe' is not among the choices: no, yes"),
        (DANGER, "trigger: [yes]", "trigger: [yes, yes]", "'yes' stands twice; remove one"),
        (DANGER, "weight: 3", "weight: 0", "a weight is more than 0"),
        (DANGER, "weight: 3", "weight: -1", "a weight is more than 0"),
        (DANGER, "triggered: high", "triggered: grave", "'grave' is no band; there are low, middle"),
        (DANGER, "role: boss", "role: chief", "unknown role 'chief'"),
        (DANGER, "label: Nej", "label: Ja", "the choices 'no' and 'yes' have the same text"),
        (DANGER, "title: Høj", "title: Lav", "the bands 'low' and 'high' have the same text"),
        (DANGER, "score: 2}}", "score: -2}}", "a score is 0 or more"),
        (MAP, "{ask: Skole}", "{ask: Skole, weight: 2}", "only an item of a form with bands has a weight"),
        (MAP, "{ask: Skole}", "{ask: Skole, trigger: [good]}", "only a form with bands has trigger here"),
        (MAP, "before: Før", "note: Før", "'note' cannot be a time"),
        (MAP, "{good: God, bad: Dårlig}", "{good: God}", "one judgement is no choice"),
        (MAP, ", grave: Alvorlig}", "}", "an overall judgement needs choices"),
    ],
)
def test_a_form_that_cannot_be_filled_in_or_told_apart_is_refused_where_it_stands(
    tmp_path: Path, text: str, old: str, new: str, sentence: str
) -> None:
    found = refused_with(tmp_path, *with_form(text, (old, new)))

    [(file, line)] = [(file, line) for file, line, said in found if said.startswith(sentence)]
    assert file == "small.yaml"
    assert new in line


@pytest.mark.parametrize(
    ("text", "old", "new", "sentence"),
    [
        (DANGER, "    triggered: high\n", "", "say under triggered to which band this lifts it"),
        (DANGER, "        trigger: [yes]\n", "", "no item triggers it; give an item trigger"),
        (
            DANGER,
            "    over",
            "    times: {now: Nu}\n    over",
            "a form with bands is scored and has no times",
        ),
        (DANGER, "    over", "    judgements: {a: A, b: B}\n    over", "a form with bands is scored and has"),
        (DANGER, "      threats:\n", "      override:\n", "'override' is a field of the form itself"),
        (MAP, "    notes: true\n", "    triggered: bad\n", "only a form with bands has triggered"),
    ],
)
def test_scored_and_unscored_are_not_mixed(
    tmp_path: Path, text: str, old: str, new: str, sentence: str
) -> None:
    found = refused_with(tmp_path, *with_form(text, (old, new)))

    assert [said for _, _, said in found if said.startswith(sentence)], found


def test_a_form_without_items_bands_or_a_question_is_refused(tmp_path: Path) -> None:
    empty = "forms:\n  danger:\n    title: Fare\n    bands: {low: {title: Lav, from: 0}}\n\n"

    assert "a form needs items to judge; add them under items" in {
        said for _, _, said in refused_with(tmp_path, *with_form(empty))
    }
    unbanded = DANGER[: DANGER.index("    bands:")] + "\n"
    assert "the items have scores but there are no bands; say what the scores come to" in {
        said for _, _, said in refused_with(tmp_path, *with_form(unbanded))
    }
    [(_, line, said)] = refused_with(tmp_path, (RULES, DANGER + RULES))
    assert line == "title: Fare"
    assert said == "nobody is asked to fill in 'danger'; add a question of type form, or remove it"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "{ask: Udfyld, type: form}",
            "a question of type form needs a form to fill in; name one under forms",
        ),
        ("{ask: Udfyld, type: text, form: danger}", "only a question of type form has a form; remove it"),
        ("{ask: Udfyld, type: form, form: dangre}", "unknown form 'dangre'; did you mean 'danger'?"),
    ],
)
def test_a_question_names_a_form_that_is_there(tmp_path: Path, question: str, sentence: str) -> None:
    changes = [(NOTE, f"      visit_note: {question}\n"), (RULES, DANGER + RULES)]

    assert sentence in {said for _, _, said in refused_with(tmp_path, *changes)}


def test_a_form_of_very_many_items_is_checked_at_once() -> None:
    lowest, *_, highest = possible_sums([[0.0, nth + 0.37, 2.0 * nth] for nth in range(1, 200)])

    assert (lowest, round(highest)) == (0.0, 39800)
