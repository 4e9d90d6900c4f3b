"""What happens by itself when a deadline passes whose passing is no breach."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import select

from handlepligt.cases.link_person import link_person
from handlepligt.cases.record import followup_due_at
from handlepligt.cases.set_followup import set_followup
from handlepligt.cases.skip_step import skip_step
from handlepligt.domain.vocabulary import EventKind
from handlepligt.followups.sweep import sweep
from models import Case, DueRow
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.make import DAY, HOUR, MONDAY

CHASED = (
    "  finish:\n",
    """\
  chase:
    title: Ryk for besøget
    what: Ring igen.
    opens_when: expired("visit.visited")
    modality: may
    deadlines:
      chasing: {base: opened("chase"), within: 2 days, basis: local, decided: false}

  finish:
""",
)


def passed(stage: Stage, length: timedelta) -> None:
    """The clock moves, and the sweep wakes."""
    stage.later(length)
    sweep(stage.engine, stage.now)


def test_a_round_falls_away_with_its_deadline_and_says_which(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 48 * HOUR)

    step = stage.step(clockwork_case, "offer")
    deadline = stage.deadlines(clockwork_case)["stands", 1]
    assert (step.status, step.reason) == ("not_applicable", "Fristen »Tilbuddet« er udløbet.")
    assert (deadline.status, deadline.breached_at) == ("lapsed", None)
    assert deadline.expired_at == deadline.due_at == MONDAY + 48 * HOUR


def test_before_it_passes_nothing_falls_away(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 48 * HOUR - timedelta(seconds=1))

    assert stage.step(clockwork_case, "offer").status == "open"


def test_an_expired_deadline_leads_on_and_its_step_stays_open(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 5 * DAY)

    hear, chase = stage.step(clockwork_case, "hear"), stage.step(clockwork_case, "chase")
    assert (hear.status, chase.status) == ("open", "open")
    assert chase.opened_at == stage.now
    assert stage.deadlines(clockwork_case)["chasing", 1].due_at == stage.now + 2 * HOUR


def test_a_case_whose_open_step_has_no_date_left_still_has_its_next_follow_up(stage: Stage) -> None:
    expiring = ("reference: act, ladder: local", "reference: act, ladder: local, at_expiry: path")
    with small_in_force(expiring, CHASED):
        case = stage.raised(track="small", facts={"urgent": "no"})
        stage.complete(case, "talk", by=stage.house.mia, worried="yes", danger="no")

        passed(stage, 70 * DAY)
        stage.do(skip_step, by=stage.house.mia, case_id=case.id, step_key="chase", reason="Vi venter.")

        now = stage.case(case)
        running = [key for (key, _), one in stage.deadlines(case).items() if one.settled_at is None]
        rows = stage.rows(select(DueRow).where(DueRow.case_id == case.id, DueRow.kind == "followup"))
        later = stage.now.date() + 7 * DAY
        stage.do(set_followup, by=stage.house.mia, case_id=case.id, on=later)
        moved = stage.rows(select(DueRow).where(DueRow.case_id == case.id, DueRow.kind == "followup"))

        assert stage.open_steps(case) == ["visit"]
        assert running == []
        assert now.next_due_at == followup_due_at(now)
        assert now.next_followup_on is not None
        assert rows == []
        assert stage.case(case).next_due_at == followup_due_at(stage.case(case))
        assert {row.message for row in moved} == {"followup_due", "followup_overdue"}


def test_it_happens_once_however_often_the_sweep_runs(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 5 * DAY)
    before = stage.events(clockwork_case)

    assert sweep(stage.engine, stage.now).done == 0

    assert len(stage.events(clockwork_case)) == len(before)
    kinds = stage.kinds(clockwork_case)
    assert kinds.count(EventKind.DEADLINE_EXPIRED) == 2
    assert [one.key for one in stage.steps(clockwork_case)].count("chase") == 1


def test_the_chronology_says_when_it_truly_passed(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 30 * DAY)

    expired = [one.at for one in stage.events(clockwork_case) if one.kind == EventKind.DEADLINE_EXPIRED]
    dues = [stage.deadlines(clockwork_case)[key, 1].due_at for key in ("stands", "answered")]
    assert sorted(expired) == sorted(dues)


def test_time_that_passes_is_no_activity(stage: Stage, clockwork_case: Case) -> None:
    passed(stage, 48 * HOUR)

    assert stage.case(clockwork_case).touched_at == MONDAY


def test_whoever_acts_before_the_sweep_does_not_undo_it(stage: Stage, clockwork_case: Case) -> None:
    stage.later(5 * DAY)

    stage.complete(clockwork_case, "hear", by=stage.house.mia)

    # It was answered too late: the answer stands, and so does the path that had begun.
    assert stage.step(clockwork_case, "hear").status == "done"
    assert stage.step(clockwork_case, "chase").status == "open"
    assert stage.deadlines(clockwork_case)["answered", 1].status == "lapsed"
    assert stage.step(clockwork_case, "offer").status == "not_applicable"


def test_what_is_answered_in_time_expires_never(stage: Stage, clockwork_case: Case) -> None:
    stage.complete(clockwork_case, "hear", by=stage.house.mia)

    passed(stage, 30 * DAY)

    assert stage.deadlines(clockwork_case)["answered", 1].status == "met"
    assert "chase" not in [one.key for one in stage.steps(clockwork_case)]


def test_several_processes_let_it_happen_once(stage: Stage, clockwork_case: Case) -> None:
    stage.later(5 * DAY)

    with ThreadPoolExecutor(3) as processes:
        results = list(processes.map(lambda _: sweep(stage.engine, stage.now), range(3)))

    assert sum(result.failed for result in results) == 0
    assert stage.kinds(clockwork_case).count(EventKind.DEADLINE_EXPIRED) == 2
    assert [one.key for one in stage.steps(clockwork_case)].count("chase") == 1
    assert [one.round for one in stage.steps(clockwork_case) if one.key == "offer"] == [1, 2]


def test_each_linked_person_has_a_deadline_and_only_their_round_falls_away(
    stage: Stage, clockwork_case: Case
) -> None:
    ada, bo = (
        linked(stage, clockwork_case, name, after) for name, after in (("Ada", 0 * HOUR), ("Bo", 3 * HOUR))
    )

    passed(stage, 22 * HOUR)

    assert stage.step(clockwork_case, "look", person=ada).reason == "Fristen »Besøget« er udløbet."
    assert stage.step(clockwork_case, "look", person=bo).status == "open"
    [event] = [one for one in stage.events(clockwork_case) if one.kind == EventKind.DEADLINE_EXPIRED]
    assert ada in event.about


def linked(stage: Stage, case: Case, name: str, after: timedelta) -> str:
    """The id of a sibling who is linked so long after now."""
    stage.later(after)
    person = stage.do(link_person, by=stage.house.mia, case_id=case.id, relation="sibling", name=name)
    found: str = person.id
    return found
