"""The command that draws a protocol: protocol draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from handlepligt.commands.answering import answering, refuse


def draw(
    what: Annotated[str, typer.Argument(metavar="FIL|NØGLE", help="En fil, eller nøglen på en arbejdsgang.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="Filen, der skrives; ellers skrives der her.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="da, de, en, nb eller sv.")] = "da",
) -> None:
    """Tegn en arbejdsgang fra venstre mod højre som SVG."""
    with answering():
        from protocols.drawing import draw as drawn
        from protocols.loader import library, load_file
        from protocols.problems import DefinitionRefused, UnknownDefinitionError
        from protocols.wording import UnknownLanguageError

        try:
            path = Path(what)
            definition = load_file(path, thorough=False) if path.is_file() else library().latest(what)
            svg = drawn(definition, language=language)
        except UnknownDefinitionError:
            raise refuse(f"there is no file and no protocol {what}") from None
        except UnknownLanguageError as error:
            raise refuse(str(error)) from None
        except DefinitionRefused as refused:
            for problem in refused.problems:
                typer.echo(str(problem), err=True)
            raise refuse(f"{what} cannot be drawn before this is mended") from None
        if out is None:
            typer.echo(svg)
        else:
            out.write_text(svg + "\n", encoding="utf-8")
            typer.echo(f"Tegnet i {out}.")
