"""The flow of a concern: one run per case, which mirrors the case's steps and then waits for people."""

import secrets
from dataclasses import dataclass

from prefect import flow
from prefect.flow_runs import suspend_flow_run
from sqlalchemy import exists
from sqlmodel import Session, col, select, update

from flows.case_database import case_engine
from flows.mirrored_cases import tags_of
from flows.moved_run import bring_in_line
from flows.only_ids import only_ids
from flows.steps import Round, mirror_step, open_the_rest, run_name, shown_names, unmirrored
from flows.way import show_way, way_of
from handlepligt.cases.open_case import lock_case
from handlepligt.clock import now
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.errors import NotFoundError
from models import Case, CaseMigration, CaseStep
from models.session import reading, writing


@dataclass(frozen=True)
class Outlook:
    """What one execution has before it: how often the case had been woken, and the steps to mirror.

    `tags` are those of the case as it is; `shown` what Prefect has seen of it and may have to unsay, None
    when the case was never moved back to an earlier version.
    """

    wake: int
    steps: list[Round]
    tags: frozenset[str]
    shown: frozenset[str] | None


@flow(
    name="sagsforloeb",
    description="Én sags vej gennem sin arbejdsgang. Sagsdatabasen er sandheden; kørslen spejler den.",
    persist_result=False,
    log_prints=False,
)
def concern_flow(case_id: str) -> None:
    """Mirror the case and park the run, or end it when the case is closed.

    Always entered from the top: a first start, a human act, a repair and a reopening all look the same.
    Each step that Prefect has not seen gets one task run, also those that opened and ended while Prefect
    was away. What was seen is written *before* the run parks, so a parked run with `wake > seen` has truly
    been woken since.
    """
    outlook = look_ahead(case_id)
    if outlook is None:
        return
    bring_in_line(outlook.tags, outlook.shown)
    for key, number, person in outlook.steps:
        mirror_step.with_options(task_run_name=run_name(key, number, person))(case_id, key, number, person)
    way, is_closed = look_back(case_id)
    show_way(case_id, way)
    write_seen(case_id, outlook.wake)
    if not is_closed:
        # Prefect lets each key wait once per run, and would walk straight through a second time.
        suspend_flow_run(timeout=None, key=f"{outlook.wake}:{secrets.token_hex(4)}")


@only_ids
def look_ahead(case_id: str) -> Outlook | None:
    """Open what follows and say what is to be mirrored; None when the case is no longer kept."""
    try:
        with writing(case_engine()) as session:
            case = lock_case(session, case_id)
            open_the_rest(session, case, now())
            session.flush()
            return Outlook(
                wake=case.wake,
                steps=unmirrored(session, case_id),
                tags=tags_of(case.track, case.protocol_version, is_acute=case.is_acute),
                shown=shown_names(session, case_id) if _was_moved_back(session, case_id) else None,
            )
    except NotFoundError:
        return None


@only_ids
def look_back(case_id: str) -> tuple[str, bool]:
    """The case's way so far, and whether the case is closed."""
    with reading(case_engine()) as session:
        case = session.get_one(Case, case_id)
        return way_of(session, case), case.closed_at is not None


@only_ids
def write_seen(case_id: str, wake: int) -> None:
    """Write that Prefect shows the case as it was when it had been woken `wake` times; never goes back.

    A step that opened while this execution was under way keeps the case woken: the next one mirrors it.
    """
    missing = exists().where(col(CaseStep.case_id) == case_id, col(CaseStep.mirrored_at).is_(None))
    with writing(case_engine()) as session:
        session.exec(
            update(Case).where(col(Case.id) == case_id, col(Case.seen) < wake, ~missing).values(seen=wake)
        )


def _was_moved_back(session: Session, case_id: str) -> bool:
    undone = select(CaseMigration.id).where(
        CaseMigration.case_id == case_id, CaseMigration.status == MigrationStatus.UNDONE
    )
    return session.exec(undone).first() is not None
