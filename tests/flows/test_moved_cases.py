"""A case that is moved to another version, and back, goes on in its one run in a real Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlmodel import select

from handlepligt.clock import now
from handlepligt.domain.version_words import VersionStatus
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.protocol_versions.versions import withdraw
from models import Case, ProtocolVersion, Staff
from models.session import reading, writing
from tests.flows.installation import Installation
from tests.make import make_staff
from tests.protocol_versions.publishing import CHANGES, WORRIED, Office

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(400)]


class RealOffice(Office):
    """The office of an installation whose worker is another process: each act happens at its own instant."""

    @property
    def now(self) -> datetime:
        return now()

    @now.setter
    def now(self, _: datetime) -> None:
        """The clock on the wall cannot be moved."""


@pytest.fixture(scope="module")
def published(installation: Installation) -> Iterator[RealOffice]:
    """The first version of the small protocol, published while a worker runs that has never seen it."""
    installation.working()
    with writing(installation.engine) as session:
        if session.exec(select(Staff).where(Staff.username == "edel")).first() is None:
            make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR)
    office = RealOffice(installation.engine, installation.house, edel=False)
    office.published()
    yield office
    with reading(installation.engine) as session:
        followed = session.exec(
            select(ProtocolVersion.id).where(
                ProtocolVersion.key == "small", ProtocolVersion.status == VersionStatus.PUBLISHED
            )
        ).all()
    for version_id in followed:
        office.do(withdraw, by=office.edel, version_id=version_id)


@pytest.fixture
def office(published: RealOffice, installation: Installation) -> RealOffice:
    installation.working()
    return published


def mirrored(installation: Installation, case: Case) -> list[str]:
    """Waits until the run shows the case as it is; the names of the completed task runs."""
    installation.wait_until_mirrored(case.id, seconds=90)
    installation.wait_for_tasks(case.id)
    return installation.completed_tasks(case.id)


def version_shown(installation: Installation, case: Case) -> set[str]:
    return set(installation.run_of(case.id).tags) - {"acute"}


def test_a_move_and_its_undoing_go_on_in_the_one_run(installation: Installation, office: RealOffice) -> None:
    case = office.raised(track="small")
    assert mirrored(installation, case) == ["talk:1"]
    run_id = installation.run_id(case.id)
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    assert mirrored(installation, case) == ["talk:1", "visit:1"]
    assert version_shown(installation, case) == {"small", "version:2026-1"}
    before = {task.name: task.id for task in installation.tasks_of(case.id)}

    # Published while the worker runs: it has to find the version by itself.
    office.published(*CHANGES)
    migration = office.moved(case)

    assert mirrored(installation, case) == ["call:1", "talk:1", "visit:1"]
    after = {task.name: task.id for task in installation.tasks_of(case.id)}
    assert before.items() < after.items()
    assert version_shown(installation, case) == {"small", "version:2026-2"}
    assert installation.is_parked(case.id)
    assert "version `2026-2`" in str(installation.latest_artifact(case.id))

    office.undone(migration)

    assert mirrored(installation, case) == ["talk:1", "visit:1"]
    assert version_shown(installation, case) == {"small", "version:2026-1"}
    assert installation.is_parked(case.id)
    assert "| call |" not in str(installation.latest_artifact(case.id))

    # Moved once more, it opens the call anew, with a task run of its own.
    office.moved(case)

    assert mirrored(installation, case) == ["call:1", "talk:1", "visit:1"]
    office.complete(case, "call", by=office.house.mia)
    office.close(case, by=office.house.mia, leader=office.house.lars, end="over", answers={})
    assert mirrored(installation, case) == installation.rounds(case.id)
    run = installation.run_of(case.id)
    assert run.id == run_id
    assert run.idempotency_key == f"case:{case.id}"
    assert run.state is not None
    assert run.state.is_completed()
    taken_back = [task for task in installation.tasks_of(case.id) if not task.state.is_completed()]
    assert [(task.name, task.state.type.value) for task in taken_back] == [("call:1", "CANCELLED")]


def test_moves_while_no_worker_runs_leave_one_task_run_for_each_round(
    installation: Installation, office: RealOffice
) -> None:
    """The case goes there and back and there again before Prefect hears of any of it."""
    office.published(("2026-1", "2026-4"))
    case = office.raised(track="small")
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    assert mirrored(installation, case) == ["talk:1", "visit:1"]
    installation.rest()

    office.published(("2026-1", "2026-5"), *CHANGES[1:])
    office.undone(office.moved(case, "2026-5"))
    office.moved(case, "2026-5")
    installation.working()

    assert mirrored(installation, case) == ["call:1", "talk:1", "visit:1"]
    assert len(installation.tasks_of(case.id)) == 3
    assert version_shown(installation, case) == {"small", "version:2026-5"}
    assert installation.is_parked(case.id)
