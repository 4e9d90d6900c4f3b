"""A second assessor answers some of a step's questions again, and it can be asked whether the two differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocols.engine import deadlines_of, questions_for
from protocols.state import PersonState
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

DECISIONS = "    decisions:\n      together"
SECOND = "second_assessor: {role: boss, questions: [worried, why], within: 3 working days}"
VIEWS = """\
  agree:
    title: Bliv enige
    what: Tal sammen.
    opens_when: settled("talk_second") && differs("talk")
    modality: must
    not_same_person_as: talk_second
    questions:
      agreed: {ask: Hvad nåede I frem til?, type: text}
    deadlines:
      agreed_by: {base: opened("agree"), within: 5 days, basis: local, decided: false}

rules:
"""


def assessed_twice(line: str = SECOND) -> tuple[str, str]:
    return DECISIONS, f"    {line}\n{DECISIONS}"


def test_the_second_assessment_is_a_step_with_the_same_questions(tmp_path: Path) -> None:
    definition = small(tmp_path, assessed_twice())

    step = definition.steps["talk_second"]

    assert (step.owner, step.not_same_person_as) == ("boss", "talk")
    assert (step.title, step.made_from) == ("Tal sammen – anden vurdering", "steps.talk.second_assessor")
    assert [one.ask for one in step.questions.values()] == ["Er I bekymrede?", "Hvorfor?"]


def test_it_opens_once_the_first_is_done_with_a_deadline_from_then(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, assessed_twice()))
    before = list(walk.open_steps)

    walk.complete("talk", worried="yes")

    [deadline] = deadlines_of(walk.definition, "talk_second", walk.state)
    assert "talk_second" not in before
    assert "talk_second" in walk.open_steps
    assert (deadline.base, deadline.ladder is not None) == (walk.now, True)


def test_its_questions_depend_on_its_own_answers(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, assessed_twice()))
    walk.complete("talk", worried="yes")

    asked = [
        [
            one.key
            for one in questions_for(walk.definition, "talk_second", walk.state, {"worried_second": said})
        ]
        for said in ("no", "yes")
    ]

    assert asked == [["worried_second"], ["worried_second", "why_second"]]


@pytest.mark.parametrize(("second", "differ"), [("yes", False), ("no", True)])
def test_it_can_be_asked_whether_the_two_differ(second: str, differ: bool, tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, assessed_twice(SECOND.replace(", why", "")), ("rules:\n", VIEWS)))
    walk.complete("talk", worried="yes")

    walk.complete("talk_second", worried_second=second)

    assert ("agree" in walk.open_steps) is differ


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (SECOND.replace("boss", "chief"), "unknown role 'chief'; declare it under roles"),
        (SECOND.replace("worried, why", "calm"), "'calm' is an answer nobody is asked for in this step"),
        (
            SECOND.replace("worried, why", "why"),
            "'why' is asked only after 'worried' is answered; name 'worried' here too",
        ),
        (SECOND.replace("worried, why", ""), "name at least one question of this step"),
        (
            f"owner: boss\n    {SECOND}",
            "'boss' does the step itself; name somebody else",
        ),
    ],
)
def test_a_second_assessment_that_could_not_be_made_is_refused(
    line: str, sentence: str, tmp_path: Path
) -> None:
    [(_, written, said)] = refused_with(tmp_path, assessed_twice(line))

    assert (written, said) == (line.splitlines()[-1].strip(), sentence)


def test_nobody_is_kept_from_a_step_by_one_that_need_not_have_run(tmp_path: Path) -> None:
    changed = VIEWS.replace('settled("talk_second") && ', "")

    [(_, written, said)] = refused_with(tmp_path, assessed_twice(), ("rules:\n", changed))

    assert written == "not_same_person_as: talk_second"
    assert said.startswith("'talk_second' may not have run when 'agree' opens; add done(\"talk_second\")")


RELATIONS = ("facts:\n", "relations:\n  child: {title: Barn}\n\nfacts:\n")
CHILD = """\
  see:
    title: Se barnet
    what: Se barnet.
    opens_when: done("talk")
    modality: must
    per_person: child
    second_assessor: {role: boss, questions: [fine], within: 3 days}
    questions:
      fine: {ask: Har barnet det godt?, type: yes_no}
    deadlines:
      seen: {base: opened("see"), within: 5 days, basis: local, decided: false}

rules:
"""


def test_each_linked_person_is_assessed_a_second_time(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, RELATIONS, ("rules:\n", CHILD)))
    walk.state = replace(walk.state, people=(PersonState("a", "child"), PersonState("b", "child")))
    walk.complete("talk", worried="no")

    walk.complete("see", fine="yes")

    lines = {(one.key, one.person) for one in walk.state.steps if one.key.startswith("see")}
    assert lines == {("see", "a"), ("see", "b"), ("see_second", "a")}
