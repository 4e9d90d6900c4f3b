"""Examines an installation from outside: what works, what does not, in one line each."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from handlepligt.cases.definitions import renewed
from handlepligt.cases.views import SWEEP_MAY_BE_LATE, operation
from handlepligt.errors import HandlepligtError
from handlepligt.followups.consistency import LACKS, look_for_disorder
from handlepligt.migrations import current, head
from handlepligt.protocol_versions.shipped import changed_shipped, lost_versions, unreadable_versions
from handlepligt.settings import Settings
from models.sealing import KeyRing
from models.session import make_engine, reading
from notifications.dispatch import channel_status
from protocols.loader import library


@dataclass(frozen=True)
class Check:
    """One thing examined. What `is_fatal` is not delays something, but the product does its work."""

    name: str
    is_well: bool
    says: str
    is_fatal: bool = True


def examine(settings: Settings, now: datetime) -> list[Check]:
    """All checks in order; changes nothing. A check that cannot be made counts as not well."""
    engine = make_engine(settings.resolved_database_url, busy_seconds=2.0)
    checks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("data", lambda: _data(settings)),
        ("keys", lambda: _keys(settings)),
        ("protocols", _protocols),
        ("database", lambda: _database(engine)),
        ("versions", lambda: _versions(engine)),
        ("operation", lambda: _operation(engine, now)),
        ("cases", lambda: _cases(engine, now)),
        ("channels", lambda: _channels(settings)),
        ("mail", lambda: _mail(settings)),
        ("prefect", lambda: _prefect(settings)),
    ]
    found: list[Check] = []
    for name, make in checks:
        if name in ("versions", "operation", "cases") and not _is_well(found, "database"):
            continue  # Asking would make an empty file, or fail once more for the same reason.
        try:
            found += make()
        except (HandlepligtError, SQLAlchemyError, OSError) as error:
            said = str(error) if isinstance(error, HandlepligtError) else type(error).__name__
            found.append(Check(name, False, said))
    engine.dispose()
    return found


def _data(settings: Settings) -> Iterator[Check]:
    folder = settings.data
    if not folder.is_dir():
        yield Check("data", False, f"{folder} is missing; run `handlepligt migrate`")
        return
    is_private = folder.stat().st_mode & 0o077 == 0
    yield Check(
        "data", is_private, f"{folder}" + ("" if is_private else " can be read by others; run chmod 700"),
    )  # fmt: skip


def _keys(settings: Settings) -> Iterator[Check]:
    path = settings.resolved_key_file
    KeyRing.read(path)
    is_private = path.stat().st_mode & 0o077 == 0
    yield Check(
        "keys", is_private, f"{path}" + ("" if is_private else " can be read by others; run chmod 600")
    )


def _protocols() -> Iterator[Check]:
    yield Check("protocols", True, ", ".join(f"{one.key} {one.version}" for one in library().all()))


def _database(engine: Engine) -> Iterator[Check]:
    if engine.dialect.name == "sqlite" and not _is_there(engine):
        yield Check("database", False, "there is no database file; run `handlepligt migrate`")
        return
    revision = current(engine)
    yield Check(
        "database", revision == head(),
        f"{engine.dialect.name}, revision {revision or 'none'}"
        + ("" if revision == head() else f", but this version needs {head()}; run `handlepligt migrate`"),
    )  # fmt: skip


def _versions(engine: Engine) -> Iterator[Check]:
    with reading(engine) as session:
        shelf = renewed(session)
        lost = [str(one) for one in lost_versions(session)]
        touched = list(changed_shipped(session))
        own = [f"{row.key} {row.version}" for row in unreadable_versions(session)]
    said = f"cannot be read: {', '.join(own)}" if own else f"{len(shelf.all())} can be followed"
    yield Check("versions", not own, said)
    yield Check("versions.shipped", not touched, "; ".join(touched) or "as they were recorded")
    yield Check("versions.cases", not lost, "; ".join(lost) or "each case follows a version that is here")


def _operation(engine: Engine, now: datetime) -> Iterator[Check]:
    with reading(engine) as session:
        found = operation(session, now)
    age = None if found.sweep_at is None else (now - found.sweep_at).total_seconds()
    swept = age is not None and age <= SWEEP_MAY_BE_LATE.total_seconds()
    said = "has never run" if age is None else f"ran {age:.0f} s ago"
    yield Check("sweep", swept, said if swept else f"{said}; is `handlepligt worker` running?")
    unsent = f"{found.queued_deliveries} messages wait, {found.failed_deliveries} could not be delivered"
    yield Check("messages", found.failed_deliveries == 0, unsent)


def _cases(engine: Engine, now: datetime) -> Iterator[Check]:
    with reading(engine) as session:
        found = look_for_disorder(session, now)
    for what in LACKS:
        lacking = len(found.without.get(what, ()))
        yield Check(f"cases.{what}", lacking == 0, f"{lacking} open cases without")
    yield Check("cases.rows", found.broken_rows == 0, f"{found.broken_rows} due rows keep failing")
    yield Check(
        "cases.run", not found.without_run, f"{len(found.without_run)} cases without a run", is_fatal=False
    )


def _channels(settings: Settings) -> Iterator[Check]:
    for channel in channel_status(settings):
        if channel.is_on:
            yield Check(f"channel.{channel.key}", not channel.problem, channel.problem or "on")


def _mail(settings: Settings) -> Iterator[Check]:
    if not settings.smtp_host:
        yield Check("mail", True, "off (HANDLEPLIGT_SMTP_HOST is not set)")
        return
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with socket.create_connection((settings.smtp_host, settings.smtp_port), timeout=5):
            yield Check("mail", True, f"{where} answers")
    except OSError as error:
        yield Check("mail", False, f"{where} does not answer ({type(error).__name__})")


def _prefect(settings: Settings) -> Iterator[Check]:
    address = urlsplit(settings.resolved_prefect_api_url)
    made = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = made(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", f"{address.path}/health")
        status = connection.getresponse().status
        yield Check("prefect", status == http.HTTPStatus.OK, f"answers {status}", is_fatal=False)
    except (OSError, http.client.HTTPException) as error:
        yield Check("prefect", False, f"does not answer ({type(error).__name__})", is_fatal=False)
    finally:
        connection.close()


def _is_well(checks: list[Check], name: str) -> bool:
    return any(check.name == name and check.is_well for check in checks)


def _is_there(engine: Engine) -> bool:
    return engine.url.database is not None and Path(engine.url.database).exists()
