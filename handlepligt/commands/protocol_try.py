"""The command protocol try: one case led through a protocol at the keyboard; nothing of it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from handlepligt.commands.answering import FAILED, answering, refuse
from handlepligt.commands.asking import Unusable, ask_fact, ask_until, read_day
from handlepligt.commands.protocol_files import definition_named
from handlepligt.commands.trial import Trial

if TYPE_CHECKING:
    from protocols.definition import Definition
    from protocols.invented_case import InventedCase


def try_(
    file: Annotated[str, typer.Argument(help="En fil, eller en arbejdsgang, der følger med.")],
    at: Annotated[str, typer.Option(help="Hvornår sagen kommer ind, som 2027-01-04T09:00.")] = "",
) -> None:
    """Prøv en arbejdsgang: en opdigtet sag, et trin ad gangen. Intet bliver gemt.

    Du er alle i sagen: hvert trin udføres af en, der må, og frister bliver ikke forlænget.
    """
    with answering():
        definition = definition_named(file, FAILED)
        received = _received(at, definition)
        try:
            typer.echo(f"{definition.title} ({definition.key}@{definition.version}). Intet bliver gemt.")
            Trial(_raised(definition, received)).run()
        except (EOFError, KeyboardInterrupt):
            typer.echo("\nStoppet. Intet er gemt.")


def _received(at: str, definition: Definition) -> datetime:
    from zoneinfo import ZoneInfo

    from handlepligt import clock

    if not at:
        return clock.now()
    try:
        return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(definition.head.zone))
    except ValueError:
        raise refuse(f"--at {at} is no time; write it as 2027-01-04T09:00") from None


def _raised(definition: Definition, received: datetime) -> InventedCase:
    """Asks what is asked when a concern is raised."""
    from protocols.invented_case import InventedCase

    case = InventedCase(definition, received_at=received)
    born = ask_until(
        "Borgerens alder eller fødselsdato (Enter, hvis den er ukendt) >",
        lambda typed: _birth_date(typed, case),
    )
    facts: dict[str, object] = {}
    for fact in definition.intake_facts:
        facts[fact.key] = ask_fact(case, fact)
    return InventedCase(
        definition,
        received_at=received,
        birth_date=born if isinstance(born, date) else None,
        facts={key: value for key, value in facts.items() if value is not None},
    )


def _birth_date(typed: str, case: InventedCase) -> date | None:
    today = case.now.astimezone(case.zone).date()
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and int(typed[:4]) <= 120:
        return date(today.year - int(typed[:4]), 1, 1)
    born = read_day(typed, case)
    if born > today:
        raise Unusable("Fødselsdatoen ligger i fremtiden.")
    return born
