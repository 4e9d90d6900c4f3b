"""What a report is: its columns, its rows for whoever asks, and what its numbers mean."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from handlepligt.cases.queries import visible_to
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import InvalidInputError
from models import Case, Staff, Team

Value = str | int | float | datetime | timedelta | bool | None


class ColumnKind(StrEnum):
    """How a value is shown and aligned."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    INSTANT = "instant"


@dataclass(frozen=True)
class Column:
    """One column; `title` is Danish, `meaning` the definition printed with the numbers."""

    key: str
    title: str
    kind: ColumnKind
    meaning: str = ""


@dataclass(frozen=True)
class Scope:
    """Who asks, when (aware UTC), and what they narrow the report to. A period counts received cases."""

    by: Staff
    now: datetime
    team_id: int | None = None
    track: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


class Report(ABC):
    """A report. A new one is a file in this folder with one subclass; nothing else changes."""

    title: ClassVar[str]
    about: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]

    @abstractmethod
    def rows(self, session: Session, scope: Scope) -> list[dict[str, Value]]:
        """One dictionary a row, with every column's key. Reads only."""


def cases_in(session: Session, scope: Scope) -> ColumnElement[bool]:
    """The condition on `Case` that the scope means: what one may see, narrowed by what one asked for."""
    wanted = [visible_to(session, scope.by)]
    if scope.team_id is not None:
        wanted.append(col(Case.team_id) == scope.team_id)
    if scope.track is not None:
        wanted.append(col(Case.track) == scope.track)
    if scope.since is not None:
        wanted.append(col(Case.received_at) >= scope.since)
    if scope.until is not None:
        wanted.append(col(Case.received_at) < scope.until)
    return and_(*wanted)


def is_outside(scope: Scope, team_id: int) -> bool:
    """Whether small numbers of this team must be hidden: the head reads all teams and belongs to none."""
    return scope.by.role == StaffRole.HEAD and scope.by.team_id != team_id


def team_names(session: Session) -> dict[int, str]:
    """The teams' names by id."""
    return {team.id: team.name for team in session.exec(select(Team)) if team.id is not None}


def read_scope(
    session: Session, *, by: Staff, now: datetime, team: str = "", track: str = "", tracks: Sequence[str] = ()
) -> Scope:
    """The scope that a page or a program asked for by keys. Raises InvalidInputError for an unknown one."""
    team_id: int | None = None
    if team:
        found = session.exec(select(Team).where(Team.key == team)).first()
        if found is None:
            raise InvalidInputError(problems={"team": "Teamet findes ikke. Vælg et på listen."})
        team_id = found.id
    if track and track not in tracks:
        raise InvalidInputError(problems={"track": "Arbejdsgangen findes ikke. Vælg en på listen."})
    return Scope(by=by, now=now, team_id=team_id, track=track or None)
