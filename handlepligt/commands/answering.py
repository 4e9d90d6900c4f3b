"""How a command answers: errors as one English sentence on standard error, exit codes 0, 1 and 2, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from handlepligt.errors import HandlepligtError, InvalidInputError

if TYPE_CHECKING:
    from handlepligt.settings import Settings

FAILED, WRONG_USE = 1, 2
DENMARK = ZoneInfo("Europe/Copenhagen")


@contextmanager
def answering() -> Iterator[None]:
    """Turns a deliberate error into its sentence and exit code 1, or 2 when what was given is wrong.

    An error nobody foresaw is named by its kind only: its text may hold what the database holds.
    """
    try:
        yield
    except InvalidInputError as error:
        said = "; ".join(f"{field}: {sentence}" for field, sentence in error.problems.items())
        _end(said or str(error), WRONG_USE)
    except HandlepligtError as error:
        _end(str(error), FAILED)
    except (typer.Exit, typer.Abort, KeyboardInterrupt, BrokenPipeError):
        # A pipe breaks when whoever reads, such as `head`, has read enough: the command then ends quietly.
        raise
    except Exception as error:
        _end(
            f"{type(error).__name__} (this is a fault of the product; `handlepligt doctor` may say more)",
            FAILED,
        )


def refuse(sentence: str) -> typer.Exit:
    """The end of a command that was used wrongly; to be raised."""
    typer.echo(f"handlepligt: {sentence}", err=True)
    return typer.Exit(WRONG_USE)


def settings_of_process() -> Settings:
    """The settings, read once the command knows that it needs them."""
    from handlepligt.settings import read_settings

    return read_settings()


def as_somebody(username: str, work: Any) -> Any:
    """Runs `work(session, by, now)` in one transaction on behalf of an active member of staff."""
    from handlepligt import clock
    from handlepligt.hire import staff_named
    from handlepligt.installation import opened
    from models.session import writing

    engine = opened(settings_of_process())
    with writing(engine) as session:
        return work(session, staff_named(session, username), clock.now())


def local_time(at: datetime | None) -> str:
    """An instant as staff write it, in Danish time; a dash when there is none."""
    return at.astimezone(DENMARK).strftime("%d-%m-%Y kl. %H.%M") if at else "–"


def say_json(value: Any) -> None:
    """Prints `value` as JSON for programs; times as ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _end(sentence: str, code: int) -> None:
    typer.echo(f"handlepligt: {sentence}", err=True)
    sys.stdout.flush()
    raise typer.Exit(code)
