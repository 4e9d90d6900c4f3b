"""What the reconciler decides, case by case, against a Prefect that says what the test wants."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Crashed, Failed, Paused, Pending, Running, Scheduled, State
from sqlalchemy import Engine
from sqlmodel import select

from flows import reconciler as module
from flows.mirrored_cases import read_case
from flows.reconciler import Reconciler
from models import Case, CaseStep
from models.session import reading, writing
from tests.house import House, make_house
from tests.make import MINUTE, MONDAY, make_case, make_step

DEPLOYMENT = uuid4()


class Prefect:
    """Keeps runs and what was asked of it, as far as the reconciler asks."""

    def __init__(self) -> None:
        self.runs: dict[UUID, FlowRun] = {}
        self.done: list[tuple[str, str]] = []
        self.breaks_for: set[str] = set()
        self.is_away = False

    def add(self, name: str, state: State[Any], **details: Any) -> FlowRun:
        details = {"deployment_id": DEPLOYMENT, "tags": ["adviser_under_18", "version:2026-1"]} | details
        run = FlowRun(id=uuid4(), name=name, flow_id=uuid4(), state=state, **details)
        self.runs[run.id] = run
        return run

    async def api_healthcheck(self) -> Exception | None:
        return ConnectionError() if self.is_away else None

    async def read_workers_for_work_pool(self, pool: str, worker_filter: object) -> list[Any]:
        return []

    async def read_flow_runs(self, *, flow_run_filter: Any, limit: int) -> list[FlowRun]:
        return [self.runs[run_id] for run_id in flow_run_filter.id.any_ if run_id in self.runs]

    async def read_flow_run(self, run_id: UUID) -> FlowRun:
        if run_id not in self.runs:
            raise ObjectNotFound(http_exc=Exception())
        return self.runs[run_id]

    async def read_task_runs(self, **filters: object) -> list[Any]:
        return []

    async def create_flow_run_from_deployment(
        self, deployment_id: UUID, *, name: str, parameters: object, idempotency_key: str, tags: list[str]
    ) -> FlowRun:
        self._ask("create", name)
        return self.add(name, Scheduled(), tags=tags)

    async def resume_flow_run(self, run_id: UUID) -> Any:
        self._ask("resume", self.runs[run_id].name)
        return SimpleNamespace(status="ACCEPT")

    async def set_flow_run_state(self, run_id: UUID, state: State[Any], *, force: bool) -> None:
        assert force
        assert state.is_scheduled()
        self._ask("schedule", self.runs[run_id].name)

    async def update_flow_run(self, run_id: UUID, *, tags: list[str]) -> None:
        self._ask("tag", self.runs[run_id].name)

    async def delete_flow_run(self, run_id: UUID) -> None:
        self._ask("delete", self.runs.pop(run_id).name)

    def _ask(self, what: str, name: str) -> None:
        if self.is_away or name in self.breaks_for:
            raise ConnectionError(name)
        self.done.append((what, name))


class Scene:
    """A reconciler with a watch that the test turns."""

    def __init__(self, engine: Engine, house: House) -> None:
        self.engine, self.house, self.at = engine, house, 1000.0
        self.prefect = Prefect()
        self.here: Any = SimpleNamespace(name="here", executing=set())
        self.reconciler = Reconciler(engine, here=self.here, watch=lambda: self.at)

    def case(self, *, run: State[Any] | None = None, minute: int = 0, **columns: Any) -> Case:
        with writing(self.engine) as session:
            touched_at = MONDAY + minute * MINUTE
            case = make_case(session, holder=self.house.mia, touched_at=touched_at, **columns)
            if run is not None:
                case.flow_run_id = str(self.prefect.add(case.id, run).id)
            return case

    def turn(self, *, after: float = 0.0) -> list[tuple[str, str]]:
        """What one turn asks of Prefect."""
        self.at += after
        self.prefect.done = []
        asyncio.run(self.reconciler.reconcile_once(self.prefect))  # type: ignore[arg-type]
        return self.prefect.done


@pytest.fixture
def scene(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Scene:
    async def made(api: object, *, pool: str) -> UUID:
        return DEPLOYMENT

    monkeypatch.setattr(module, "ensure_deployment", made)
    with writing(sqlite_engine) as session:
        house = make_house(session)
    return Scene(sqlite_engine, house)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (Paused(), ["resume"]),
        (Scheduled(), []),
        (Pending(), []),
        (Running(), []),
        (Crashed(), ["schedule"]),
        (Failed(), ["schedule"]),
        (Cancelled(), ["schedule"]),
        (Completed(), ["schedule"]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_each_state_of_a_woken_cases_run_is_answered(
    scene: Scene, state: State[Any], asked: list[str]
) -> None:
    case = scene.case(run=state)

    assert scene.turn() == [(what, case.id) for what in asked]


def test_a_case_without_a_run_gets_one_and_is_bound_to_it(scene: Scene) -> None:
    case = scene.case()

    assert scene.turn() == [("create", case.id)]

    bound = read_case(scene.engine, case.id)
    assert bound is not None
    assert bound.run_id in scene.prefect.runs


def test_a_case_that_prefect_has_seen_is_left_alone(scene: Scene) -> None:
    scene.case(run=Paused(), wake=3, seen=3)

    assert scene.turn() == []


def test_a_case_that_was_seen_after_the_list_was_read_is_left_alone(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = scene.case(run=Paused())
    stale = module.woken_cases(scene.engine, 10)
    with writing(scene.engine) as session:
        session.get_one(Case, case.id).seen = case.wake
    monkeypatch.setattr(module, "woken_cases", lambda engine, limit: stale)

    assert scene.turn() == []


def test_a_deleted_run_is_replaced_and_the_whole_way_mirrored_again(scene: Scene) -> None:
    case = scene.case(run=Paused())
    with writing(scene.engine) as session:
        make_step(session, case=session.get_one(Case, case.id), mirrored_at=MONDAY)
    scene.prefect.runs.clear()

    assert scene.turn() == [("create", case.id)]

    with reading(scene.engine) as session:
        (step,) = session.exec(select(CaseStep)).all()
        assert step.mirrored_at is None


def test_a_run_of_a_deleted_deployment_is_replaced(scene: Scene) -> None:
    case = scene.case()
    run = scene.prefect.add(case.id, Paused(), deployment_id=uuid4())
    with writing(scene.engine) as session:
        session.get_one(Case, case.id).flow_run_id = str(run.id)

    assert scene.turn() == [("delete", case.id), ("create", case.id)]


def test_acute_reaches_the_tags_of_a_run_that_was_made_before(scene: Scene) -> None:
    case = scene.case(run=Paused(), is_acute=True)

    assert scene.turn() == [("tag", case.id), ("resume", case.id)]


def test_the_case_that_waited_longest_comes_first(scene: Scene) -> None:
    late, early = scene.case(minute=5), scene.case(minute=1)

    assert [name for _, name in scene.turn()] == [early.id, late.id]


def test_one_broken_case_stops_none_and_is_tried_less_and_less_often(scene: Scene) -> None:
    broken, fine = scene.case(minute=1), scene.case(minute=2)
    scene.prefect.breaks_for = {broken.id}
    tried: list[int] = []

    first = scene.turn()
    for second in range(1, 20):
        before = scene.reconciler._rests[broken.id].looks
        scene.turn(after=1.0)
        if scene.reconciler._rests[broken.id].looks > before:
            tried.append(second)

    assert first == [("create", fine.id)]
    assert tried == [1, 3, 7, 15]


def test_a_case_that_is_woken_again_is_looked_at_at_once(scene: Scene) -> None:
    case = scene.case(run=Running())
    scene.turn()
    run = next(iter(scene.prefect.runs.values()))
    run.state = Paused()

    at_rest = scene.turn(after=0.1)
    with writing(scene.engine) as session:
        session.get_one(Case, case.id).wake += 1
    woken = scene.turn(after=0.1)

    assert at_rest == []
    assert woken == [("resume", case.id)]


def test_the_end_of_an_execution_here_is_noticed_at_once(scene: Scene) -> None:
    case = scene.case(run=Running())
    scene.turn()
    next(iter(scene.prefect.runs.values())).state = Paused()

    scene.reconciler.look_again(case.id)

    assert scene.turn(after=0.1) == [("resume", case.id)]


def test_when_prefect_is_away_no_case_is_blamed(scene: Scene) -> None:
    scene.case()
    scene.prefect.is_away = True

    with pytest.raises(ConnectionError):
        scene.turn()


def test_a_run_whose_worker_fell_silent_goes_on_after_three_missed_beats(scene: Scene) -> None:
    case = scene.case()
    run = scene.prefect.add(case.id, Running(), labels={"prefect.worker.name": "gone"})
    with writing(scene.engine) as session:
        session.get_one(Case, case.id).flow_run_id = str(run.id)

    asked = {after: scene.turn(after=after) for after in (0, 12, 14, 15)}

    assert asked == {0: [], 12: [], 14: [], 15: [("schedule", case.id)]}


def test_a_run_that_our_own_worker_does_not_execute_is_lost_at_once(scene: Scene) -> None:
    case = scene.case()
    run = scene.prefect.add(case.id, Running(), labels={"prefect.worker.name": "here"})
    with writing(scene.engine) as session:
        session.get_one(Case, case.id).flow_run_id = str(run.id)

    scene.here.executing = {run.id}
    executing = [scene.turn(), scene.turn(after=11)]
    scene.here.executing = set()

    assert executing == [[], []]
    assert scene.turn(after=11) == [("schedule", case.id)]
