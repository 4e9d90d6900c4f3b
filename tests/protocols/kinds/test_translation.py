"""The kind *translation*, and the definition in another language that is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.kinds.step import Kind as Step
from protocols.loader import examine, load_file
from protocols.translating import all_paths, texts_of, untranslated
from tests.protocols.small import SMALL, problems_of, small

INVENTED = Path(__file__).parents[1] / "invented"
SWEDISH = """
translations:
  sv:
    head.title: Litet förlopp
    steps.talk.title: Prata ihop
    steps.talk.questions.topics.choices.school: Skola
    contacts.hotline.title: Rådgivningen på svenska
"""


def with_translation(text: str = SWEDISH) -> tuple[str, str]:
    return SMALL, SMALL + text


def test_the_texts_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    definition = small(tmp_path, with_translation())

    swedish = definition.in_language("sv")

    assert swedish.title == "Litet förlopp"
    assert swedish.steps["talk"].title == "Prata ihop"
    assert swedish.questions["topics"].choices == {"school": "Skola", "home": "Hjem"}
    assert swedish.contacts["hotline"].title == "Rådgivningen på svenska"
    assert swedish.steps["visit"] == definition.steps["visit"]
    assert list(swedish.steps) == list(definition.steps)
    assert swedish.key == definition.key


def test_it_is_made_once_and_leads_back(tmp_path: Path) -> None:
    definition = small(tmp_path, with_translation())

    swedish = definition.in_language("sv")

    assert definition.in_language("sv") is swedish
    assert swedish.in_language("da") is definition
    assert swedish.in_language("sv") is swedish
    assert definition.in_language("de") is definition


def test_what_the_kernel_says_itself_is_translated_too() -> None:
    definition = load_file(INVENTED / "lillby_concern.yaml", thorough=False)

    danish = definition.in_language("da")

    made = [step for step in definition.steps.values() if step.made_from]
    assert made
    for step in made:
        assert danish.steps[step.key].made_from == step.made_from
    meeting = danish.steps["safety_meeting"]
    assert any("mødet" in question.ask.lower() for question in meeting.questions.values())
    assert isinstance(meeting, Step)


def test_what_a_translation_leaves_out_is_named(tmp_path: Path) -> None:
    definition = small(tmp_path, with_translation())

    missing = list(untranslated(definition))

    assert ("sv", "steps.visit.title") in missing
    assert ("sv", "steps.talk.title") not in missing
    assert len(missing) == len(texts_of(definition)) - 4


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            "  sv:\n    steps.tlk.title: Prata",
            "there is no text 'steps.tlk.title'; did you mean 'steps.talk.title'?",
        ),
        ("  sv:\n    steps.talk.title: 5", "'steps.talk.title' must be a text; put it in quotes"),
        ("  sv:\n    steps.talk.opens_when: nej", "there is no text 'steps.talk.opens_when'; did you mean"),
        ("  fi:\n    head.title: Pieni", "the language 'fi' is not known"),
        ("  da:\n    head.title: Andet", "the definition itself is written in 'da'"),
    ],
)
def test_a_wrong_translation_is_refused_at_its_line(tmp_path: Path, written: str, sentence: str) -> None:
    changed = SMALL + "\ntranslations:\n" + written + "\n"

    problems = problems_of(tmp_path, (SMALL, changed))

    assert len(problems) == 1, [str(one) for one in problems]
    assert problems[0].sentence.startswith(sentence)
    line = changed.splitlines()[problems[0].line - 1]
    assert line in written.splitlines()


def test_keys_and_numbers_are_no_texts(tmp_path: Path) -> None:
    definition = small(tmp_path)

    paths = all_paths(definition)

    assert "roles.boss.title" in paths
    assert "steps.talk.questions.why.ask" in paths
    assert not {
        path for path in paths if path.rpartition(".")[2] in ("zone", "holder", "reference", "number", "key")
    }


def test_every_invented_translation_is_whole_enough_to_load() -> None:
    for path in sorted(INVENTED.glob("*_*.yaml")):
        definition, problems = examine(path, thorough=False)
        assert definition is not None
        assert [one for one in problems if "translations" in one.sentence] == []
