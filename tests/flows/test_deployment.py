"""The pool and the deployment are the same whether Prefect's command line makes them or the product."""

import asyncio
import os
import pty
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import DeploymentResponse

from flows.deployment import FULL_NAME, ensure_deployment
from flows.in_process_worker import InProcessWorker
from tests.flows.installation import ROOT, Installation

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(180)]
# Prefect would take a version from these, or from git when the checkout has an origin; ours must not.
ON_A_BUILD_MACHINE = {"GITHUB_SHA": "0123456789abcdef", "GITHUB_REF_NAME": "main", "GITHUB_REPOSITORY": "a/b"}
OF_THE_MOMENT = {"id", "created", "updated", "created_by", "updated_by", "last_polled", "status", "flow_id"}


def ensure(installation: Installation) -> UUID:
    async def made() -> UUID:
        async with get_client() as api:
            return await ensure_deployment(api)

    with installation.prefect_settings():
        return asyncio.run(made())


def deployed(installation: Installation) -> DeploymentResponse:
    with installation.api() as api:
        return api.read_deployment_by_name(FULL_NAME)


def essence(deployment: DeploymentResponse) -> dict[str, Any]:
    return deployment.model_dump(mode="json", exclude=OF_THE_MOMENT)


def deploy_by_hand(installation: Installation) -> str:
    """`prefect deploy --all` at a terminal, where it could ask; nobody answers."""
    ours, its = pty.openpty()
    environment = {**os.environ, **installation.environment, **ON_A_BUILD_MACHINE}
    del environment["PREFECT_CLI_PROMPT"]
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "deploy", "--all"],
        env=environment,
        cwd=ROOT,
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(its)
    assert done.returncode == 0, done.stdout.decode()
    return done.stdout.decode()


def test_prefect_yaml_deploys_without_a_question_what_the_product_makes_itself(
    installation: Installation,
) -> None:
    ensure(installation)
    by_itself = deployed(installation)
    with installation.api() as api:
        api.delete_deployment(by_itself.id)

    printed = deploy_by_hand(installation)
    by_hand = deployed(installation)
    with installation.api() as api:
        api.delete_deployment(by_hand.id)
    ensure(installation)

    assert "?" not in printed.replace("? for help", "")
    assert essence(by_hand) == essence(by_itself) == essence(deployed(installation))
    assert by_hand.entrypoint == "flows.concern:concern_flow"
    assert by_hand.work_pool_name == "sager"


def test_ensuring_it_again_changes_nothing(installation: Installation) -> None:
    first = ensure(installation)
    before = deployed(installation)

    second = ensure(installation)

    assert first == second
    assert deployed(installation).updated == before.updated


def test_a_deployment_that_somebody_paused_is_put_right(installation: Installation) -> None:
    made = ensure(installation)
    with installation.api() as api:
        api.pause_deployment(made)

    ensure(installation)

    assert not deployed(installation).paused


def test_prefects_command_line_lists_the_deployment_and_the_pool(installation: Installation) -> None:
    ensure(installation)

    # A FastAPI that is too new for this Prefect starts and reports healthy, and fails exactly here.
    listed = installation.prefect("deployment", "ls", COLUMNS="200")
    with installation.api() as api:
        pool = api.read_work_pool("sager")

    assert FULL_NAME in listed
    assert pool.type == "process"


def test_each_worker_process_has_a_name_of_its_own_that_names_nobody() -> None:
    names = {InProcessWorker("sager", limit=1, heartbeat_seconds=10).name for _ in range(2)}

    assert len(names) == 2
    assert not any(os.uname().nodename in name for name in names)
