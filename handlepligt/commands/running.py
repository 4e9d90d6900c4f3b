"""The commands that run the product or prepare it: up, demo, serve, worker, migrate."""

from __future__ import annotations

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


def _run_all(*, wants_demo: bool, empty: bool) -> None:
    from handlepligt import clock
    from handlepligt.installation import DEMO, become_real, mode_of, prepare, refuse_taken_ports
    from handlepligt.logs import configure_logs
    from handlepligt.server import run_everything
    from models.session import reading
    from notifications.dispatch import open_channels

    configure_logs()
    settings = settings_of_process()
    refuse_taken_ports(settings, with_prefect=True)
    open_channels(settings)
    engine = prepare(settings)
    with reading(engine) as session:
        mode = mode_of(session)
    if empty:
        become_real(engine)
    elif mode is None or (wants_demo and mode != DEMO):
        # Into an installation with real people this is refused by the demo itself.
        _fill_demo(settings, engine, clock.now())
    run_everything(settings, engine, greet=lambda: _greet(settings, engine, clock.now()))


def _fill_demo(settings: Settings, engine: Engine, now: datetime) -> None:
    from handlepligt.demo import fill_demo
    from handlepligt.installation import filled_aside

    typer.echo("Laver opdigtede sager. Det tager et øjeblik, og kun første gang.")
    with filled_aside(settings, engine) as draft:
        fill_demo(draft, now)


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
