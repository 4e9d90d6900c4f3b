"""The commands about protocols as files: check, schema, diff, try, simulate."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handlepligt.commands.answering import FAILED, WRONG_USE, answering, refuse, say_json
from handlepligt.commands.protocol_files import (
    Language,
    definition_named,
    existing,
    say_problems,
    sentence_of,
)
from handlepligt.commands.protocol_simulate import simulate
from handlepligt.commands.protocol_try import try_

if TYPE_CHECKING:
    from protocols.problems import Problem

protocol = typer.Typer(help="Arbejdsgange.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Svar som JSON.")]
NAMED = "En fil, eller nøglen på en arbejdsgang, der følger med, som nøgle eller nøgle@version."


@protocol.callback()
def _group() -> None:
    """Arbejdsgange."""


@protocol.command("check")
def check(
    file: Annotated[
        Path | None, typer.Argument(help="En fil eller mappe; ellers dem, der følger med.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Sig også hver betingelse i ord.")] = False,
    language: Annotated[
        Language, typer.Option(help="Sproget, fejlene siges på: en eller da.")
    ] = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Kontrollér arbejdsgange: alle fejl på én gang, modsigelser i kilden og det, ingen har bekræftet.

    Slutter med 0, når der ingen fejl er, 1 ved fejl og 2, når filen ikke findes.
    """
    with answering():
        from protocols.checking import check as check_definitions

        report = check_definitions(existing(file) if file is not None else None, explain=explain)
        if as_json:
            told: dict[str, object] = {
                "problems": [vars_of(problem, language) for problem in report.problems],
                "conflicts": list(report.conflicts),
                "notes": list(report.notes),
            }
            if explain:
                told["conditions"] = [asdict(one) for one in report.conditions]
            say_json(told)
        else:
            say_problems(report.problems, language)
            for title, lines in (
                ("Betingelser", [str(one) for one in report.conditions]),
                ("Modsigelser i kilden", report.conflicts),
                ("Bemærkninger", report.notes),
            ):
                if lines:
                    typer.echo(f"{title}:")
                for line in lines:
                    typer.echo(f"  {line}")
            if report.is_clean:
                typer.echo("Ingen fejl.")
        if not report.is_clean:
            raise typer.Exit(FAILED)


def vars_of(problem: Problem, language: Language) -> dict[str, object]:
    """A problem's fields, for JSON."""
    return {**asdict(problem), "sentence": sentence_of(problem, language)}


@protocol.command("schema")
def schema(
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Skriv i denne fil.")] = None,
) -> None:
    """Skriv et JSON Schema, så et skriveprogram kan foreslå nøgler og vise fejl, mens man skriver."""
    with answering():
        import json

        from protocols.editor_schema import editor_schema

        _write(json.dumps(editor_schema(), ensure_ascii=False, indent=2), out)


@protocol.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help=NAMED)],
    new: Annotated[str, typer.Argument(help=NAMED)],
    as_json: AsJson = False,
) -> None:
    """Vis i ord, hvad der er tilføjet, fjernet og ændret fra en arbejdsgang til en anden.

    Slutter med 0, når intet er ændret, 1, når noget er, og 2 ved fejl.
    """
    with answering():
        from protocols.comparing import compare

        found = compare(definition_named(old, WRONG_USE), definition_named(new, WRONG_USE))
        if as_json:
            fields = ("how", "kind", "where", "what", "old", "new")
            say_json([{name: getattr(one, name) for name in fields} for one in found])
        else:
            for change in found:
                typer.echo(str(change))
            if not found:
                typer.echo("Ingen forskel.")
        if found:
            raise typer.Exit(FAILED)


def _write(text: str, out: Path | None) -> None:
    """Into a file, or to standard output."""
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise refuse(f"{out} cannot be written: {error.strerror}") from None


protocol.command("try")(try_)
protocol.command("simulate")(simulate)
