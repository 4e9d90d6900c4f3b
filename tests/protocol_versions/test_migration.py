"""A running case goes on under another version: proposed by one, approved by another, undone exactly."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from handlepligt.protocol_versions.approve_migration import PreviewChangedError, approve_migration
from handlepligt.protocol_versions.proposals import (
    MigrationDecidedError,
    look_at_move,
    propose_migration,
    withdraw_migration,
)
from handlepligt.protocol_versions.undo_migration import undo_migration
from models import AccessLogEntry, Case, CaseMigration, Deadline, Staff
from models.session import reading
from tests.cases.any_case import check_case, check_duty
from tests.make import DAY, HOUR
from tests.protocol_versions.publishing import CHANGES, WORRIED, Office

REASON = "Besøg er nu opkald."


@pytest.fixture
def visiting(office: Office) -> Case:
    """Mia's case under the first version: they have talked together, and the visit is open."""
    case = office.in_small()
    office.later(HOUR)
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    return case


def check(office: Office, case: Case) -> None:
    """The promises that do not depend on which definition the tests of the verbs know."""
    with reading(office.engine) as session:
        check_duty(session, session.get_one(Case, case.id))


def test_what_was_previewed_is_what_happens(office: Office, visiting: Case) -> None:
    told = office.preview(visiting)

    office.moved(visiting)

    assert [one.key for one in told.opens] == ["call"] == office.open_steps(visiting)
    assert [one.key for one in told.falls_away] == ["visit"]
    fallen = office.step(visiting, "visit")
    assert (fallen.status, fallen.reason) == ("not_applicable", told.falls_away[0].reason)
    running = {
        (row.step_key, row.step_round, "", row.key): row.due_at
        for row in office.rows(select(Deadline).where(Deadline.case_id == visiting.id))
        if row.settled_at is None
    }
    assert running == {one.identity: one.after for one in told.deadlines if not one.vanishes}
    check(office, visiting)


def test_only_version_and_what_follows_moves(office: Office, visiting: Case) -> None:
    before, holdings = office.case(visiting), office.holdings(visiting)

    office.moved(visiting)

    after = office.case(visiting)
    assert after.protocol_version == "2026-2"
    assert office.holdings(visiting) == holdings
    assert (after.keeper_id, after.next_followup_on) == (before.keeper_id, before.next_followup_on)
    assert (after.facts, after.summary, after.openings) == (before.facts, before.summary, before.openings)
    assert after.wake > before.wake


def test_an_open_step_in_both_versions_stays_open_with_its_deadline_moved(office: Office) -> None:
    case = office.in_small()
    before = office.deadlines(case)["talked", 1]
    round_ = office.step(case, "talk").id

    office.moved(case)

    after = office.deadlines(case)["talked", 1]
    assert office.step(case, "talk").id == round_
    assert office.open_steps(case) == ["talk"]
    assert after.due_at - before.due_at == 2 * DAY
    assert "3 hverdage" in after.explanation
    assert office.case(case).next_due_at == min(after.due_at, office.case(case).next_due_at)
    assert office.step(case, "talk").due_at == after.due_at
    assert [row[0] for row in office.waking(case) if row[1] == "breach"] == [after.due_at]


def test_the_move_stands_in_the_chronology_and_both_hear_of_it(office: Office, visiting: Case) -> None:
    office.moved(visiting)

    [event] = [one for one in office.events(visiting) if one.kind == "version_changed"]
    assert (event.by_id, event.detail) == (office.house.lars.id, REASON)
    assert '"version": "2026-2"' in event.about
    assert office.told("migration_proposed") == {office.house.lars.id}
    assert office.told("version_changed") == {office.house.mia.id}


def test_history_keeps_its_version(office: Office, visiting: Case) -> None:
    office.moved(visiting)

    assert office.step(visiting, "talk").version == "2026-1"
    assert office.step(visiting, "visit").version == "2026-1"
    assert office.step(visiting, "call").version == ""


def test_work_goes_on_under_the_new_version(office: Office, visiting: Case) -> None:
    office.moved(visiting)

    office.complete(visiting, "call", by=office.house.mia)

    assert office.open_steps(visiting) == ["finish"]
    closed = office.close(visiting, by=office.house.mia, leader=office.house.lars, end="over", answers={})
    assert closed.status == "closed"


