"""A consent that was given can be withdrawn at any time: its step is taken up again by hand."""

from collections.abc import Iterator

import pytest

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.take_up_again import rounds_to_take_up, take_up_again
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case
from models.session import reading
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.make import WEEK
from tests.protocols.kinds.test_consent import ASKED_ONCE, with_consent

SEES = ('opens_when: answer.share == "refused"', 'opens_when: answer.share == "withdrawn"')


@pytest.fixture
def asked(stage: Stage) -> Iterator[Case]:
    """A case of Mia's in which a consent is asked for once."""
    with small_in_force(with_consent(ASKED_ONCE, SEES)):
        case = stage.raised(track="small", facts={"urgent": "no"})
        stage.complete(case, "talk", by=stage.house.mia, worried="yes", danger="no")
        yield case


@pytest.fixture
def given(stage: Stage, asked: Case) -> Case:
    """The same a week after the consent was given."""
    stage.complete(asked, "share", by=stage.house.mia, share="given")
    stage.later(WEEK)
    return asked


def take_up(stage: Stage, case: Case, key: str = "share") -> None:
    stage.do(take_up_again, by=stage.house.mia, case_id=case.id, step_key=key)


def offered_again(stage: Stage, case: Case) -> list[tuple[str, int]]:
    """The rounds whose step can be taken up again now."""
    with reading(stage.engine) as session:
        row = session.get_one(Case, case.id)
        steps = steps_of(session, row)
        found = rounds_to_take_up(definition_of(row), state_of(session, row, stage.now), steps)
        return [(one.key, one.round) for one in steps if one.id in found]


def test_a_consent_is_withdrawn_in_a_round_of_its_own_and_the_rules_follow(stage: Stage, given: Case) -> None:
    take_up(stage, given)

    stage.complete(given, "share", by=stage.house.mia, share="withdrawn")

    assert stage.step(given, "share", 1).answers["share"] == "given"
    assert stage.step(given, "share", 2).answers["share"] == "withdrawn"
    assert "other_way" in stage.open_steps(given)


def test_the_round_has_a_date_and_the_chronology_says_who_opened_it(stage: Stage, given: Case) -> None:
    take_up(stage, given)

    [event] = [one for one in stage.events(given) if one.kind == "step_taken_up"]
    assert (event.by_id, event.at) == (stage.house.mia.id, stage.now)
    assert stage.deadlines(given)["share_asked", 2].base_at == stage.now
    assert stage.case(given).wake > given.wake


def test_taken_up_twice_it_is_open_once(stage: Stage, given: Case) -> None:
    take_up(stage, given)
    before = stage.kinds(given)

    take_up(stage, given)

    assert [one.round for one in stage.steps(given) if one.key == "share"] == [1, 2]
    assert stage.kinds(given) == before


def test_it_is_offered_on_the_latest_round_while_the_consent_stands(stage: Stage, asked: Case) -> None:
    offered = [offered_again(stage, asked)]
    stage.complete(asked, "share", by=stage.house.mia, share="given")
    offered.append(offered_again(stage, asked))
    take_up(stage, asked)
    offered.append(offered_again(stage, asked))
    stage.complete(asked, "share", by=stage.house.mia, share="withdrawn")
    offered.append(offered_again(stage, asked))

    assert offered == [[], [("share", 1)], [], []]


def test_nobody_withdraws_what_was_not_given(stage: Stage, asked: Case) -> None:
    answers = {"share": "withdrawn", "share_on": stage.now.date().isoformat()}

    error = stage.refused(
        InvalidInputError,
        complete_step,
        by=stage.house.mia,
        case_id=asked.id,
        step_key="share",
        answers=answers,
    )

    assert set(error.problems) == {"share"}


@pytest.mark.parametrize("key", ["talk", "visit", "alarm"])
def test_a_step_of_which_the_protocol_does_not_say_so_stays_settled(
    key: str, stage: Stage, given: Case
) -> None:
    if key == "visit":
        stage.complete(given, "visit", by=stage.house.mia)

    error = stage.refused(
        RefusedByRuleError, take_up_again, by=stage.house.mia, case_id=given.id, step_key=key
    )

    assert error.rule == f"{key}.taken_up_when"


def test_only_whoever_holds_the_duty_takes_a_step_up(stage: Stage, given: Case) -> None:
    of_it = {"case_id": given.id, "step_key": "share"}

    stage.refused(NotAllowedError, take_up_again, by=stage.house.lars, **of_it)
    stage.refused(NotFoundError, take_up_again, by=stage.house.kim, **of_it)


def test_an_unknown_step_or_person_is_not_taken_up(stage: Stage, given: Case) -> None:
    unknown = {"case_id": given.id, "step_key": "nonsense"}
    nobody = {"case_id": given.id, "step_key": "share", "person": "0" * 32}

    stage.refused(NotFoundError, take_up_again, by=stage.house.mia, **unknown)
    stage.refused(RefusedByRuleError, take_up_again, by=stage.house.mia, **nobody)
