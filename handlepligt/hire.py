"""Adds a member of staff, with team and deputy, as the command line does it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import InvalidInputError, NotFoundError
from handlepligt.identity import check_username
from models import Staff, Team
from notifications.recipients import is_work_address
from protocols.loader import library
from protocols.roles import StaffWith

_TEAM_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_PHONE = re.compile(r"\+?[0-9 ]{3,29}")
# Without somebody's team their cases would have no leader.
_NEEDS_TEAM = {StaffRole.ADVISER, StaffRole.PROFESSIONAL, StaffRole.LEADER, StaffRole.COORDINATOR}


@dataclass(frozen=True)
class NewStaff:
    """What is known of the new member of staff, as it was typed."""

    username: str
    name: str
    role: str
    pool: str = ""
    team: str = ""
    makes_team: bool = False
    email: str = ""
    phone: str = ""
    deputy: str = ""


def hire(session: Session, wanted: NewStaff, *, staff_domains: tuple[str, ...], now: datetime) -> Staff:
    """The new member of staff, without a passphrase yet. `staff_domains` empty means that no mail is sent.

    Raises InvalidInputError naming every field that cannot be used, with the choices where there are any.
    """
    problems: dict[str, str] = {}
    username = _username(session, wanted.username, problems)
    name = " ".join(wanted.name.split())
    if not name or len(name) > 120 or not name.isprintable():
        problems["name"] = "write a name of 1 to 120 characters"
    if wanted.role not in list(StaffRole):
        problems["role"] = f"'{wanted.role}' is no role; choose one of {', '.join(StaffRole)}"
    if wanted.pool and wanted.pool not in pools():
        problems["pool"] = f"no protocol knows the pool '{wanted.pool}'; choose one of {', '.join(pools())}"
    if wanted.email and staff_domains and not is_work_address(wanted.email, staff_domains):
        problems["email"] = f"the address must be in {', '.join(staff_domains)} (HANDLEPLIGT_STAFF_DOMAINS)"
    elif wanted.email and not is_work_address(wanted.email, (wanted.email.rpartition("@")[2].lower(),)):
        problems["email"] = "this is no plain e-mail address"
    if wanted.phone and not _PHONE.fullmatch(wanted.phone):
        problems["phone"] = "write digits and spaces only"
    deputy = _known(session, wanted.deputy)
    if wanted.deputy and deputy is None:
        problems["deputy"] = f"there is no active user '{wanted.deputy}'"
    team = _team(session, wanted, problems)
    if team is not None and team.id is not None and wanted.role == StaffRole.LEADER and _led(session, team):
        problems["role"] = f"the team '{team.key}' has a leader already"
    if problems:
        raise InvalidInputError(problems=problems)
    if team is not None:
        session.add(team)
        session.flush()
    person = Staff(
        username=username, name=name, role=wanted.role, pool=wanted.pool, email=wanted.email,
        phone=wanted.phone, team_id=team.id if team else None, deputy_id=deputy.id if deputy else None,
        created_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def staff_named(session: Session, username: str) -> Staff:
    """The active member of staff with this user name. Raises NotFoundError."""
    found = _known(session, username)
    if found is None:
        raise NotFoundError(f"there is no active user '{username[:60]}'")
    return found


def pools() -> list[str]:
    """The pools that the protocols' roles name."""
    expressions = [role.expression for one in library().all() for role in one.roles.values()]
    return sorted({each.pool for each in expressions if isinstance(each, StaffWith) and each.pool})


def _username(session: Session, written: str, problems: dict[str, str]) -> str:
    try:
        username = check_username(written)
    except InvalidInputError:
        problems["username"] = "2 to 60 characters of a-z, 0-9, dot, dash and underscore"
        return ""
    if session.exec(select(Staff.id).where(Staff.username == username)).first() is not None:
        problems["username"] = f"the user name '{username}' is taken"
    return username


def _team(session: Session, wanted: NewStaff, problems: dict[str, str]) -> Team | None:
    if not wanted.team:
        if wanted.role in _NEEDS_TEAM:
            problems["team"] = f"a {wanted.role} belongs to a team; name it with --team"
        return None
    found = session.exec(select(Team).where(Team.key == wanted.team)).first()
    if found is not None:
        return found
    if not wanted.makes_team:
        known = ", ".join(session.exec(select(Team.key).order_by(col(Team.key)))) or "none"
        problems["team"] = f"there is no team '{wanted.team}' (known: {known}); add --create-team to make it"
    elif not _TEAM_KEY.fullmatch(wanted.team):
        problems["team"] = "a team's key has 1 to 60 characters of a-z, 0-9, dash and underscore"
    return Team(key=wanted.team, name=wanted.team.replace("_", " ").replace("-", " ").capitalize())


def _led(session: Session, team: Team) -> bool:
    leaders = (Staff.team_id == team.id, Staff.role == StaffRole.LEADER, col(Staff.is_active))
    return session.exec(select(Staff.id).where(*leaders)).first() is not None


def _known(session: Session, username: str) -> Staff | None:
    if not username or not username.isprintable():
        return None
    return session.exec(
        select(Staff).where(Staff.username == username.strip().casefold(), col(Staff.is_active))
    ).first()
