"""The kind *meeting*: planned, held and minuted in a step of its own, with what was agreed as another."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.definition import Definition
from protocols.engine import checklist_of, deadlines_of, questions_for
from protocols.problems import AnswersError
from protocols.state import CaseState
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk, fresh

RULES = "rules:\n  talk_first:"
NETWORK = """\
meetings:
  network:
    title: Netværksmøde
    called_when: done("talk") && answer.worried == "yes"
    members:
      fixed: {school: Skolen}
      when: {police: {title: Politiet, if: fact.urgent == "yes"}}
    chair: boss
    parts: {opening: Velkomst, plan: Plan}
    actions: true
    repeats: {at_most: 10}
    deadlines:
      held: {base: opened("network"), within: 3 weeks, basis: local, decided: false, ladder: local}

"""
CALL = {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-10"}
VISIT = {"what": "Tag på besøg", "who": "Naboen", "by": "2026-12-24"}


def with_meeting(*changes: tuple[str, str]) -> tuple[str, str]:
    text = NETWORK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return RULES, text + RULES


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("meeting")), with_meeting())


def called(definition: Definition, state: CaseState | None = None) -> Walk:
    walk = Walk(definition, state or fresh())
    walk.complete("talk", worried="yes")
    return walk


def hold(walk: Walk, *actions: dict[str, str], again: str = "no") -> None:
    walk.complete("network", network="held", network_actions=list(actions), network_again=again)


def test_a_meeting_becomes_a_step_and_another_for_what_was_agreed(definition: Definition) -> None:
    meeting, agreed = definition.steps["network"], definition.steps["network_actions_done"]

    assert (meeting.made_from, agreed.made_from) == ("meetings.network", "meetings.network")
    assert list(meeting.questions) == [
        "network", "network_at", "network_present", "network_chair", "network_minutes", "network_actions",
        "network_again",
    ]  # fmt: skip
    assert meeting.checklist.items == {"opening": "Velkomst", "plan": "Plan"}
    assert meeting.questions["network_at"].may_be_ahead
    assert meeting.questions["network_chair"].roles == ("boss",)
    assert agreed.title == "Aftaler fra Netværksmøde"
    assert [str(one.base) for one in agreed.deadlines.values()] == ['action("network_actions")']


def test_a_meeting_without_actions_and_chair_is_one_step(tmp_path: Path) -> None:
    plain = with_meeting(("    actions: true\n", ""), ("    chair: boss\n", ""), ("    parts", "    # parts"))

    steps = small(tmp_path, plain).steps

    assert "network_actions_done" not in steps
    assert not {"network_chair", "network_actions"} & set(steps["network"].questions)
    assert not steps["network"].checklist


def test_a_meeting_that_is_only_planned_comes_back_to_be_held(definition: Definition) -> None:
    walk = called(definition)
    asked = [one.key for one in questions_for(definition, "network", walk.state, {"network": "planned"})]

    walk.complete("network", network="planned")

    assert asked == ["network", "network_at"]
    assert "network" in walk.open_steps
    assert walk.state.rounds("network")[-1].round == 2
    assert "network_actions_done" not in walk.open_steps


def test_what_was_agreed_is_an_item_and_a_deadline_each(definition: Definition) -> None:
    walk = called(definition)

    hold(walk, CALL, VISIT)

    assert "network" not in walk.open_steps
    items = checklist_of(definition, "network_actions_done", walk.state)
    assert [(one.key, one.text, one.required) for one in items] == [
        ("1", "Ring til skolen", True),
        ("2", "Tag på besøg", True),
    ]
    due = deadlines_of(definition, "network_actions_done", walk.state)
    assert len(due) == 2
    assert {one.basis.value for one in due} == {"agreed"}


def test_a_later_meeting_agrees_anew_in_place_of_the_earlier(definition: Definition) -> None:
    walk = called(definition)
    hold(walk, CALL, again="yes")
    assert {"network", "network_actions_done"} <= set(walk.open_steps)
    walk.complete("network", network="planned")
    assert [one.text for one in checklist_of(definition, "network_actions_done", walk.state)] == [
        "Ring til skolen"
    ]

    hold(walk, VISIT, again="yes")

    rounds = walk.state.rounds("network_actions_done")
    assert [one.status.value for one in rounds] == ["not_applicable", "open"]
    assert [one.text for one in checklist_of(definition, "network_actions_done", walk.state)] == [
        "Tag på besøg"
    ]
    hold(walk, CALL)
    assert [one.status.value for one in walk.state.rounds("network_actions_done")] == [
        "not_applicable", "not_applicable", "open",
    ]  # fmt: skip


def test_what_was_agreed_has_its_dates_also_where_the_end_waits_for_the_meeting(tmp_path: Path) -> None:
    ends = 'allowed_when: is_open("finish")'

    waits = f'{ends} && (settled("network") || answer.worried == "no")'

    assert small(tmp_path, with_meeting(), (ends, waits)).steps["network_actions_done"].deadlines


def test_a_member_is_offered_only_while_the_condition_holds(definition: Definition) -> None:
    calm, urgent = called(definition, fresh(urgent="no")), called(definition, fresh(urgent="yes"))

    def members(walk: Walk) -> list[str]:
        asked = {
            one.key: one for one in questions_for(definition, "network", walk.state, {"network": "held"})
        }
        return list(asked["network_present"].choices)

    assert members(calm) == ["school"]
    assert members(urgent) == ["school", "police"]
    with pytest.raises(AnswersError) as refused:
        calm.complete("network", network="held", network_present=["police"], network_actions=[CALL])
    assert list(refused.value.problems) == ["network_present"]
    urgent.complete("network", network="held", network_present=["police"], network_actions=[CALL])


def test_it_can_be_put_off_beyond_the_rounds_reckoned_with_and_is_held_in_the_end(tmp_path: Path) -> None:
    twice = small(tmp_path, with_meeting(("at_most: 10", "at_most: 2")))
    walk = called(twice)

    for _ in range(3):
        walk.complete("network", network="planned")

    assert [one.round for one in walk.state.rounds("network")] == [1, 2, 3, 4]
    hold(walk, CALL)
    assert "network" not in walk.open_steps


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("{school: Skolen}", "{police: Politiet}", "'police' is a member in any case"),
        ("chair: boss", "chair: chief", "unknown role 'chief'; declare it under roles"),
        ("fact.urgent", "fact.urgnet", "unknown name 'fact.urgnet'; did you mean 'fact.urgent'?"),
        ('done("talk")', 'done("talks")', "unknown step 'talks'; did you mean 'talk'?"),
        ("    title: Netværksmøde\n", "", "'title' is missing; add it"),
        ("at_most: 10", "at_most: 1", "a loop needs a bound: say at_most, from 2 to 1000"),
    ],
)  # fmt: skip
def test_a_meeting_nobody_could_hold_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    found = refused_with(tmp_path, with_meeting((old, new)))

    assert [said for _, _, said in found if said.startswith(sentence)], found


def test_a_meeting_without_members_or_date_is_refused(tmp_path: Path) -> None:
    nobody = NETWORK[NETWORK.index("    members:") : NETWORK.index("    chair")]
    undated = NETWORK[NETWORK.index("    deadlines:") :]

    assert "a meeting needs members; name them under fixed or when" in {
        said for _, _, said in refused_with(tmp_path, with_meeting((nobody, "    members: {}\n")))
    }
    assert any(
        "without any date" in said for _, _, said in refused_with(tmp_path, with_meeting((undated, "\n")))
    )
