"""The commands about versions of protocols: draft, publish, withdraw, versions, migrate, undo, pin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handlepligt.commands.answering import (
    FAILED,
    answering,
    as_somebody,
    local_time,
    refuse,
    say_json,
    settings_of_process,
)
from handlepligt.commands.cases import As, AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from handlepligt.protocol_versions.drafting import Draft
    from models import ProtocolVersion, Staff
    from protocols.migrating import Preview

FACE = "cli"
Key = Annotated[str, typer.Argument(help="Arbejdsgangens nøgle, som adviser_under_18.")]
Version = Annotated[str, typer.Argument(help="Versionen, som 2026-2.")]
Reference = Annotated[str, typer.Argument(help="Sagens nummer, som 2026-000123.")]


def versions(as_json: AsJson = False) -> None:
    """Vis alle versioner, hvor de står, og hvor mange åbne sager der følger dem."""
    with answering():
        from handlepligt.installation import opened
        from handlepligt.protocol_versions.view_versions import version_lines
        from models.session import reading

        with reading(opened(settings_of_process())) as session:
            lines = version_lines(session, with_drafts=True)
        if as_json:
            say_json([line.plain() for line in lines])
            return
        for line in lines:
            typer.echo(
                f"{line.key:<24} {line.version:<10} {line.status.danish:<16} {line.open_cases:>6} åbne sager"
                f"  {line.id}"
            )


def draft(
    as_user: As,
    file: Annotated[
        Path | None, typer.Argument(help="Filen; ellers alle i mappen HANDLEPLIGT_PROTOCOLS.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Indlever en kladde. Har den fejl, vises de alle, og intet gemmes."""
    with answering():
        from handlepligt.protocol_versions.versions import submit_draft

        drafts = _read(file)

        def work(session: Session, by: Staff, now: datetime) -> list[dict[str, Any]]:
            return [_plain(submit_draft(session, draft=one, by=by, now=now)) for one in drafts]

        _say(as_somebody(as_user, work), as_json)


def publish(key: Key, version: Version, as_user: As, as_json: AsJson = False) -> None:
    """Udgiv en kladde, som en anden har skrevet. Nye sager følger den fra nu af."""
    _change(key, version, as_user, as_json, verb="publish")


def withdraw(key: Key, version: Version, as_user: As, as_json: AsJson = False) -> None:
    """Træk en version tilbage: ingen nye sager følger den, de åbne bliver på den."""
    _change(key, version, as_user, as_json, verb="withdraw")


def migrate(
    reference: Reference,
    version: Version,
    as_user: As,
    reason: Annotated[
        str, typer.Option(help="Hvorfor sagen skal flyttes. Uden den vises kun, hvad der sker.")
    ] = "",
    approve: Annotated[bool, typer.Option("--approve", help="Godkend det forslag, der venter.")] = False,
    as_json: AsJson = False,
) -> None:
    """Vis, hvad en anden version gør ved en sag, foreslå flytningen, eller godkend den."""
    with answering():
        from handlepligt.protocol_versions.approve_migration import approve_migration
        from handlepligt.protocol_versions.proposals import (
            look_at_move,
            propose_migration,
            waiting_migration,
        )
        from handlepligt.protocol_versions.view_versions import case_id_named, plain_preview

        def work(session: Session, by: Staff, now: datetime) -> tuple[Preview, str]:
            case_id = case_id_named(session, reference, by=by, now=now, face=FACE)
            case, seen = look_at_move(session, case_id=case_id, to_version=version, by=by, now=now, face=FACE)
            waiting = waiting_migration(session, case)
            if approve:
                if waiting is None or waiting.to_version != version:
                    raise refuse(f"no proposal to move {reference} to {version} waits")
                approve_migration(session, migration_id=waiting.id, by=by, now=now, seen=seen.fingerprint)
                return seen, "moved"
            if reason:
                propose_migration(session, case_id=case_id, to_version=version, reason=reason, by=by, now=now)
                return seen, "proposed"
            return seen, "seen"

        seen, status = as_somebody(as_user, work)
        if as_json:
            say_json({"reference": reference, "status": status} | plain_preview(seen))
            return
        _print_preview(seen)
        typer.echo(
            {
                "moved": f"{reference} følger nu version {version}.",
                "proposed": "Foreslået. En leder for sagen skal godkende det.",
                "seen": "Intet er flyttet. Foreslå det med --reason.",
            }[status]
        )


