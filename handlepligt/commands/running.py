"""The commands that run the product or prepare it: up, demo, serve, worker, migrate."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from handlepligt.commands.answering import answering, settings_of_process

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from handlepligt.settings import Settings


def up(
    empty: Annotated[
        bool, typer.Option("--empty", help="Start en rigtig installation uden opdigtede data.")
    ] = False,
) -> None:
    """Start det hele: websider, arbejdsproces og Prefect. Første gang med opdigtede data."""
    with answering():
        _run_all(wants_demo=False, empty=empty)


def demo() -> None:
    """Fyld en tom installation med opdigtede sager, og start det hele."""
    with answering():
        _run_all(wants_demo=True, empty=False)


def serve() -> None:
    """Start kun websiderne (en af flere processer i en større installation)."""
    with answering():
        from handlepligt.installation import opened, refuse_taken_ports
        from handlepligt.logs import configure_logs
        from handlepligt.web.app import serve as serve_web

        configure_logs()
        settings = settings_of_process()
        refuse_taken_ports(settings, with_prefect=False)
        serve_web(settings, engine=opened(settings))


def worker(holder: Annotated[str, typer.Option(hidden=True)] = "") -> None:
    """Start kun arbejdsprocessen: påmindelser, beskeder og Prefect-kørsler."""
    with answering():
        from handlepligt.installation import opened
        from handlepligt.logs import configure_logs
        from handlepligt.worker import run_worker

        configure_logs()
        settings = settings_of_process()
        run_worker(settings, opened(settings), holder=holder)


def migrate() -> None:
    """Gør databasen klar til denne version, og lav datamappe og nøgler, hvis de mangler."""
    with answering():
        from handlepligt.installation import prepare
        from handlepligt.migrations import head

        prepare(settings_of_process()).dispose()
        typer.echo(f"Databasen er klar (version {head()}).")


def fill_demo() -> None:
    """Fyld en tom installation med opdigtede sager uden at starte noget."""
    with answering():
        from handlepligt import clock
        from handlepligt.demo import fill_demo as fill
        from handlepligt.installation import filled_aside, prepare

        engine = prepare(settings_of_process())
        with filled_aside(engine) as draft:
            fill(draft, clock.now())


def _run_all(*, wants_demo: bool, empty: bool) -> None:
    from handlepligt import clock
    from handlepligt.installation import DEMO, become_real, mode_of, prepare, refuse_taken_ports
    from handlepligt.logs import configure_logs
    from handlepligt.server import run_everything
    from models.session import reading

    configure_logs()
    settings = settings_of_process()
    refuse_taken_ports(settings, with_prefect=True)
    _refuse_unusable_channels(settings)
    engine = prepare(settings)
    with reading(engine) as session:
        mode = mode_of(session)
    if empty:
        become_real(engine)
    elif mode is None or (wants_demo and mode != DEMO):
        # Into an installation with real people this is refused by the demo itself.
        _fill_demo_aside()
    run_everything(settings, engine, greet=lambda: _greet(settings, engine, clock.now()))


def _refuse_unusable_channels(settings: Settings) -> None:
    # The inbox is always usable; what is on besides it takes a while to import.
    if settings.smtp_host or settings.channels:
        from notifications.dispatch import open_channels

        open_channels(settings)


def _fill_demo_aside() -> None:
    """Fills in a process of its own, which gives back the memory that sixty cases at once have taken."""
    typer.echo("Laver opdigtede sager. Det tager et øjeblik, og kun første gang.")
    sys.stdout.flush()
    filled = subprocess.run([sys.executable, "-m", "handlepligt", "fill-demo"], check=False)
    if filled.returncode != 0:
        raise typer.Exit(filled.returncode)  # It has said why.


def _greet(settings: Settings, engine: Engine, now: datetime) -> None:
    from handlepligt.installation import DEMO, first_administrator_link, mode_of
    from models.session import reading

    with reading(engine) as session:
        is_demo = mode_of(session) == DEMO
    lines = [f"Handlepligt kører på {settings.resolved_public_url}/ (stop med Ctrl-C)."]
    if is_demo:
        from handlepligt.demo import PASSPHRASE, demo_logins

        lines += ["", "Alt her er opdigtet. Log ind som:"]
        lines += [f"  {user:<12} {name}, {role}" for user, name, role in demo_logins(engine)]
        lines += [f"Adgangssætning for alle: {PASSPHRASE}"]
    elif link := first_administrator_link(engine, settings, now):
        lines += ["", "Opret den første administrator her (virker én gang, i 24 timer):", f"  {link}"]
    typer.echo("\n".join(lines))
