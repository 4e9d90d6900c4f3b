"""The commands about staff: user add, token create."""

from __future__ import annotations

from typing import Annotated

import typer

from handlepligt.commands.answering import answering, say_json, settings_of_process

user = typer.Typer(help="Medarbejdere.", no_args_is_help=True)
token = typer.Typer(help="Personlige nøgler til JSON-API'et.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Svar som JSON.")]


@user.command("add")
def add(
    username: Annotated[str, typer.Argument(help="Brugernavn: 2–60 tegn, a–z, 0–9, . - _")],
    name: Annotated[str, typer.Option(help="Fulde navn.")],
    role: Annotated[str, typer.Option(help="Rolle, for eksempel adviser, professional, leader, admin.")],
    pool: Annotated[str, typer.Option(help="Gruppe, for eksempel under_18 eller over_18.")] = "",
    team: Annotated[str, typer.Option(help="Teamets nøgle.")] = "",
    create_team: Annotated[
        bool, typer.Option("--create-team", help="Opret teamet, hvis det ikke findes.")
    ] = False,
    email: Annotated[str, typer.Option(help="Arbejdsmail.")] = "",
    phone: Annotated[str, typer.Option(help="Arbejdstelefon.")] = "",
    deputy: Annotated[str, typer.Option(help="Stedfortræderens brugernavn.")] = "",
    as_json: AsJson = False,
) -> None:
    """Opret en medarbejder, og få et engangslink til at vælge adgangssætning."""
    with answering():
        from handlepligt import clock
        from handlepligt.hire import NewStaff, hire
        from handlepligt.identity import make_setup_link
        from handlepligt.installation import become_real, prepare, setup_address
        from models.session import writing

        settings = settings_of_process()
        engine = prepare(settings)
        become_real(engine)
        wanted = NewStaff(
            username=username, name=name, role=role, pool=pool, team=team, makes_team=create_team,
            email=email, phone=phone, deputy=deputy,
        )  # fmt: skip
        now = clock.now()
        with writing(engine) as session:
            person = hire(session, wanted, staff_domains=settings.staff_domains, now=now)
            link = setup_address(settings, make_setup_link(session, staff_id=person.id, now=now))
        if as_json:
            say_json({"id": person.id, "username": person.username, "role": person.role, "link": link})
        else:
            typer.echo(
                f"{person.username} er oprettet. Link til at vælge adgangssætning (én gang, 24 timer):"
            )
            typer.echo(f"  {link}")


@token.command("create")
def create(
    username: Annotated[str, typer.Argument(help="Hvis nøglen er.")],
    label: Annotated[str, typer.Option(help="Hvad nøglen bruges til.")] = "kommandolinje",
    days: Annotated[int, typer.Option(help="Hvor mange dage den gælder, 1–366.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Lav en nøgle til JSON-API'et. Den vises kun denne ene gang."""
    with answering():
        from handlepligt import clock
        from handlepligt.hire import staff_named
        from handlepligt.identity import make_token
        from handlepligt.installation import opened
        from models.session import writing

        engine = opened(settings_of_process())
        with writing(engine) as session:
            person = staff_named(session, username)
            made = make_token(session, person.id or 0, label, clock.now(), days)
        if as_json:
            say_json({"username": username, "label": label, "days": days, "token": made})
        else:
            typer.echo(made)