def undo(reference: Reference, as_user: As, as_json: AsJson = False) -> None:
    """Fortryd den seneste flytning af en sag, så længe intet nyt trin er udført."""
    with answering():
        from handlepligt.protocol_versions.proposals import latest_done
        from handlepligt.protocol_versions.undo_migration import undo_migration
        from handlepligt.protocol_versions.view_versions import case_id_named

        def work(session: Session, by: Staff, now: datetime) -> dict[str, Any]:
            case_id = case_id_named(session, reference, by=by, now=now, face=FACE)
            migration_id = latest_done(session, case_id, by=by, now=now)
            case = undo_migration(session, migration_id=migration_id, by=by, now=now)
            return {"reference": case.reference, "version": case.protocol_version}

        done = as_somebody(as_user, work)
        if as_json:
            say_json(done)
        else:
            typer.echo(f"{reference} følger igen version {done['version']}.")


def pin(
    version: Annotated[
        str, typer.Option(help="Ny version til de arbejdsgange, der er ændret, som 2026-2.")
    ] = "",
) -> None:
    """For udviklere: skriv ned, hvad der følger med produktet, så en ændret fil ses før en udgivelse."""
    with answering():
        from handlepligt.protocol_versions.pinning import pin as write_lock

        added = write_lock(version=version)
        typer.echo("\n".join(f"{key} {one}" for key, one in added) or "Intet nyt.")


def _read(file: Path | None) -> list[Draft]:
    """The drafts in a file, or in every file of the house's folder; ends the command when one is refused."""
    from handlepligt.protocol_versions.drafting import draft_of_file
    from protocols.problems import DefinitionRefused
    from protocols.reading import SHARED

    folder = settings_of_process().resolved_protocols
    files = [file] if file else [one for one in sorted(folder.glob("*.yaml")) if one.name not in SHARED]
    if not files:
        raise refuse(f"there is no definition in {folder}; name a file, or set HANDLEPLIGT_PROTOCOLS")
    drafts: list[Draft] = []
    problems: list[object] = []
    for path in files:
        try:
            drafts.append(draft_of_file(path, folder=folder))
        except DefinitionRefused as refused:
            problems += refused.problems
        except OSError as error:
            raise refuse(f"{path} cannot be read ({type(error).__name__})") from None
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(FAILED)
    return drafts


def _change(key: str, version: str, as_user: str, as_json: bool, *, verb: str) -> None:
    with answering():
        from handlepligt.errors import NotFoundError
        from handlepligt.protocol_versions import versions as verbs

        def work(session: Session, by: Staff, now: datetime) -> list[dict[str, Any]]:
            row = verbs.version_named(session, key, version)
            if row is None:
                raise NotFoundError(f"no version {version!r} of {key!r}")
            done = getattr(verbs, verb)(session, version_id=row.id, by=by, now=now)
            return [_plain(done)]

        _say(as_somebody(as_user, work), as_json)


def _plain(row: ProtocolVersion) -> dict[str, Any]:
    return {
        "id": row.id, "key": row.key, "version": row.version, "status": row.status, "sha256": row.sha256,
    }  # fmt: skip


def _say(rows: list[dict[str, Any]], as_json: bool) -> None:
    from handlepligt.domain.version_words import VersionStatus

    if as_json:
        say_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['key']} {row['version']}: {VersionStatus(row['status']).danish.lower()}")


def _print_preview(seen: Preview) -> None:
    for title, lines in (
        ("Fortsætter", seen.stays_open),
        ("Åbnes", seen.opens),
        ("Bortfalder", seen.falls_away),
        ("Kun historik", seen.history_only),
    ):
        for line in lines:
            typer.echo(f"{title + ':':<14} {line.title}")
    for step, question in seen.unasked:
        typer.echo(f"{'Spørges ikke:':<14} {step}: {question}")
    for one in seen.changed_deadlines:
        typer.echo(f"{'Frist:':<14} {one.title}: {local_time(one.before)} → {local_time(one.after)}")


COMMANDS = (versions, draft, publish, withdraw, migrate, undo, pin)
