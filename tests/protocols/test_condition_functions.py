"""What functions are asked about is checked where it is written, with the name that was probably meant."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from protocols.condition_functions import FUNCTIONS
from protocols.world import World
from tests.protocols.family import EXPIRING, RELATIONS, WITH_CALL, WITH_JOIN, Change, visit_opens
from tests.protocols.small import problems_of


def test_the_world_answers_each_function_with_the_arguments_it_takes() -> None:
    for name, function in FUNCTIONS.items():
        taken = list(inspect.signature(getattr(World, name)).parameters)

        assert len(taken) == 1 + len(function.takes), name


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('joind("both")', "unknown function 'joind'; did you mean 'joined'?"),
        ("joined()", "joined() takes a join in quotes"),
        ("joined(both)", "joined() takes the key of a join in quotes"),
        ('joined("bot")', "unknown join 'bot'; did you mean 'both'?"),
        ('expired("visit.visit")', "unknown deadline 'visit.visit'; did you mean 'visit.visited'?"),
        (
            'expired("talk.talked")',
            "the deadline 'talk.talked' leads nowhere when it passes; give it at_expiry: path or lapse",
        ),
        ('count_within("vist", "90 days") > 1', "unknown step 'vist'; did you mean 'visit'?"),
        (
            'count_within("visit", "90 suns") > 1',
            "'90 suns' is not a length of time; write a whole number and one of minutes, hours, days, "
            "working days, weeks, months, years, for example '2 working days'",
        ),
        (
            'count_within("visit", "9 working days") > 1',
            "'9 working days' does not fit here; write at least 1 and one of minutes, hours, days, weeks, "
            "months, years",
        ),
        ('people("siblings") > 0', "unknown relation 'siblings'; did you mean 'sibling'?"),
        ('people("sibling") == "two"', 'people() says a number and can never be "two"'),
        ('people("sibling") == null', "people() says a number and can never be null"),
        ('reached("hotline") == 1', "reached() says true or false and can never be 1"),
        ('people_with("at_hom", "yes") > 0', "unknown fact of a person 'at_hom'; did you mean 'at_home'?"),
        ('people_with("urgent", "yes") > 0', "unknown fact of a person 'urgent'"),
        ('people_with("at_home", "maybe") > 0', "'maybe' can never be the answer; it is one of yes, no"),
        ('people_with("at_home") > 0', "people_with() takes a fact of a person and a value in quotes"),
        ('bypassed("bos")', "unknown role 'bos'; did you mean 'boss'?"),
        ('reached("hotlin")', "unknown contact 'hotlin'; did you mean 'hotline'?"),
        ('unanswered("hotlin") > 1', "unknown contact 'hotlin'; did you mean 'hotline'?"),
        ('score("worried") != null', "unknown question of type form 'worried'"),
        ('differs("talk")', "unknown step with a second_assessor 'talk'"),
        (
            'fact.at_home == "yes"',
            "'fact.at_home' is of a linked person; write person.at_home in a step with per_person, or "
            'people_with("at_home", "...")',
        ),
        (
            'person.at_home == "yes"',
            "'person.at_home' needs a person; it can be used in a step with per_person only",
        ),
        ('person.urgent == "yes"', "'person.urgent' is of the case; write fact.urgent"),
    ],
)
def test_a_function_asked_about_nothing_there_is_is_refused(
    condition: str, sentence: str, tmp_path: Path
) -> None:
    changes = (RELATIONS, WITH_CALL, EXPIRING, visit_opens(f"'{condition}'"))

    problems = problems_of(tmp_path, *changes, WITH_JOIN)

    line = next(
        number
        for number, text in enumerate((tmp_path / "small.yaml").read_text("utf-8").splitlines(), start=1)
        if text == f"    opens_when: '{condition}'"
    )
    found = [(one.line, one.column, one.sentence) for one in problems if one.line == line]
    assert (line, len("    opens_when: ") + 1, sentence) in found, [str(one) for one in problems]


def test_a_fact_that_another_relation_is_asked_for_is_refused(tmp_path: Path) -> None:
    partner = visit_opens("person.at_home == 'yes'", "per_person: partner")

    said = [one.sentence for one in problems_of(tmp_path, RELATIONS, partner)]

    assert "'person.at_home' is not asked of 'partner'; add the relation to the fact" in said


def test_a_step_about_people_of_no_known_relation_is_refused(tmp_path: Path) -> None:
    stranger: Change = visit_opens('done("talk")', "per_person: siblin")

    [problem] = problems_of(tmp_path, RELATIONS, stranger)

    assert problem.sentence == "unknown relation 'siblin'; did you mean 'sibling'?"


def test_the_score_of_a_form_without_a_score_is_refused(tmp_path: Path) -> None:
    day = "{title: Dag, items: {sleep: {ask: Søvn}}, judgements: {good: God, bad: Dårlig}}"
    form = f"forms:\n  day: {day}\n\nsteps:\n"
    asked = ("      talked_on:\n", "      how: {ask: Hvordan?, type: form, form: day}\n      talked_on:\n")
    scored = visit_opens('done("talk") && score("how") != null')

    said = [one.sentence for one in problems_of(tmp_path, ("steps:\n", form), asked, scored)]

    assert "the form of 'how' has no score; ask answer.how instead" in said
