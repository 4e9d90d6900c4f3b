"""A comma in a text inside braces: said once, where the rest of the text was taken for a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.yaml_values import CUT
from tests.protocols.small import problems_of, small

CAUTION = "careful: {text: Pas på.}"
CHOICES = "{school: Skole, home: Hjem}"


@pytest.mark.parametrize(
    ("written", "rest"),
    [
        ("careful: {text: Tal kun, når hun er alene.}", "når hun"),
        ("careful: {text: Tal kun, naar hun er alene.}", "naar hun"),
        ("careful: {text: Ja, måske}", "måske"),
        ("careful: {text: Ja, nej, nok}", "nej"),
        ("careful: {text: Ja, måske, nej tak, og så videre}", "måske"),
        ("careful: {text: Ja, nej, men husk altid: ring}", "nej"),
        ("careful: {text: 1, 2 eller 3}", "2 eller"),
    ],
)
def test_a_comma_in_a_text_inside_braces_is_said_once_where_the_text_goes_on(
    written: str, rest: str, tmp_path: Path
) -> None:
    problems = problems_of(tmp_path, (CAUTION, written))

    line = (tmp_path / "small.yaml").read_text("utf-8").splitlines()[problems[0].line - 1]
    about_the_comma = [one for one in problems if one.sentence == CUT]
    assert len(about_the_comma) == 1
    assert line[about_the_comma[0].column - 1 :].startswith(rest)
    assert not any("unknown key" in one.sentence or "letters" in one.sentence for one in problems)


@pytest.mark.parametrize("rest", ["hjem", "men ikke hjem", "håb"])
def test_a_comma_in_the_label_of_a_choice_is_said_too(rest: str, tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, (CHOICES, f"{{school: Skole, {rest}, home: Hjem}}"))

    assert problem.sentence == CUT


def test_a_text_in_quotes_may_have_commas(tmp_path: Path) -> None:
    definition = small(tmp_path, (CAUTION, 'careful: {text: "Tal kun, når hun er alene."}'))

    assert definition.cautions["careful"].text == "Tal kun, når hun er alene."


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("careful: {text: Pas på., nej: tak}", "unknown key 'nej'"),
        ("careful: {text: 'Pas på.', nej tak: x}", "unknown key 'nej tak'"),
        ("careful: {nej tak: x, text: Pas på.}", "unknown key 'nej tak'"),
        ("careful: {text: Pas på., måske: x}", "the key 'måske' has other letters"),
        ("careful: {text: Pas på., conflicts_with}", "'conflicts_with'"),
    ],
)
def test_what_is_no_rest_of_a_text_is_said_as_before(written: str, sentence: str, tmp_path: Path) -> None:
    problems = problems_of(tmp_path, (CAUTION, written))

    assert any(sentence in one.sentence for one in problems), [str(one) for one in problems]
    assert CUT not in {one.sentence for one in problems}
