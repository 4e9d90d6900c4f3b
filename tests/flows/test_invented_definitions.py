"""The two invented definitions, published by two people, run through real Prefect to their ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlmodel import col, select

from handlepligt.cases.link_person import link_person
from handlepligt.clock import now
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.prefect_server import prefect_home
from handlepligt.protocol_versions.drafting import draft_of_file
from handlepligt.protocol_versions.versions import publish, submit_draft, withdraw
from models import Case, CaseStep, Staff, SubCase
from models.session import writing
from protocols.loader import shipped
from tests.cases.acting import Stage
from tests.cases.any_life import Life
from tests.flows.installation import Installation
from tests.flows.searching import find, find_in_database, find_in_files
from tests.make import make_staff

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(400)]

INVENTED = Path(__file__).parents[1] / "protocols" / "invented"
NAMES = ("Zubeydåh Prøvefugl", "Barnefuglen Ella")


class RealTime(Stage):
    """The stage of an installation whose worker is another process: its clock cannot be moved."""

    def later(self, length: timedelta) -> datetime:
        self.now = now()
        return self.now


@pytest.fixture(scope="module")
def published(installation: Installation) -> Iterator[None]:
    """Both versions, in the database alone: drafted by Erik, published by Vera; withdrawn afterwards."""
    with writing(installation.engine) as session:
        vera = make_staff(session, name="Vera Lind", role=StaffRole.PROTOCOL_EDITOR)
    versions: list[str] = []
    for name in ("lillby_concern", "proeveby_violence"):
        draft = draft_of_file(INVENTED / f"{name}.yaml", folder=INVENTED)
        with writing(installation.engine) as session:
            erik = session.get_one(Staff, installation.house.erik.id)
            versions.append(submit_draft(session, draft=draft, by=erik, now=now()).id)
        with writing(installation.engine) as session:
            publish(session, version_id=versions[-1], by=session.get_one(Staff, vera.id), now=now())
    yield
    for version_id in versions:
        with writing(installation.engine) as session:
            withdraw(session, version_id=version_id, by=session.get_one(Staff, vera.id), now=now())


@pytest.fixture
def stage(installation: Installation, published: None) -> Stage:
    stage = RealTime(installation.engine, installation.house)
    stage.now = now()
    return stage


def raised(stage: Stage, track: str, chance: Random, **facts: Any) -> Case:
    """A concern of Mia's on a track that this process, too, has never seen but in the database."""
    names = {"citizen_name": NAMES[0], "birth_date": None}
    return stage.raised(track=track, facts=facts, **names)


def assert_mirrored(installation: Installation, case: Case) -> None:
    """One run, now completed; in it one task run for each round of each step and person, and only ids."""
    installation.wait_until_mirrored(case.id, seconds=120)
    installation.wait_for_tasks(case.id)
    run = installation.run_of(case.id)

    assert run.state is not None
    assert run.state.is_completed()
    assert (run.name, run.idempotency_key) == (case.id, f"case:{case.id}")
    assert run.parameters == {"case_id": case.id}
    assert set(run.tags) - {"acute"} == {case.track, f"version:{case.protocol_version}"}
    assert len(installation.tasks_of(case.id)) == len(installation.rounds(case.id))


def assert_prefect_knows_nobody(installation: Installation) -> None:
    home = prefect_home(installation.settings)
    words = [*NAMES, "Opdigtet"]
    assert find_in_database(words, home / "prefect.db") == {}
    assert find_in_files(words, home) == {}
    assert find(words, (installation.folder / "worker.log").read_bytes()) == set()


def test_a_case_with_children_and_the_case_it_raises_are_each_one_run(
    installation: Installation, stage: Stage
) -> None:
    installation.working()
    chance = Random("real")
    case = raised(stage, "proeveby_violence", chance, weapon="no", living="home")
    for witness in ("yes", "yes", "no"):
        stage.later(timedelta())
        stage.do(
            link_person,
            by=stage.house.mia,
            case_id=case.id,
            relation="child",
            name=NAMES[1],
            facts={"witness": witness},
        )

    installation.wait_until_mirrored(case.id)
    parked = installation.is_parked(case.id)
    closed = Life(stage, case, chance, {"still_worried": "yes"}).to_the_end()

    sub_cases = stage.rows(
        select(Case).join(SubCase, col(SubCase.case_id) == Case.id).where(SubCase.parent_case_id == case.id)
    )
    talks = select(CaseStep.person).where(CaseStep.case_id == case.id, CaseStep.key == "talk_to_child")
    assert "proeveby_violence" not in {one.key for one in shipped().all()}
    assert parked
    assert closed.end_key
    assert len(set(stage.rows(talks))) == 2
    assert [one.track for one in sub_cases] == ["lillby_concern"] * 2
    for one in (closed, *sub_cases):
        assert stage.case(one).closed_at is not None
        assert_mirrored(installation, one)
    assert_prefect_knows_nobody(installation)


def test_a_foreign_case_is_led_to_its_end_in_its_one_run(installation: Installation, stage: Stage) -> None:
    installation.working()
    chance = Random("verklig")
    case = raised(stage, "lillby_concern", chance, school_worried="yes")
    stage.do(
        link_person,
        by=stage.house.mia,
        case_id=case.id,
        relation="sibling",
        name=NAMES[1],
        facts={"at_home": "yes"},
    )
    installation.wait_until_mirrored(case.id)

    closed = Life(stage, case, chance, {"go_on": "yes", "decision": "measure"}).to_the_end()

    assert closed.end_key == "helped"
    assert any(name.count(":") == 2 for name in installation.rounds(case.id))
    assert_mirrored(installation, closed)
    assert_prefect_knows_nobody(installation)
