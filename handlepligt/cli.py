"""The command `handlepligt`: every command there is. Heavy rooms are imported when a command runs."""

import typer

from handlepligt.commands import cases, health, people, protocol_draw, protocol_versions, protocols, running

app = typer.Typer(
    help="Handlepligt: én navngiven person har ansvaret for hver bekymring, til den er lukket.",
    no_args_is_help=True,
    add_completion=False,
    # Tracebacks with the values of variables could show what a case holds.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(running.up)
app.command()(running.demo)
app.command(hidden=True)(running.fill_demo)
app.command()(running.serve)
app.command()(running.worker)
app.command()(running.migrate)
app.command()(health.doctor)
app.add_typer(people.user, name="user")
app.add_typer(people.token, name="token")
app.add_typer(cases.case, name="case")
protocols.protocol.command("draw")(protocol_draw.draw)
for command in protocol_versions.COMMANDS:
    protocols.protocol.command()(command)
app.add_typer(protocols.protocol, name="protocol")
