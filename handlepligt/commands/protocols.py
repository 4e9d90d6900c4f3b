"""The command about protocols: protocol check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from handlepligt.commands.answering import FAILED, answering, refuse, say_json

protocol = typer.Typer(help="Arbejdsgange.", no_args_is_help=True)


@protocol.callback()
def _group() -> None:
    """Arbejdsgange."""


@protocol.command("check")
def check(
    file: Annotated[
        Path | None, typer.Argument(help="En fil eller mappe; ellers dem, der følger med.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON.")] = False,
) -> None:
    """Kontrollér arbejdsgange: fejl med fil og linje, modsigelser i kilden og det, ingen har bekræftet."""
    with answering():
        from protocols.checking import check as check_definitions

        if file is not None and not file.exists():
            raise refuse(f"there is no file {file}")
        report = check_definitions(file)
        if as_json:
            say_json(
                {
                    "problems": [vars_of(problem) for problem in report.problems],
                    "conflicts": list(report.conflicts),
                    "notes": list(report.notes),
                }
            )
        else:
            for problem in report.problems:
                typer.echo(str(problem), err=True)
            for title, lines in (
                ("Modsigelser i kilden", report.conflicts),
                ("Ikke bekræftet", report.notes),
            ):
                if lines:
                    typer.echo(f"{title}:")
                for line in lines:
                    typer.echo(f"  {line}")
            if report.is_clean:
                typer.echo("Ingen fejl.")
        if not report.is_clean:
            raise typer.Exit(FAILED)


def vars_of(problem: object) -> dict[str, object]:
    """A problem's fields, for JSON."""
    return {name: getattr(problem, name) for name in ("file", "line", "column", "sentence")}
