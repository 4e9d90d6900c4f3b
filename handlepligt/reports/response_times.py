"""Response times (svartider): how long each step and each wait took, per track, team and thing measured."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from handlepligt.domain.response_times import SMALLEST_SHOWN, Timing, summarise
from handlepligt.domain.vocabulary import OfferStatus, StepStatus
from handlepligt.reports.report import (
    Column,
    ColumnKind,
    Report,
    Scope,
    Value,
    cases_in,
    is_outside,
    team_names,
)
from models import Call, Case, CaseEvent, CaseStep, Deadline, HandoverOffer
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

_SHORTLY = timedelta(0)


class _Cell(NamedTuple):
    order: int
    measure: str
    track: str
    team_id: int


class ResponseTimes(Report):
    """How fast help came. A row a track, team and measure."""

    title = "Svartider"
    about = (
        "Tiden regnes i hele forløb, døgnet rundt. Median og 90-percentil er altid en tid, der faktisk er "
        "forekommet. Åbne, overskredne frister tæller imod andelen til tiden. "
        f"Tal for andre teams end ens eget vises først fra {SMALLEST_SHOWN}."
    )
    columns = (
        Column("measure", "Hvad", ColumnKind.TEXT),
        Column("track", "Arbejdsgang", ColumnKind.TEXT),
        Column("team", "Team", ColumnKind.TEXT),
        Column("done", "Antal", ColumnKind.COUNT, "Hvor mange gange det er gjort."),
        Column("median", "Median", ColumnKind.DURATION, "Halvdelen tog højst så lang tid."),
        Column("ninetieth", "90 %", ColumnKind.DURATION, "Ni ud af ti tog højst så lang tid."),
        Column("longest", "Længst", ColumnKind.DURATION, "Den længste af dem, der er gjort."),
        Column("share_on_time", "Til tiden", ColumnKind.SHARE, "Andel af dem med en frist."),
        Column("overdue", "Overskredet nu", ColumnKind.COUNT, "Ikke gjort endnu, og fristen er passeret."),
    )

    def rows(self, session: Session, scope: Scope) -> list[dict[str, Value]]:
        """A row for each track, team and measure in which something was done or is overdue."""
        cells: dict[_Cell, list[Timing]] = defaultdict(list)
        for source in (_first_responses, _steps, _acute_calls, _offers, _closings):
            for cell, timing in source(session, scope):
                cells[cell].append(timing)
        teams = team_names(session)
        found: list[dict[str, Value]] = []
        for cell, timings in sorted(cells.items()):
            summary = summarise(timings)
            if summary.done + summary.overdue == 0:
                continue
            hidden = is_outside(scope, cell.team_id) and summary.done + summary.overdue < SMALLEST_SHOWN
            row: dict[str, Value] = {
                "measure": cell.measure,
                "track": _track_title(cell.track),
                "team": teams.get(cell.team_id, ""),
            }
            for column in self.columns[3:]:
                row[column.key] = None if hidden else getattr(summary, column.key)
            found.append(row)
        return found


_Found = Iterator[tuple[_Cell, Timing]]


def _first_responses(session: Session, scope: Scope) -> _Found:
    """From receipt to the first step that was completed."""
    first = (
        select(col(CaseStep.case_id), func.min(CaseStep.settled_at).label("at"))
        .where(col(CaseStep.status) == StepStatus.DONE)
        .group_by(CaseStep.case_id)
        .subquery()
    )
    rows = session.execute(
        select(col(Case.track), col(Case.team_id), col(Case.received_at), first.c.at)
        .outerjoin(first, first.c.case_id == col(Case.id))
        .where(cases_in(session, scope))
    )
    for track, team_id, received_at, at in rows:
        yield _Cell(0, "Modtaget → første trin udført", track, team_id), Timing(_between(received_at, at))


def _steps(session: Session, scope: Scope) -> _Found:
    """From the opening of a step to its completion, held against its earliest deadline."""
    rows = session.execute(
        select(
            col(Case.track),
            col(Case.team_id),
            col(Case.protocol_version),
            col(CaseStep.key),
            col(CaseStep.status),
            col(CaseStep.opened_at),
            col(CaseStep.settled_at),
            func.min(Deadline.due_at),
        )
        .join(Case, col(Case.id) == col(CaseStep.case_id))
        .outerjoin(
            Deadline,
            (col(Deadline.case_id) == col(CaseStep.case_id))
            & (col(Deadline.step_key) == col(CaseStep.key))
            & (col(Deadline.step_round) == col(CaseStep.round))
            & (col(Deadline.person) == col(CaseStep.person))
            # What falls away or leads on when it passes was not broken by anybody.
            & (col(Deadline.at_expiry) == "breach"),
        )
        .where(cases_in(session, scope), col(CaseStep.status) != StepStatus.NOT_APPLICABLE)
        .group_by(
            col(CaseStep.id),
            col(Case.track),
            col(Case.team_id),
            col(Case.protocol_version),
            col(CaseStep.key),
            col(CaseStep.status),
            col(CaseStep.opened_at),
            col(CaseStep.settled_at),
        )
    )
    for track, team_id, version, key, _status, opened_at, settled_at, due_at in rows:
        order, title = _step_title(track, version, key)
        timing = Timing(_between(opened_at, settled_at), _on_time(settled_at, due_at, scope.now))
        yield _Cell(10 + order, f"Trin: {title}", track, team_id), timing


def _acute_calls(session: Session, scope: Scope) -> _Found:
    """From pressing acute to the first call that was answered."""
    pressed = session.execute(
        select(col(Case.id), col(Case.track), col(Case.team_id), col(CaseEvent.at))
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .where(col(CaseEvent.kind) == "acute_pressed", cases_in(session, scope))
    ).all()
    answered = defaultdict(list)
    for case_id, at in session.execute(
        select(col(Call.case_id), col(Call.called_at))
        .where(col(Call.outcome) == "answered", col(Call.case_id).in_({row[0] for row in pressed}))
        .order_by(col(Call.called_at))
    ):
        answered[case_id].append(at)
    for case_id, track, team_id, at in pressed:
        reached = next((called for called in answered[case_id] if called >= at), None)
        yield _Cell(200, "Akut → kontakt nået", track, team_id), Timing(_between(at, reached))


def _offers(session: Session, scope: Scope) -> _Found:
    """From the offer of handover to its acceptance. Renewed offers count from their own start."""
    rows = session.execute(
        select(
            col(Case.track), col(Case.team_id), col(HandoverOffer.offered_at), col(HandoverOffer.answered_at)
        )
        .join(Case, col(Case.id) == col(HandoverOffer.case_id))
        .where(col(HandoverOffer.status) == OfferStatus.ACCEPTED, cases_in(session, scope))
    )
    for track, team_id, offered_at, answered_at in rows:
        yield (
            _Cell(201, "Handlepligt tilbudt → accepteret", track, team_id),
            Timing(_between(offered_at, answered_at)),
        )


def _closings(session: Session, scope: Scope) -> _Found:
    """From receipt to the closing of the case."""
    rows = session.execute(
        select(col(Case.track), col(Case.team_id), col(Case.received_at), col(Case.closed_at)).where(
            col(Case.closed_at).is_not(None), cases_in(session, scope)
        )
    )
    for track, team_id, received_at, closed_at in rows:
        yield _Cell(202, "Modtaget → afsluttet", track, team_id), Timing(_between(received_at, closed_at))


def _between(start: datetime, end: datetime | None) -> timedelta | None:
    """Never negative: what was done before it could be asked for was done at once."""
    return max(end - start, _SHORTLY) if end is not None else None


def _on_time(settled_at: datetime | None, due_at: datetime | None, now: datetime) -> bool | None:
    if due_at is None:
        return None
    if settled_at is not None:
        return settled_at <= due_at
    return None if now <= due_at else False


def _step_title(track: str, version: str, key: str) -> tuple[int, str]:
    try:
        steps = library().get(track, version).steps
    except UnknownDefinitionError:
        return 99, key
    return (list(steps).index(key), steps[key].title) if key in steps else (99, key)


def _track_title(track: str) -> str:
    try:
        return library().latest(track).title
    except UnknownDefinitionError:
        return track
