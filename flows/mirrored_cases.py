"""What the reconciler reads and writes in the case database: who is woken, and which run belongs to whom."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, Select, select
from sqlmodel import col, update

from handlepligt.domain.vocabulary import CaseStatus
from models import Case, CaseStep
from models.session import reading, writing

ACUTE_TAG = "acute"
_Rows = Select[str, int, int, str | None, str, str, bool]


@dataclass(frozen=True)
class MirroredCase:
    """A case as the reconciler needs it. `tags` are what its run is to be tagged with in Prefect."""

    id: str
    wake: int
    seen: int
    run_id: UUID | None
    tags: frozenset[str]

    @property
    def is_woken(self) -> bool:
        """Whether something happened that Prefect has not shown yet."""
        return self.wake > self.seen


def woken_cases(engine: Engine, limit: int) -> list[MirroredCase]:
    """At most `limit` cases with `wake > seen`, the one that was touched longest ago first."""
    # The partial index has the same words; the order makes a case that is often woken wait its turn.
    rows = _rows().where(col(Case.wake) > col(Case.seen)).order_by(col(Case.touched_at), col(Case.id))
    return _read(engine, rows.limit(limit))


def open_cases_after(engine: Engine, after: str, limit: int) -> list[MirroredCase]:
    """The next `limit` open cases by id, for a slow walk through all of them; from "" on."""
    is_open = col(Case.status) != CaseStatus.CLOSED
    return _read(engine, _rows().where(is_open, col(Case.id) > after).order_by(col(Case.id)).limit(limit))


def read_case(engine: Engine, case_id: str) -> MirroredCase | None:
    """The case as it stands now, None when it is no longer kept."""
    return next(iter(_read(engine, _rows().where(col(Case.id) == case_id))), None)


def bind_run(engine: Engine, case_id: str, run_id: UUID) -> None:
    """Remember which run mirrors the case."""
    with writing(engine) as session:
        session.exec(update(Case).where(col(Case.id) == case_id).values(flow_run_id=str(run_id)))


def forget_run(engine: Engine, case_id: str) -> None:
    """The case's run is gone: let the next one mirror the whole way again, one task per step as before.

    Done before the new run is made, so that no worker can execute it between the two.
    """
    with writing(engine) as session:
        session.exec(update(CaseStep).where(col(CaseStep.case_id) == case_id).values(mirrored_at=None))
        session.exec(
            update(Case).where(col(Case.id) == case_id).values(flow_run_id=None, wake=col(Case.wake) + 1)
        )


def wake_case(engine: Engine, case_id: str) -> None:
    """Have an open case looked at, unless it is to be anyway."""
    is_asleep = (
        col(Case.id) == case_id,
        col(Case.status) != CaseStatus.CLOSED,
        col(Case.wake) <= col(Case.seen),
    )
    with writing(engine) as session:
        session.exec(update(Case).where(*is_asleep).values(wake=col(Case.seen) + 1))


def tags_of(track: str, version: str, *, is_acute: bool) -> frozenset[str]:
    """What the run of a case is tagged with in Prefect."""
    return frozenset({track, f"version:{version}"} | ({ACUTE_TAG} if is_acute else set()))


def _rows() -> _Rows:
    # Columns, not entities: the sealed texts of a case are nothing to the reconciler.
    return select(
        col(Case.id),
        col(Case.wake),
        col(Case.seen),
        col(Case.flow_run_id),
        col(Case.track),
        col(Case.protocol_version),
        col(Case.is_acute),
    )


def _read(engine: Engine, rows: _Rows) -> list[MirroredCase]:
    with reading(engine) as session:
        return [
            MirroredCase(
                id=case_id,
                wake=wake,
                seen=seen,
                run_id=UUID(run_id) if run_id else None,
                tags=tags_of(track, version, is_acute=is_acute),
            )
            for case_id, wake, seen, run_id, track, version, is_acute in session.connection().execute(rows)
        ]
