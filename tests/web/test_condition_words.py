"""Conditions of questions in Danish words, and that every one in the definitions has some."""

import pytest

from handlepligt.web.condition_words import FALLBACK, asked_only_when
from protocols.definition import Definition
from protocols.loader import library

QUESTIONS = library().latest("adviser_over_18").questions


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('given.still_concerned == "yes"', "Kun hvis du svarer “Ja” til “Er I fortsat bekymrede?”."),
        (
            "size(given.general_advice_from) > 0",
            "Kun hvis du har valgt noget under “Har I fået generelle råd?”.",
        ),
        ("given.findes_ikke == 'x' && age > 3", FALLBACK),
    ],
)
def test_a_condition_is_said_in_words(condition: str, words: str) -> None:
    assert asked_only_when(condition, QUESTIONS) == words


def test_a_person_is_named_by_role() -> None:
    roles = {"deputy": "Lederens stedfortræder", "head": "Lederens leder"}

    words = asked_only_when(
        'given.discussed_with == "deputy" || given.discussed_with == "head"', QUESTIONS, roles
    )

    assert words == (
        "Kun hvis du vælger “Lederens stedfortræder” eller “Lederens leder” under "
        "“Hvem har du drøftet bekymringen med?”."
    )


@pytest.mark.parametrize("definition", library().all(), ids=lambda one: one.key)
def test_every_condition_in_the_definitions_has_words_of_its_own(definition: Definition) -> None:
    roles = {key: role.title for key, role in definition.roles.items()}

    plain = [
        question.key
        for step in definition.steps.values()
        for question in step.questions.values()
        if question.asked_when and asked_only_when(question.asked_when, step.questions, roles) == FALLBACK
    ]

    assert plain == []
