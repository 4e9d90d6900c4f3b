"""People by username and teams by key, in and out: a database number means nothing to other programs."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from handlepligt.errors import InvalidInputError
from models import Staff, Team

_NOBODY = "Personen findes ikke, eller er ikke længere ansat. Skriv et brugernavn."
_NO_TEAM = "Teamet findes ikke. Skriv teamets nøgle."


class Person(BaseModel):
    """A member of staff."""

    username: str
    name: str


class TeamName(BaseModel):
    """A team."""

    key: str
    name: str


class Directory:
    """Looks staff and teams up once each while one request is answered."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._staff: dict[int, Staff] = {}

    def learn(self, ids: Iterable[int | None]) -> None:
        """Reads all these people at once, for lists."""
        wanted = {one for one in ids if one is not None} - set(self._staff)
        found = self._session.exec(select(Staff).where(col(Staff.id).in_(wanted))) if wanted else ()
        self._staff |= {one.id: one for one in found if one.id is not None}

    def person(self, staff_id: int | None) -> Person | None:
        """Somebody by number; None for nobody."""
        self.learn([staff_id])
        found = self._staff.get(staff_id or 0)
        return Person(username=found.username, name=found.name) if found else None

    def somebody(self, staff_id: int) -> Person:
        """Somebody who must be there, because a row points at them."""
        found = self.person(staff_id)
        assert found is not None
        return found

    def team(self, team_id: int) -> TeamName:
        """A team by number."""
        found = self._session.get_one(Team, team_id)
        return TeamName(key=found.key, name=found.name)

    def staff_id(self, username: str, field: str) -> int:
        """The number of an active member of staff. Raises InvalidInputError about `field`."""
        found = self._session.exec(
            select(Staff.id).where(Staff.username == username.casefold(), col(Staff.is_active))
        ).first()
        if found is None:
            raise InvalidInputError(problems={field: _NOBODY})
        return found

    def team_id(self, key: str, field: str) -> int:
        """The number of a team. Raises InvalidInputError about `field`."""
        found = self._session.exec(select(Team.id).where(Team.key == key)).first()
        if found is None:
            raise InvalidInputError(problems={field: _NO_TEAM})
        return found

    def with_numbers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers in which people are named, as the use cases take them: by number.

        Raises InvalidInputError naming each answer in which nobody, or no username, is named.
        """
        read: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for key, value in answers.items():
            read[key] = value
            if isinstance(value, dict) and "staff" in value:
                username = value["staff"]
                try:
                    if not isinstance(username, str):
                        raise InvalidInputError(problems={key: _NOBODY})
                    read[key] = value | {"staff": self.staff_id(username, key)}
                except InvalidInputError as error:
                    problems |= error.problems
        if problems:
            raise InvalidInputError(problems=problems)
        return read

    def with_names(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Stored answers, with people by username."""
        return {
            key: value | {"staff": self.somebody(value["staff"]).username}
            if isinstance(value, dict) and "staff" in value
            else value
            for key, value in answers.items()
        }