def test_whoever_proposed_it_does_not_approve_it(office: Office, visiting: Case) -> None:
    migration = office.proposed(visiting, by=office.house.lars)

    error = office.refused(
        RefusedByRuleError, approve_migration, by=office.house.lars, migration_id=migration.id
    )
    assert error.rule == "four_eyes"

    # The leader's deputy is another person.
    office.do(approve_migration, by=office.house.karin, migration_id=migration.id)
    assert office.case(visiting).protocol_version == "2026-2"


def test_the_database_refuses_that_one_person_does_both(office: Office, visiting: Case) -> None:
    migration = office.proposed(visiting)

    def by_hand(session: Session, *, by: Staff, now: object) -> None:
        row = session.get_one(CaseMigration, migration.id)
        row.status, row.decided_by_id, row.decided_at = "done", by.id, office.now

    with pytest.raises(IntegrityError):
        office.do(by_hand, by=office.erik)


PEOPLE = ["mia", "otto", "frida", "lars", "sofie", "karin", "kim", "hanne", "selma", "erik", "tine", "ada"]
MAY_PROPOSE, MAY_DECIDE = {"lars", "karin", "erik"}, {"lars", "karin"}


def test_the_editor_and_the_leader_propose_and_the_leader_decides(office: Office, visiting: Case) -> None:
    waiting = office.proposed(visiting, by=office.edel)
    other = office.raised(track="small", by=office.house.mia)
    sees = {"mia", "hanne"}

    for name in PEOPLE:
        by = getattr(office.house, name)
        kind = NotAllowedError if name in sees else NotFoundError
        if name not in MAY_PROPOSE:
            given = {"case_id": other.id, "to_version": "2026-1", "reason": "Nej."}
            office.refused(kind, propose_migration, by=by, **given)
            office.refused(kind, withdraw_migration, by=by, migration_id=waiting.id)
            office.refused(kind, look_at_move, by=by, case_id=visiting.id, to_version="2026-2", face="t")
        if name not in MAY_DECIDE:
            office.refused(kind, approve_migration, by=by, migration_id=waiting.id)
            office.refused(kind, undo_migration, by=by, migration_id=waiting.id)


@pytest.mark.parametrize("verb", [approve_migration, undo_migration, withdraw_migration])
def test_what_is_not_there_looks_like_what_is_somebody_elses(office: Office, verb: object) -> None:
    office.refused(NotFoundError, verb, by=office.house.lars, migration_id="f" * 32)  # type: ignore[arg-type]


def test_a_look_at_a_case_is_on_record(office: Office, visiting: Case) -> None:
    office.do(look_at_move, by=office.erik, case_id=visiting.id, to_version="2026-2", face="web")

    [entry] = office.rows(select(AccessLogEntry).where(AccessLogEntry.staff_id == office.erik.id))
    assert (entry.case_id, entry.was_allowed) == (visiting.id, True)


@pytest.mark.parametrize("version", ["2026-1", "2026-9", "", "\x00"])
def test_a_case_goes_only_to_another_published_version(office: Office, visiting: Case, version: str) -> None:
    error = office.refused(
        InvalidInputError,
        propose_migration,
        by=office.erik,
        case_id=visiting.id,
        to_version=version,
        reason="",
    )

    assert error.problems.keys() == {"to_version", "reason"}


def test_one_proposal_waits_at_a_time(office: Office, visiting: Case) -> None:
    first = office.proposed(visiting)
    given = {"case_id": visiting.id, "to_version": "2026-2", "reason": REASON}
    office.refused(MigrationDecidedError, propose_migration, by=office.erik, **given)

    office.do(withdraw_migration, by=office.house.lars, migration_id=first.id)

    office.refused(MigrationDecidedError, approve_migration, by=office.house.lars, migration_id=first.id)
    assert office.migration(first).status == MigrationStatus.WITHDRAWN
    assert office.case(visiting).protocol_version == "2026-1"
    office.moved(visiting)


