"""The pool and the one deployment, made by the product itself and equal to what prefect.yaml says."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from flows.concern import concern_flow

POOL = "sager"
POOL_TYPE = "process"
DEPLOYMENT = "sag"
ENTRYPOINT = "flows.concern:concern_flow"
FULL_NAME = f"{concern_flow.name}/{DEPLOYMENT}"


async def ensure_deployment(api: PrefectClient, *, pool: str = POOL) -> UUID:
    """Create the work pool and the deployment, or bring them up to date, and return the deployment's id.

    The same as `prefect work-pool create sager --type process` and `prefect deploy --all`, without asking and
    without files. Any number of processes may do it at once; nothing is written when all is as it should be.
    Raises PrefectHTTPStatusError, or the client's own error when Prefect is away.
    """
    await _ensure_pool(api, pool)
    wanted: dict[str, Any] = {
        "description": concern_flow.description,
        "version": concern_flow.version,
        "entrypoint": ENTRYPOINT,
        "work_pool_name": pool,
        "pull_steps": [],
        "parameter_openapi_schema": parameter_schema(concern_flow).model_dump(exclude_unset=True),
        "enforce_parameter_schema": True,
    }
    with suppress(ObjectNotFound):
        there = await api.read_deployment_by_name(FULL_NAME)
        if not there.paused and all(getattr(there, field) == value for field, value in wanted.items()):
            return there.id
    flow_id = await api.create_flow_from_name(concern_flow.name)
    return await api.create_deployment(flow_id=flow_id, name=DEPLOYMENT, paused=False, **wanted)


async def _ensure_pool(api: PrefectClient, pool: str) -> None:
    try:
        await api.read_work_pool(pool)
    except ObjectNotFound:
        # Prefect's command line would look the template up on the network; the class has it.
        template = ProcessWorker.get_default_base_job_template()
        # Another process may be quicker.
        with suppress(ObjectAlreadyExists):
            await api.create_work_pool(WorkPoolCreate(name=pool, type=POOL_TYPE, base_job_template=template))
