"""The kind *step*: when it opens and falls away, how binding it is, and when it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import Refusal, left_undone, phase, refusals
from protocols.kinds.rule import Act
from protocols.kinds.step import Modality, Phase
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk, fresh

OPENS = 'opens_when: done("talk") && answer.worried == "yes"'


def after_opening(line: str) -> tuple[str, str]:
    return OPENS, f"{OPENS}\n    {line}"


def test_a_step_is_the_holders_once_and_in_progress_unless_it_says_otherwise(tmp_path: Path) -> None:
    step = small(tmp_path).steps["visit"]

    assert [(case.when, case.then) for case in step.modality] == [(None, Modality.SHOULD)]
    assert (step.phase, step.holder, step.owner) == (Phase.IN_PROGRESS, "", "")
    assert (step.standing, step.interrupts, step.repeats) == (False, False, None)
    assert (step.lapses_when, step.done_when, bool(step.checklist)) == (None, None, False)


def test_how_binding_a_step_is_has_danish_words() -> None:
    assert [modality.danish for modality in Modality] == ["skal", "bør", "kan", "må ikke"]


def test_a_step_is_not_done_before_its_condition_holds(tmp_path: Path) -> None:
    condition = 'done_when: given.visit_note != ""\n    done_when_message: Skriv, hvad du så.'
    walk = Walk(small(tmp_path, after_opening(condition)))
    walk.complete("talk", worried="yes")

    too_early = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit", given={})

    assert too_early == (Refusal("visit.done_when", "Skriv, hvad du så."),)
    assert walk.refused("visit", visit_note="En have.") == []


def test_an_alarm_that_may_repeat_opens_a_new_round_at_each_press(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path))
    for _ in range(2):
        walk.press_acute()
        walk.complete("alarm", calm="yes")

    assert [step.round for step in walk.state.rounds("alarm")] == [1, 2]


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (after_opening("owner: nobody"), "owner: nobody", "unknown role or contact 'nobody'; declare it"),
        (after_opening("holder: nobody"), "holder: nobody", "unknown role 'nobody'; declare it under roles"),
        (
            after_opening("repeats: {at_most: 1}"),
            "repeats: {at_most: 1}",
            "a loop needs a bound: say at_most",
        ),
        (after_opening("interrupts: true"), "interrupts: true", "an interrupt must be able to come again"),
        (
            after_opening('lapses_when: "true"'),
            'lapses_when: "true"',
            "the step falls away as soon as it opens",
        ),
        (after_opening('done_when: "true"'), 'done_when: "true"', "done_when_message is missing; say what"),
        ((OPENS, 'opens_when: "false"'), 'opens_when: "false"', "the step can never open; no answers make"),
        (
            (OPENS, 'opens_when: rounds("visit") < 2'),
            'opens_when: rounds("visit") < 2',
            "the step counts its own rounds but may not come back",
        ),
        (("modality: should", "modality: ought"), "modality: ought", "'ought' is not allowed for 'modality'"),
    ],
)
def test_a_step_that_could_not_live_is_refused(
    change: tuple[str, str], line: str, sentence: str, tmp_path: Path
) -> None:
    [(file, written, said)] = refused_with(tmp_path, change)

    assert (file, written) == ("small.yaml", line)
    assert said.startswith(sentence)


MUST_NOT = '{when: fact.urgent == "yes", then: must_not, why: Det er for farligt nu.}'
WEAPON = f"modality:\n      - {MUST_NOT}\n      - {{then: may}}"


def test_a_step_that_must_not_be_done_now_says_why(tmp_path: Path) -> None:
    changed = ("modality: should", WEAPON)
    found: list[list[str]] = []
    for urgent in ("yes", "no"):
        walk = Walk(small(tmp_path, changed), fresh(urgent=urgent))
        walk.complete("talk", worried="yes")
        said = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit", given={})
        found.append([f"{one.rule}: {one.message}" for one in said])

    assert found == [["visit.must_not: Det er for farligt nu."], []]


def test_without_a_reason_it_is_named_all_the_same(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, ("modality: should", WEAPON.replace(", why: Det er for farligt nu.", ""))))
    walk.complete("talk", worried="yes")

    [refused] = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit", given={})

    assert refused.message == "»Tag på besøg« må ikke udføres, som sagen står nu."


def test_a_step_beside_the_way_has_no_say_in_the_phase_and_never_keeps_the_case_open(
    tmp_path: Path,
) -> None:
    must = ("modality: should", "modality: must\n    phase: follow_up")
    ordinary, beside = (Walk(small(tmp_path, must, *more)) for more in ((), (after_opening("beside: true"),)))
    seen: list[tuple[str, list[str]]] = []
    for walk in (ordinary, beside):
        walk.complete("talk", worried="yes")
        undone = left_undone(walk.definition, walk.state, walk.definition.ends["over"])
        seen.append((phase(walk.definition, walk.state), [step.key for step in undone]))

    assert seen == [("follow_up", ["visit"]), ("received", [])]


def test_others_may_be_kept_from_a_step_by_what_they_did_before(tmp_path: Path) -> None:
    step = small(tmp_path, after_opening("not_same_person_as: talk")).steps["visit"]

    assert step.not_same_person_as == "talk"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("not_same_person_as: visit", "a step cannot be kept from itself; name another step"),
        ("not_same_person_as: finish", "'finish' may not have run when 'visit' opens; add done(\"finish\")"),
        ("not_same_person_as: nothing", "unknown step 'nothing'; declare it under steps"),
    ],
)
def test_nobody_is_kept_from_a_step_by_one_that_did_not_run(line: str, sentence: str, tmp_path: Path) -> None:
    [(_, written, said)] = refused_with(tmp_path, after_opening(line))

    assert written == line
    assert said.startswith(sentence)
