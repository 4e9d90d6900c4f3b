"""Makes an installation ready: data folder, keys, tables, and whether what it holds is real or made up."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from handlepligt import clock
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import ConfigurationError
from handlepligt.identity import make_setup_link
from handlepligt.migrations import current, head, upgrade
from handlepligt.protocol_versions.shipped import check_versions
from handlepligt.settings import Settings
from models import Citizen, InstallationFact, Staff
from models.sealing import KeyRing, install_keys
from models.session import make_engine, reading, writing
from notifications.reach import install_reach

MODE = "mode"
DEMO, REAL = "demo", "real"


def refuse_taken_ports(settings: Settings, *, with_prefect: bool) -> None:
    """Raises ConfigurationError in one sentence when a port that is about to be used is taken."""
    wanted = [("HANDLEPLIGT_PORT", settings.host, settings.port)]
    if with_prefect and not settings.prefect_api_url:
        wanted.append(("HANDLEPLIGT_PREFECT_PORT", "127.0.0.1", settings.prefect_port))
        if settings.port == settings.prefect_port:
            raise ConfigurationError(
                f"HANDLEPLIGT_PORT and HANDLEPLIGT_PREFECT_PORT are both {settings.port}; set one of them to"
                " another port"
            )
    taken = [(name, port) for name, host, port in wanted if _is_taken(host, port)]
    if taken:
        ports = " and ".join(f"port {port} is taken (set {name} to a free one)" for name, port in taken)
        raise ConfigurationError(f"Nothing was started: {ports}")


def prepare(settings: Settings) -> Engine:
    """Makes what is missing (folder, key file, tables) and installs keys and reach in this process.

    Any number of processes may do it at once. Raises ConfigurationError, above all when the key file is
    gone while the database holds what was sealed with it: new keys would hide the loss.
    """
    # Whatever this process makes is for its owner only.
    os.umask(0o077)
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"HANDLEPLIGT_DATA: {settings.data} cannot be made ({type(error).__name__})"
        ) from error
    engine = make_engine(settings.resolved_database_url)
    try:
        upgrade(engine)
    except OperationalError as error:
        raise ConfigurationError(
            f"HANDLEPLIGT_DATABASE_URL: the database cannot be reached ({type(error.orig).__name__})"
        ) from error
    path = settings.resolved_key_file
    if not path.exists() and not _holds_sealed(engine):
        with suppress(FileExistsError):  # Another process was quicker; its keys are the ones.
            KeyRing.generate().write(path)
    install_keys(KeyRing.read(path))
    install_reach(settings)
    check_versions(engine, clock.now())
    return engine


def opened(settings: Settings) -> Engine:
    """The engine of an installation that was made ready before; makes nothing but the record of versions.

    Raises ConfigurationError saying what is missing (the keys, or a migration), and as `check_versions`.
    """
    engine = make_engine(settings.resolved_database_url)
    try:
        found = current(engine)
    except OperationalError as error:
        raise ConfigurationError(
            f"HANDLEPLIGT_DATABASE_URL: the database cannot be reached ({type(error.orig).__name__})"
        ) from error
    if found != head():
        raise ConfigurationError(
            f"the database is at revision {found or 'none'}, this version needs {head()}; run"
            " `handlepligt migrate`"
        )
    install_keys(KeyRing.read(settings.resolved_key_file))
    install_reach(settings)
    check_versions(engine, clock.now())
    return engine


def mode_of(session: Session) -> str | None:
    """`demo`, `real`, or None while nobody has decided. An installation with staff is real unless marked."""
    fact = session.get(InstallationFact, MODE)
    if fact is not None:
        return fact.value
    return REAL if session.exec(select(Staff.id)).first() is not None else None


def become_real(engine: Engine) -> None:
    """Marks the installation as one of real people. Raises ConfigurationError when it holds demo data."""
    with writing(engine) as session:
        if mode_of(session) == DEMO:
            raise ConfigurationError(
                "this installation holds demo data, which never mix with real ones; choose another"
                " HANDLEPLIGT_DATA (or HANDLEPLIGT_DATABASE_URL)"
            )
        if session.get(InstallationFact, MODE) is None:
            session.add(InstallationFact(key=MODE, value=REAL))


def first_administrator_link(engine: Engine, settings: Settings, now: datetime) -> str | None:
    """The address at which the first administrator chooses a passphrase, good for 24 hours and one use.

    None when there is an administrator who can log in.
    """
    with writing(engine) as session:
        able = (Staff.role == StaffRole.ADMIN, col(Staff.is_active), Staff.password_hash != "")
        if session.exec(select(Staff.id).where(*able)).first() is not None:
            return None
        return setup_address(settings, make_setup_link(session, staff_id=None, now=now))


@contextmanager
def filled_aside(engine: Engine) -> Iterator[Engine]:
    """An engine to fill an empty installation with; what is cut off in the middle leaves it empty.

    On SQLite that is a draft beside the database, copied into it whole at the end. An installation that
    holds anybody already is given as it is, for the filler to refuse.
    """
    place = engine.url.database if engine.dialect.name == "sqlite" else None
    if place is None or not _is_undecided(engine):
        yield engine
        return
    draft = Path(f"{place}.draft")
    _remove(draft)
    made = make_engine(f"sqlite:///{draft}")
    # Nothing in the draft need survive a power cut: it would begin anew.
    event.listen(made, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    try:
        upgrade(made)
        yield made
        if not _is_undecided(engine):
            raise ConfigurationError("somebody else has begun to use this installation meanwhile")
        # SQLite's own copy, in one transaction: other processes may have the database open, and would go
        # on writing into the old file if another took its place.
        with made.connect() as source, engine.connect() as target:
            whole: Any = source.connection.dbapi_connection
            whole.backup(target.connection.dbapi_connection)
    finally:
        made.dispose()
        _remove(draft)


def setup_address(settings: Settings, secret: str) -> str:
    """The address of a one-time link."""
    return f"{settings.resolved_public_url}/opsaetning/{secret}"


def _holds_sealed(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.exec(select(Citizen.id)).first() is not None


def _is_undecided(engine: Engine) -> bool:
    with reading(engine) as session:
        return mode_of(session) is None


def _remove(database: Path) -> None:
    """Removes a SQLite file with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)


def _is_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers themselves do: a port that only rests after a restart is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
