"""The command that examines the installation: doctor."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from handlepligt.commands.answering import FAILED, answering, say_json, settings_of_process


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON.")] = False) -> None:
    """Undersøg installationen: indstillinger, database, nøgler, gennemgang, beskeder, mail og Prefect."""
    with answering():
        from handlepligt import clock
        from handlepligt.doctor import examine

        checks = examine(settings_of_process(), clock.now())
        if as_json:
            say_json([asdict(check) for check in checks])
        else:
            for check in checks:
                mark = "OK  " if check.is_well else "FEJL" if check.is_fatal else "OBS "
                typer.echo(f"{mark} {check.name}: {check.says}")
        if any(not check.is_well and check.is_fatal for check in checks):
            raise typer.Exit(FAILED)
