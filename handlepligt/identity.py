"""Who somebody is: passphrases, sessions, tokens of the API, one-time links. Only hashes are kept."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import HandlepligtError, InvalidInputError, NotFoundError
from models import AccessToken, LoginAttempt, LoginSession, SetupLink, Staff

SHORTEST_PASSPHRASE = 15
LONGEST_PASSPHRASE = 200
LINK_LIVES = timedelta(hours=24)
TOUCH_EVERY = timedelta(minutes=1)
FAILURES_COUNT_FOR = timedelta(minutes=15)
FREE_FAILURES = 3
LONGEST_DELAY = timedelta(seconds=8)
LONGEST_DELAY_FROM_ELSEWHERE = timedelta(seconds=2)

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}", re.ASCII)
_MARK = "hp_"
# 19 MiB and three passes: the memory of a web process stays small when several log in at once.
_hasher = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)


class LogInRefusedError(HandlepligtError):
    """The username and passphrase do not belong together; which of them is wrong is not said."""

    user_message = "Brugernavn eller adgangssætning er forkert. Prøv igen."


@dataclass(frozen=True)
class StartedSession:
    """A new session: `secret` goes into the cookie and exists nowhere else.

    `replaced_own` says that the browser's earlier session, idle or not, was the same person's.
    """

    secret: str
    staff: Staff
    replaced_own: bool = False


def hash_passphrase(passphrase: str) -> str:
    """The argon2id hash of a passphrase. Raises InvalidInputError when it is too short or too long."""
    passphrase = _normal(passphrase)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        sentence = f"Adgangssætningen skal have mindst {SHORTEST_PASSPHRASE} tegn, for eksempel fire ord."
        raise InvalidInputError("passphrase too short", problems={"passphrase": sentence})
    if len(passphrase) > LONGEST_PASSPHRASE:
        sentence = f"Adgangssætningen må højst have {LONGEST_PASSPHRASE} tegn."
        raise InvalidInputError("passphrase too long", problems={"passphrase": sentence})
    return _hasher.hash(passphrase)


def check_username(username: str) -> str:
    """The username as it is stored: 2–60 of a–z, 0–9, dot, dash, underscore; else InvalidInputError."""
    username = username.strip().casefold()
    if not _USERNAME.fullmatch(username):
        sentence = "Brugernavnet skal have 2–60 tegn: a–z, 0–9, punktum, bindestreg og understreg."
        raise InvalidInputError("bad username", problems={"username": sentence})
    return username


def delay_before_answer(session: Session, *, username: str, source: str, now: datetime) -> timedelta:
    """How long a log-in waits before it is tried, from the failures of the last 15 minutes.

    Failures from the same source slow it to at most 8 s, failures on the account from anywhere else
    to at most 2 s. The right passphrase is always let in after the wait: guessing on somebody's
    account must not keep a caseworker out of an acute case.
    """
    since = col(LoginAttempt.at) > now - FAILURES_COUNT_FOR
    count = select(func.count()).select_from(LoginAttempt)
    here = session.exec(count.where(since, LoginAttempt.source == source[:64])).one()
    account = session.exec(count.where(since, LoginAttempt.username == _fingerprint(username))).one()
    return max(_growing(here, longest=LONGEST_DELAY), _growing(account, longest=LONGEST_DELAY_FROM_ELSEWHERE))


def log_in(
    session: Session, *, username: str, passphrase: str, source: str, now: datetime, replaces: str = ""
) -> StartedSession:
    """Starts a session for whom the passphrase proves; the session of the old cookie `replaces` ends.

    Raises LogInRefusedError, after the same work whether or not the account exists; the failure is
    left behind for `delay_before_answer`.
    """
    account = _account(session, username)
    usable = account is not None and account.is_active and account.password_hash
    fits = _verify(account.password_hash if account is not None and usable else _nobody(), passphrase)
    if account is None or not usable or not fits:
        error = LogInRefusedError("wrong username or passphrase")
        attempt = LoginAttempt(username=_fingerprint(username), source=source[:64], at=now)
        error.leaves_behind.append(attempt)
        raise error
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(_normal(passphrase))
        session.add(account)
    return start_session(session, account, now=now, replaces=replaces)


def start_session(session: Session, staff: Staff, *, now: datetime, replaces: str = "") -> StartedSession:
    """A session of its own for `staff`, never one that existed before the log-in."""
    earlier = session.get(LoginSession, _digest(replaces)) if replaces else None
    replaced_own = earlier is not None and earlier.ended_at is None and earlier.staff_id == staff.id
    if earlier is not None:
        end_session(session, replaces, now=now)
    assert staff.id is not None
    secret = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            id=_digest(secret),
            staff_id=staff.id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            last_seen_at=now,
        )
    )
    return StartedSession(secret, staff, replaced_own)


def session_of(
    session: Session, secret: str, *, now: datetime, idle: timedelta, lifetime: timedelta
) -> tuple[LoginSession, Staff] | None:
    """The running session of this cookie and whose it is, or None when it ended, idled out or is unknown."""
    found = session.exec(
        select(LoginSession, Staff)
        .join(Staff, col(Staff.id) == LoginSession.staff_id)
        .where(LoginSession.id == _digest(secret), col(LoginSession.ended_at).is_(None), col(Staff.is_active))
    ).first()
    if found is None:
        return None
    entry, staff = found
    if now - entry.last_seen_at > idle or now - entry.created_at > lifetime:
        return None
    return entry, staff


def touch_session(session: Session, entry_id: str, *, now: datetime) -> None:
    """Notes that the session is in use."""
    session.exec(update(LoginSession).where(col(LoginSession.id) == entry_id).values(last_seen_at=now))


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    """Ends the session of this cookie; does nothing when there is none."""
    running = (col(LoginSession.id) == _digest(secret), col(LoginSession.ended_at).is_(None))
    session.exec(update(LoginSession).where(*running).values(ended_at=now))


def make_token(session: Session, staff_id: int, label: str, now: datetime, days: int = 90) -> str:
    """A new personal token for the JSON API, valid for 1 to 366 days; kept only as a hash, so shown once."""
    if not 1 <= days <= 366:
        raise InvalidInputError("bad token lifetime", problems={"days": "Vælg mellem 1 og 366 dage."})
    if not label.strip() or len(label) > 80:
        raise InvalidInputError("bad token label", problems={"label": "Skriv et navn på 1–80 tegn."})
    token = _MARK + secrets.token_urlsafe(32)
    session.add(
        AccessToken(
            id=_digest(token),
            staff_id=staff_id,
            label=label.strip(),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    return token


def verify_token(session: Session, token: str, now: datetime) -> Staff | None:
    """Whose token this is, or None when it is unknown, expired, revoked or its owner is not active."""
    return session.exec(
        select(Staff)
        .join(AccessToken, col(AccessToken.staff_id) == Staff.id)
        .where(
            AccessToken.id == _digest(token),
            AccessToken.expires_at > now,
            col(AccessToken.revoked_at).is_(None),
            col(Staff.is_active),
        )
    ).first()


def make_setup_link(session: Session, *, staff_id: int | None, now: datetime) -> str:
    """The secret of a one-time link, valid for 24 hours, by which one person chooses a passphrase.

    With `staff_id=None` it makes the first administrator. The page is /opsaetning/<secret>.
    """
    secret = secrets.token_urlsafe(32)
    session.add(SetupLink(id=_digest(secret), staff_id=staff_id, expires_at=now + LINK_LIVES))
    return secret


def setup_link_of(session: Session, secret: str, *, now: datetime) -> SetupLink:
    """The unused link with this secret. NotFoundError when it is unknown, used, expired or not needed."""
    link = session.get(SetupLink, _digest(secret))
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise NotFoundError("no such setup link")
    if link.staff_id is None and _has_administrator(session):
        raise NotFoundError("there is an administrator already")
    return link


def use_setup_link(
    session: Session, secret: str, *, passphrase: str, now: datetime, username: str = "", name: str = ""
) -> Staff:
    """Sets the passphrase the link is for, making the first administrator if that is what it is for.

    Raises NotFoundError for a link that cannot be used, InvalidInputError for what was typed.
    """
    link = setup_link_of(session, secret, now=now)
    problems: dict[str, str] = {}
    staff = session.get(Staff, link.staff_id) if link.staff_id is not None else None
    if staff is None:
        staff = _first_administrator(session, username, name, now, problems)
    try:
        staff.password_hash = hash_passphrase(passphrase)
    except InvalidInputError as error:
        problems.update(error.problems)
    if problems:
        raise InvalidInputError(problems=problems)
    unused = (col(SetupLink.id) == link.id, col(SetupLink.used_at).is_(None))
    # Two browsers may hold the link open; only the one whose UPDATE finds it unused gets the account.
    if session.exec(update(SetupLink).where(*unused).values(used_at=now)).rowcount != 1:
        raise NotFoundError("the setup link was used a moment ago")
    session.add(staff)
    session.flush()
    return staff


def _first_administrator(
    session: Session, username: str, name: str, now: datetime, problems: dict[str, str]
) -> Staff:
    try:
        username = check_username(username)
    except InvalidInputError as error:
        problems.update(error.problems)
    if session.exec(select(Staff.id).where(Staff.username == username)).first() is not None:
        problems["username"] = "Brugernavnet er i brug. Vælg et andet."
    name = " ".join(name.split())
    if not name or len(name) > 120 or not name.isprintable():
        problems["name"] = "Skriv dit navn med højst 120 tegn."
    return Staff(username=username[:60], name=name[:120], role=StaffRole.ADMIN, created_at=now)


def _has_administrator(session: Session) -> bool:
    able = (Staff.role == StaffRole.ADMIN, col(Staff.is_active), Staff.password_hash != "")
    return session.exec(select(Staff.id).where(*able)).first() is not None


def _account(session: Session, username: str) -> Staff | None:
    username = username.strip().casefold()
    # What no username can be is not sent to the database: PostgreSQL refuses a NUL with an error.
    if not _USERNAME.fullmatch(username):
        return None
    return session.exec(select(Staff).where(Staff.username == username)).first()


def _verify(hashed: str, passphrase: str) -> bool:
    try:
        return _hasher.verify(hashed, _normal(passphrase)[:LONGEST_PASSPHRASE])
    except (VerificationError, InvalidHashError):
        return False


def _normal(passphrase: str) -> str:
    # The same å can arrive as one sign or as two, depending on the keyboard.
    return unicodedata.normalize("NFC", passphrase)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _growing(failures: int, *, longest: timedelta) -> timedelta:
    over = failures - FREE_FAILURES
    return timedelta() if over < 0 else min(longest, timedelta(seconds=0.5 * 2.0 ** min(over, 10)))


def _fingerprint(username: str) -> str:
    # People type their passphrase into the wrong field; what was typed is not kept in clear.
    return hashlib.sha256(username.strip().casefold().encode()).hexdigest()[:60]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
