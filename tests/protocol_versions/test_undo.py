"""A move is undone exactly, as long as nothing new has been done under the later version."""

from sqlmodel import select

from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.skip_step import skip_step
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.errors import RefusedByRuleError
from handlepligt.protocol_versions.proposals import MigrationDecidedError
from handlepligt.protocol_versions.undo_migration import may_be_undone, undo_migration
from models import Case, CaseMigration, CaseStep, Deadline, DueRow
from models.session import reading
from tests.make import DAY, HOUR
from tests.protocol_versions.publishing import CHANGES, WORRIED, Office
from tests.protocol_versions.test_migration import visiting as visiting


def everything(office: Office, case: Case) -> dict[str, list[object]]:
    """What is due, open and settled in a case, to the last column."""
    return {
        table.__tablename__: sorted(  # type: ignore[attr-defined]
            repr(sorted(row.model_dump().items()))
            for row in office.rows(select(table).where(table.case_id == case.id))
        )
        for table in (CaseStep, Deadline, DueRow)
    }


def test_an_undone_move_leaves_nothing_behind_but_its_record(office: Office, visiting: Case) -> None:
    before = everything(office, visiting)
    migration = office.moved(visiting)
    assert everything(office, visiting) != before
    office.later(HOUR)

    office.undone(migration)

    assert everything(office, visiting) == before
    assert office.case(visiting).protocol_version == "2026-1"
    assert office.migration(migration).status == MigrationStatus.UNDONE
    assert office.kinds(visiting)[-1] == "version_change_undone"


def test_a_moved_deadline_is_moved_back(office: Office) -> None:
    case = office.in_small()
    before = everything(office, case)
    migration = office.moved(case)

    office.undone(migration)

    assert everything(office, case) == before


def test_the_case_goes_on_as_if_it_had_never_moved(office: Office, visiting: Case) -> None:
    office.undone(office.moved(visiting))

    office.complete(visiting, "visit", by=office.house.mia)

    assert office.open_steps(visiting) == ["finish"]


def test_it_can_be_moved_again_after_it_was_undone(office: Office, visiting: Case) -> None:
    office.undone(office.moved(visiting))

    office.moved(visiting)

    assert office.open_steps(visiting) == ["call"]


def test_a_new_step_that_is_done_cannot_be_undone(office: Office, visiting: Case) -> None:
    migration = office.moved(visiting)
    office.complete(visiting, "call", by=office.house.mia)

    error = office.refused(
        RefusedByRuleError, undo_migration, by=office.house.lars, migration_id=migration.id
    )

    assert error.rule == "new_step_done"
    with reading(office.engine) as session:
        case = session.get_one(Case, visiting.id)
        assert not may_be_undone(session, case, session.get_one(CaseMigration, migration.id))


def test_a_new_step_that_somebody_took_a_stand_on_counts_as_done(office: Office, visiting: Case) -> None:
    migration = office.moved(visiting)
    office.do(skip_step, by=office.house.mia, case_id=visiting.id, step_key="call", reason="Ikke nu.")

    office.refused(RefusedByRuleError, undo_migration, by=office.house.lars, migration_id=migration.id)


def test_a_step_of_both_versions_that_was_done_since_stays_done(office: Office) -> None:
    case = office.in_small()
    migration = office.moved(case)
    office.later(HOUR)
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    assert office.open_steps(case) == ["call"]

    office.undone(migration)

    talk = office.step(case, "talk")
    assert (talk.status, talk.version) == ("done", "2026-2")
    assert office.open_steps(case) == ["visit"]
    assert [one.key for one in office.steps(case)] == ["talk", "visit"]


def test_the_later_of_two_moves_is_undone_first(office: Office, visiting: Case) -> None:
    first = office.moved(visiting)
    office.published(("2026-1", "2026-3"), *CHANGES[1:])
    office.later(DAY)
    second = office.moved(visiting, "2026-3")

    office.refused(MigrationDecidedError, undo_migration, by=office.house.lars, migration_id=first.id)
    office.undone(second)
    office.undone(first)

    assert office.case(visiting).protocol_version == "2026-1"
    assert office.open_steps(visiting) == ["visit"]


def test_what_was_undone_is_not_undone_twice(office: Office, visiting: Case) -> None:
    migration = office.moved(visiting)
    office.undone(migration)

    office.refused(MigrationDecidedError, undo_migration, by=office.house.lars, migration_id=migration.id)


def test_a_closed_case_is_not_moved_back(office: Office) -> None:
    case = office.in_small()
    migration = office.moved(case)
    office.complete(case, "talk", by=office.house.mia, worried="no", danger="no")
    office.close(case, by=office.house.mia, leader=office.house.lars, end="over", answers={})

    office.refused(CaseClosedError, undo_migration, by=office.house.lars, migration_id=migration.id)
