"""The product's worker of runs as a process of its own, with hooks by which a test holds up or breaks a task.

A file in the folder HOOKS named `<case id>.hold` makes the case's next task wait inside its transaction, one
named `<case id>.fail` makes it fail with the file's text.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from flows import in_process_worker, steps
from flows.runner import run_flows
from handlepligt.settings import read_settings
from models.sealing import KeyRing, install_keys
from models.session import make_engine
from tests.flows.installation import BEAT

HOOKS = Path(os.environ["HOOKS"])
open_the_rest = steps.open_the_rest


def open_with_hooks(session: Any, case: Any, at: Any) -> None:
    hold, fail = HOOKS / f"{case.id}.hold", HOOKS / f"{case.id}.fail"
    if hold.exists():
        (HOOKS / f"{case.id}.held").touch()
        while hold.exists():
            time.sleep(0.05)
    if fail.exists():
        raise ValueError(fail.read_text("utf-8"), case.summary)
    open_the_rest(session, case, at)


async def nothing(_self: Any) -> list[Any]:
    return []


def main() -> None:
    steps.open_the_rest = open_with_hooks
    limit = int(sys.argv[1])
    # With a limit of nothing it only moves the runs and executes none.
    settings = read_settings(worker_limit=max(limit, 1))
    if limit == 0:
        in_process_worker.InProcessWorker.get_and_submit_flow_runs = nothing  # type: ignore[method-assign]
    install_keys(KeyRing.read(settings.resolved_key_file))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    asyncio.run(
        run_flows(
            settings,
            make_engine(settings.resolved_database_url),
            lambda: True,
            stop,
            heartbeat_seconds=float(os.environ.get("BENCH_BEAT", BEAT)),
            repair_every_seconds=3.0,
        )
    )


if __name__ == "__main__":
    main()
