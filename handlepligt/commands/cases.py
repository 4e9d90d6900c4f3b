"""The commands about cases, on behalf of a member of staff: raise, show, list. Every look is recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handlepligt.commands.answering import (
    DENMARK,
    answering,
    as_somebody,
    local_time,
    refuse,
    say_json,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from models import Staff

case = typer.Typer(
    help="Sager. Alt sker på en medarbejders vegne og med dennes rettigheder.", no_args_is_help=True
)

FACE = "cli"
As = Annotated[str, typer.Option("--as", help="Brugernavnet på den, det gøres for.")]
# What is printed of each line of a list.
_SHOWN = {
    "open_steps": ("key", "title", "due_at"),
    "steps": ("key", "title", "status"),
    "deadlines": ("title", "due_at", "status"),
    "calls": ("called_at", "contact", "outcome"),
    "people": ("name", "relation"),
    "bypasses": ("at", "role", "reason"),
    "siblings": ("reference", "holder_name"),
    "sub_cases": ("reference", "title", "status", "holder_name"),
}
AsJson = Annotated[bool, typer.Option("--json", help="Svar som JSON.")]


@case.command("raise")
def raise_(
    as_user: As,
    name: Annotated[str, typer.Option(prompt="Borgerens navn", help="Spørges der om, hvis det udelades.")],
    summary: Annotated[str, typer.Option(prompt="Hvad er bekymringen", help="Kort beskrivelse.")],
    cpr: Annotated[str, typer.Option(help="CPR-nummer, hvis det kendes.")] = "",
    birth_date: Annotated[str, typer.Option(help="Fødselsdato som 2009-05-01, hvis den kendes.")] = "",
    track: Annotated[str, typer.Option(help="Arbejdsgangens nøgle; ellers vælges den, der passer.")] = "",
    received_at: Annotated[
        str, typer.Option(help="Hvornår den blev modtaget, som 2026-11-27T16:55 (dansk tid).")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Rejs en bekymring. Den, det gøres for, har handlepligten fra samme øjeblik."""
    with answering():
        from handlepligt.cases.raise_concern import raise_concern

        born = _read_date(birth_date)
        received = _read_instant(received_at)

        def work(session: Session, by: Staff, now: datetime) -> dict[str, Any]:
            made = raise_concern(
                session, by=by, now=now, citizen_name=name, summary=summary, cpr=cpr or None,
                birth_date=born, track=track or None, received_at=received,
            )  # fmt: skip
            return {
                "reference": made.reference, "track": made.track, "status": made.status,
                "next_due_at": made.next_due_at,
            }  # fmt: skip

        done = as_somebody(as_user, work)
        if as_json:
            say_json(done)
        else:
            typer.echo(f"{done['reference']} er oprettet. Næste frist: {local_time(done['next_due_at'])}.")


@case.command("show")
def show(
    reference: Annotated[str, typer.Argument(help="Sagens nummer, som 2026-000123.")],
    as_user: As,
    as_json: AsJson = False,
) -> None:
    """Vis en sag. Opslaget skrives i loggen, før noget vises."""
    with answering():
        from handlepligt.cases.queries import look_at_case
        from handlepligt.web.api.whole_case import own_part_of, whole_case

        def work(session: Session, by: Staff, now: datetime) -> dict[str, Any]:
            looked = look_at_case(session, reference=reference, by=by, now=now, face=FACE)
            seen = (
                whole_case(session, looked, now)
                if looked.is_whole
                else own_part_of(session, looked.case, by, now)
            )
            return seen.model_dump()

        found = as_somebody(as_user, work)
        if as_json:
            say_json(found)
        else:
            _print_case(found)


@case.command("list")
def list_(
    as_user: As,
    status: Annotated[str, typer.Option(help="open, closed, in_progress ...")] = "open",
    overdue: Annotated[bool, typer.Option("--overdue", help="Kun sager med en overskredet frist.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Højst så mange.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Vis de sager, medarbejderen kan se i lister, uden deres indhold."""
    with answering():
        from handlepligt.cases.queries import case_list
        from models import AccessLogEntry

        def work(session: Session, by: Staff, now: datetime) -> list[dict[str, Any]]:
            session.add(
                AccessLogEntry(at=now, staff_id=by.id, action="list_cases", was_allowed=True, face=FACE)
            )
            page = case_list(
                session, by=by, now=now, status=status, overdue=True if overdue else None, limit=limit
            )
            return [
                {
                    "reference": row.reference, "track": row.track, "status": row.status,
                    "is_acute": row.is_acute, "holder": row.keeper_name, "next_due_at": row.next_due_at,
                    "is_overdue": row.is_overdue, "open_steps": list(row.open_steps),
                }
                for row in page.rows
            ]  # fmt: skip

        rows = as_somebody(as_user, work)
        if as_json:
            say_json(rows)
            return
        for row in rows:
            late = " OVERSKREDET" if row["is_overdue"] else ""
            typer.echo(
                f"{row['reference']}  {row['status'].danish:<26} {row['holder']:<24}"
                f" {local_time(row['next_due_at'])}{late}"
            )


def _print_case(found: dict[str, Any]) -> None:
    """The case as plain lines, a list by what tells its lines apart; all the rest stays with --json."""
    for key, value in found.items():
        if isinstance(value, datetime):
            typer.echo(f"{key}: {local_time(value)}")
        elif isinstance(value, dict):
            said = ", ".join(str(part) for part in value.values() if part not in (None, ""))
            typer.echo(f"{key}: {said}")
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            typer.echo(f"{key}: {', '.join(value)}")
        elif isinstance(value, list):
            typer.echo(f"{key}: {len(value)}")
            for one in value if key in _SHOWN else ():
                typer.echo("  " + "  ".join(_said(one[name]) for name in _SHOWN[key]))
        elif value not in (None, ""):
            typer.echo(f"{key}: {value}")


def _said(value: object) -> str:
    return local_time(value) if isinstance(value, datetime) else str(value or "–")


def _read_date(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise refuse("--birth-date: write the date as 2009-05-01") from None


def _read_instant(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written) if written else None
    except ValueError:
        raise refuse("--received-at: write the time as 2026-11-27T16:55") from None
    return at.replace(tzinfo=DENMARK) if at is not None and at.tzinfo is None else at
