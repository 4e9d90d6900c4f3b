"""A whole installation in a folder, for the contract tests: case database, keys, Prefect server, workers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactCollectionFilter,
    ArtifactCollectionFilterKey,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import FlowRun, StateType, TaskRun
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, PREFECT_HOME, temporary_settings
from sqlmodel import select

from flows.steps import run_name
from handlepligt import migrations
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.clock import now
from handlepligt.prefect_server import PrefectServer, prefect_environment
from handlepligt.settings import Settings, read_settings
from models import Case, CaseStep
from models.sealing import KeyRing, install_keys
from models.session import make_engine, reading, writing
from tests.cases.acting import ADULT, Stage
from tests.house import House, make_house

ROOT = Path(__file__).resolve().parents[2]
BEAT = 2.0
NO_LONGER = {
    "sparring_needed": "no",
    "still_concerned": "no",
    "other_children": "no",
    "acute_is_over": "yes",
    "safe_stay_needed": "no",
}
QUESTIONS_OF = {
    "discuss": ["sparring_needed", "discussion_note"],
    "assess": ["still_concerned"],
    "siblings": ["other_children"],
    "safety_assessment": ["acute_is_over", "safe_stay_needed"],
}


def free_port() -> int:
    """A port of 127.0.0.1 that is free now, below the range the system hands out by itself."""
    for port in range(21000 + os.getpid() % 5000, 32000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


class WorkerProcess:
    """A worker in a process of its own, which a test may kill."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """kill -9, as the machine would."""
        os.killpg(self.pid, 9)
        self._process.wait()

    def stop(self) -> float:
        """End it as the product does; the seconds that took."""
        began = time.monotonic()
        if self._process.poll() is None:
            os.killpg(self.pid, 15)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        return time.monotonic() - began


class Installation:
    """What `handlepligt up` would set up, with its parts in reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Settings = read_settings(
            data=folder, prefect_port=free_port(), prefect_api_url="", prefect_auth=None, database_url=None
        )
        ring = KeyRing.generate()
        ring.write(self.settings.resolved_key_file)
        install_keys(ring)
        migrations.upgrade(self.settings.resolved_database_url)
        self.keys = ring
        self.engine = make_engine(self.settings.resolved_database_url)
        with writing(self.engine) as session:
            self.house: House = make_house(session)
        self.server = PrefectServer(self.settings)
        self.environment = {
            **prefect_environment(self.settings),
            "HANDLEPLIGT_DATA": str(folder),
            "HANDLEPLIGT_PREFECT_PORT": str(self.settings.prefect_port),
            "HOOKS": str(folder / "hooks"),
        }
        (folder / "hooks").mkdir()
        self._worker: WorkerProcess | None = None

    @contextmanager
    def api(self) -> Iterator[SyncPrefectClient]:
        """A client of the installation's Prefect."""
        with self.prefect_settings(), get_client(sync_client=True) as client:
            yield client

    @contextmanager
    def prefect_settings(self) -> Iterator[None]:
        """Prefect's settings in this process, as the product's processes have them from the environment."""
        settings: dict[Any, Any] = {
            PREFECT_API_URL: self.environment["PREFECT_API_URL"],
            PREFECT_API_AUTH_STRING: self.environment["PREFECT_API_AUTH_STRING"],
            PREFECT_HOME: self.environment["PREFECT_HOME"],
        }
        with temporary_settings(settings):
            yield

    def working(self) -> WorkerProcess:
        """Our own worker, started unless it runs, and left running for the next test."""
        if self._worker is None or not self._worker.is_running():
            self._worker = self.start_worker()
        return self._worker

    def rest(self) -> None:
        """Stop our own worker, if it runs."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def start_worker(self, *, limit: int = 4) -> WorkerProcess:
        """Our own worker with a quick heartbeat and the hooks of tests/flows/worker_process.py."""
        command = [sys.executable, "-m", "tests.flows.worker_process", str(limit)]
        return WorkerProcess(command, self.environment, self.folder / "worker.log")

    def start_stock_worker(self) -> WorkerProcess:
        """Prefect's own worker, as its documentation says to start it."""
        command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "sager", "--type", "process"]
        environment = {**self.environment, "PREFECT_WORKER_QUERY_SECONDS": "1"}
        return WorkerProcess(command, environment, self.folder / "stock-worker.log")

    def prefect(self, *arguments: str, **extra: str) -> str:
        """What Prefect's command line prints for these arguments, run in the checkout."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *arguments],
            env={**os.environ, **self.environment, **extra},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def hook_path(self, case_id: str, name: str) -> Path:
        return self.folder / "hooks" / f"{case_id}.{name}"

    def hook(self, case_id: str, name: str, text: str = "") -> Path:
        """Set a hook for the case's next task; deleting the file takes it away."""
        path = self.hook_path(case_id, name)
        path.write_text(text, "utf-8")
        return path

    # --- what people do ---

    def raise_concern(self, **details: Any) -> str:
        """A new concern of Otto's about an adult; the case's id."""
        return self.acting().raised(by=self.house.otto, **{"birth_date": ADULT} | details).id

    def complete(self, case_id: str, *steps: str, **answers: str) -> None:
        """Otto completes the steps one after the other, each question not named answered somehow."""
        for key in steps:
            asked = {name: answer for name, answer in answers.items() if name in QUESTIONS_OF.get(key, ())}
            self.acting().complete(self.case(case_id), key, by=self.house.otto, **asked)

    def press_acute(self, case_id: str) -> None:
        self.acting().do(press_acute, by=self.house.otto, case_id=case_id)

    def close(self, case_id: str) -> None:
        """Whatever is left of an adult's case, up to the leader's approval: nobody is concerned any more."""
        stage, case = self.acting(), self.case(case_id)
        while left := [key for key in stage.open_steps(case) if key != "conclude"]:
            self.complete(case_id, left[0], **NO_LONGER)
        stage.now = now()
        stage.close(case, by=self.house.otto, leader=self.house.lars)

    def reopen(self, case_id: str) -> None:
        reason = "Skolen har ringet igen."
        self.acting().do(reopen_case, by=self.house.lars, case_id=case_id, reason=reason)

    def acting(self) -> Stage:
        """The stage, at the present instant."""
        stage = Stage(self.engine, self.house)
        stage.now = now()
        return stage

    # --- what can be seen ---

    def case(self, case_id: str) -> Case:
        with reading(self.engine) as session:
            return session.get_one(Case, case_id)

    def rounds(self, case_id: str) -> list[str]:
        """The rounds of the case's steps as the case database knows them, named as their task runs are."""
        with reading(self.engine) as session:
            steps = session.exec(select(CaseStep).where(CaseStep.case_id == case_id)).all()
            return sorted(run_name(step.key, step.round, step.person) for step in steps)

    def wait_until_mirrored(self, case_id: str, *, seconds: float = 40.0) -> float:
        """Wait until Prefect has seen the case as it is now, and its run is at rest; how long that took."""
        began = time.monotonic()
        wait_for(lambda: (case := self.case(case_id)).wake == case.seen, f"case {case_id} mirrored", seconds)
        took = time.monotonic() - began
        with self.api() as api:
            wait_for(
                lambda: api.read_flow_run(self.run_id(case_id)).state.type.value in ("PAUSED", "COMPLETED"),
                f"the run of case {case_id} at rest",
            )
        return took

    def run_id(self, case_id: str) -> UUID:
        run_id = self.case(case_id).flow_run_id
        assert run_id is not None
        return UUID(run_id)

    def is_parked(self, case_id: str) -> bool:
        return self.run_of(case_id).state_type == StateType.PAUSED

    def run_of(self, case_id: str) -> FlowRun:
        with self.api() as api:
            return api.read_flow_run(self.run_id(case_id))

    def tasks_of(self, case_id: str) -> list[TaskRun]:
        """The case's task runs in Prefect, whose recorder is a moment behind."""
        with self.api() as api:
            return api.read_task_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[self.run_id(case_id)]))
            )

    def latest_artifact(self, case_id: str) -> object:
        """What the case's artifact says now."""
        only = ArtifactCollectionFilter(key=ArtifactCollectionFilterKey(any_=[f"case-{case_id}"]))
        with self.api() as api:
            (artifact,) = api.read_latest_artifacts(artifact_filter=only)
            return artifact.data

    def completed_tasks(self, case_id: str) -> list[str]:
        return sorted(t.name for t in self.tasks_of(case_id) if t.state and t.state.is_completed())

    def wait_for_tasks(self, case_id: str) -> None:
        """Wait until each round of each step has its completed task run, and none has two."""
        wait_for(
            lambda: self.completed_tasks(case_id) == self.rounds(case_id),
            f"one task run per step of case {case_id}",
            # The run itself is at rest by then; only Prefect's recorder of task runs may lag behind.
            150,
        )


def wait_for(is_so: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
    """Wait until `is_so()`, or fail saying what did not come."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
