"""The command that draws a protocol: protocol draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from handlepligt.commands.answering import WRONG_USE, answering, refuse
from handlepligt.commands.protocol_files import definition_named


def draw(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FIL|NØGLE", help="En fil, eller nøglen på en arbejdsgang, som nøgle@version."
        ),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Skriv i denne fil.")] = None,
    language: Annotated[str, typer.Option("--language", help="da, de, en, nb eller sv.")] = "da",
) -> None:
    """Tegn en arbejdsgang fra venstre mod højre som SVG.

    Slutter med 2, når arbejdsgangen ikke findes eller har fejl, eller filen ikke kan skrives.
    """
    with answering():
        from protocols.drawing import draw as drawn
        from protocols.wording import UnknownLanguageError

        definition = definition_named(what, WRONG_USE)
        try:
            svg = drawn(definition, language=language)
        except UnknownLanguageError as error:
            raise refuse(str(error)) from None
        if out is None:
            typer.echo(svg)
            return
        try:
            out.write_text(f"{svg}\n", encoding="utf-8")
        except OSError as error:
            raise refuse(f"{out} cannot be written: {error.strerror}") from None
