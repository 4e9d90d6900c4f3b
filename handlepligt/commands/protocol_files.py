"""Which definition a command is about: a file, or one that is installed, as key or key@version."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from handlepligt.commands.answering import refuse, say_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.definition import Definition
    from protocols.problems import Problem


class Language(StrEnum):
    """In which language problems are said: English as in the log, or Danish as on the pages."""

    ENGLISH = "en"
    DANISH = "da"


def definition_named(named: str, code: int) -> Definition:
    """The definition at a path, or of that key and perhaps version.

    A broken one ends the command with `code`, a name that is neither as wrong use.
    """
    from protocols.loader import examine, library
    from protocols.problems import UnknownDefinitionError

    if _is_path(named):
        definition, problems = examine(existing(Path(named)))
        if definition is None or problems:
            say_problems(problems)
            raise typer.Exit(code)
        return definition
    key, _, version = named.partition("@")
    try:
        return library().get(key, version) if version else library().latest(key)
    except UnknownDefinitionError:
        known = ", ".join(f"{one.key}@{one.version}" for one in library().all())
        raise refuse(f"there is no file {named} and no definition of that name; there are {known}") from None


def existing(path: Path) -> Path:
    """The path, when something can be found there; else the end of the command as wrong use."""
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise refuse(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return path


def _is_path(named: str) -> bool:
    # A key has neither a dot nor a slash, so nobody needs to guess.
    return "/" in named or "." in named.partition("@")[0] or Path(named).exists()


def say_problems(problems: Iterable[Problem], language: Language = Language.ENGLISH) -> None:
    """Each problem on a line of standard error."""
    for problem in problems:
        place = f"{problem.file}:{problem.line}:{problem.column}"
        typer.echo(f"{place}: {sentence_of(problem, language)}", err=True)


def sentence_of(problem: Problem, language: Language) -> str:
    """What is wrong, in the language that was asked for."""
    return problem.danish if language is Language.DANISH else problem.sentence


def say_value(value: Any) -> None:
    """Prints a frozen value of the kernel as JSON."""
    from dataclasses import asdict

    say_json(asdict(value))