def test_approving_is_of_what_was_looked_at(office: Office) -> None:
    case = office.in_small()
    migration, seen = office.proposed(case), office.preview(case).fingerprint
    office.later(HOUR)
    office.complete(case, "talk", by=office.house.mia, **WORRIED)

    office.refused(
        PreviewChangedError, approve_migration, by=office.house.lars, migration_id=migration.id, seen=seen
    )

    now_seen = office.preview(case).fingerprint
    office.do(approve_migration, by=office.house.lars, migration_id=migration.id, seen=now_seen)


def test_a_case_that_waits_to_be_closed_does_not_move(office: Office) -> None:
    case = office.in_small()
    office.complete(case, "talk", by=office.house.mia, worried="no", danger="no")
    migration = office.proposed(case)
    request = {"end_key": "over", "reason": "Slut.", "has_siblings": "no"}
    office.do(ask_to_close, by=office.house.mia, case_id=case.id, **request)

    error = office.refused(
        RefusedByRuleError, approve_migration, by=office.house.lars, migration_id=migration.id
    )
    assert error.rule == "closing_waits"


def test_a_closed_case_stays_as_it_ended(office: Office) -> None:
    case = office.in_small()
    office.complete(case, "talk", by=office.house.mia, worried="no", danger="no")
    migration = office.proposed(case)
    office.close(case, by=office.house.mia, leader=office.house.lars, end="over", answers={})

    office.refused(CaseClosedError, approve_migration, by=office.house.lars, migration_id=migration.id)
    given = {"case_id": case.id, "to_version": "2026-2", "reason": REASON}
    office.refused(CaseClosedError, propose_migration, by=office.erik, **given)
    office.do(withdraw_migration, by=office.erik, migration_id=migration.id)


def test_a_deadline_that_has_passed_is_not_given_back(office: Office) -> None:
    case = office.in_small()
    passed = office.deadlines(case)["talked", 1]
    office.later(5 * DAY)

    office.moved(case)

    assert office.deadlines(case)["talked", 1].due_at == passed.due_at


def test_reminders_know_only_roles_of_the_version(office: Office) -> None:
    office.published()
    case = office.raised(track="small")
    renamed = [("  boss: {title: Chefen", "  chief: {title: Chefen"), ("roles: [boss]", "roles: [chief]")]
    renamed += [("by: [keeper, boss]", "by: [keeper, chief]"), ("to: [boss]", "to: [chief]")]
    from tests.protocol_versions import publishing

    shared = {**publishing.SHARED, "ladders.yaml": publishing.LADDERS.replace("boss", "chief").encode()}
    draft = publishing.read_draft(publishing.text(CHANGES[0], *renamed), shared=shared)
    row = office.do(publishing.submit_draft, by=office.erik, draft=draft)
    office.do(publishing.publish, by=office.edel, version_id=row.id)

    office.moved(case)

    assert not [row for row in office.waking(case) if "boss" in row[3]]
    assert [row for row in office.waking(case) if "chief" in row[3]]


def test_any_case_of_a_shipped_protocol_keeps_its_promises(office: Office) -> None:
    """The shipped definition as a house would change it: another length, another number, the same steps."""
    from handlepligt.protocol_versions.drafting import read_draft
    from handlepligt.protocol_versions.versions import publish, submit_draft
    from protocols.loader import DEFINITIONS
    from protocols.published import texts_beside

    texts = texts_beside(DEFINITIONS / "adviser_under_18.yaml")
    written = texts.pop("adviser_under_18.yaml").decode()
    changed = written.replace('version: "2026-', 'version: "2027-', 1).replace(
        "2 working days", "4 working days"
    )
    case = office.raised()
    office.later(HOUR)
    office.complete(case, "discuss", by=office.house.mia, sparring_needed="yes")
    draft = office.do(submit_draft, by=office.erik, draft=read_draft(changed.encode(), shared=texts))
    office.do(publish, by=office.edel, version_id=draft.id)

    migration = office.moved(case, draft.version)
    for _ in range(2):
        with reading(office.engine) as session:
            check_case(session, session.get_one(Case, case.id), office.now)
        if office.migration(migration).status == MigrationStatus.DONE:
            office.undone(migration)
    office.later(timedelta(minutes=5))
