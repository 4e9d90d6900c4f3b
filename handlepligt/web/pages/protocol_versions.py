"""Versions of protocols: the list, a draft handed in and read through, published by another, withdrawn."""

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from handlepligt.cases.open_case import row_of
from handlepligt.domain.access import HouseAction
from handlepligt.domain.version_words import VersionStatus
from handlepligt.errors import ConflictError, HandlepligtError, NotFoundError, RefusedByRuleError
from handlepligt.protocol_versions.drafting import read_draft, shared_texts
from handlepligt.protocol_versions.versions import (
    discard_draft,
    publish,
    refuse_unless_editor,
    submit_draft,
    withdraw,
)
from handlepligt.protocol_versions.view_versions import changes_of, version_lines
from handlepligt.web.auth import Visitor, require_visitor
from handlepligt.web.deps import Chosen, Database, Looks, Now, OwnForm
from handlepligt.web.errors import ForgedFormError, status_of
from handlepligt.web.rendering import render
from models import ProtocolVersion
from models.session import reading, writing
from protocols.problems import DefinitionRefused, Problem
from protocols.reading import SHARED

router = APIRouter(prefix="/protokolversioner")
NOTICES = {
    "kladde": "Kladden er gemt. En anden protokolansvarlig skal læse og udgive den.",
    "udgivet": "Versionen er udgivet. Nye sager følger den; de åbne sager bliver på deres.",
    "kasseret": "Kladden er kasseret.",
    "trukket": "Versionen er trukket tilbage. Ingen nye sager følger den; de åbne bliver på den.",
    "foreslaaet": "Flytningen er foreslået. En leder for hver sag skal godkende den.",
}
NO_FILE = "Vælg filen med arbejdsgangen."
EMPTY = "Filen er tom. Vælg filen med arbejdsgangen."
NO_TEXT = "Filen er ikke en tekst. Vælg filen med arbejdsgangen; dens navn ender på .yaml."
# How PDF, Office (new and old), PNG and JPEG begin: whoever chose one has chosen the wrong file.
OTHER_KINDS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Handed:
    """The files of a posted form that carries the token of its session, by the names of their fields."""

    files: dict[str, tuple[str, bytes]]


async def _handed(request: Request, visitor: Annotated[Visitor, Depends(require_visitor)]) -> Handed:
    data: FormData = await request.form(max_files=1 + len(SHARED), max_fields=10)
    if not hmac.compare_digest(str(data.get("csrf", "")).encode(), visitor.csrf.encode()):
        raise ForgedFormError("the form does not carry the token of this session")
    uploads = {name: value for name, value in data.multi_items() if isinstance(value, UploadFile)}
    return Handed({name: (one.filename or "", await one.read()) for name, one in uploads.items()})


HandedIn = Annotated[Handed, Depends(_handed)]


@router.get("")
def show_all(request: Request, visitor: Looks, engine: Database, gemt: str = "") -> Response:
    """All versions; for those who write them the drafts too, and the form to hand one in."""
    return _list(request, visitor, engine, notice=NOTICES.get(gemt, ""))


@router.post("")
def hand_in(
    request: Request, handed: HandedIn, visitor: Looks, engine: Database, settings: Chosen, now: Now
) -> Response:
    """Takes a draft, or shows everything that is wrong with it; then nothing is kept."""
    refuse_unless_editor(visitor.staff)
    name, content = handed.files.get("definition", ("", b""))
    if not content:
        return _list(request, visitor, engine, sentence=EMPTY if name else NO_FILE, status=422)
    if content.startswith(OTHER_KINDS):
        return _list(request, visitor, engine, sentence=NO_TEXT, status=422)
    own = {
        f"{field}.yaml": text for field, (_, text) in handed.files.items() if text and field != "definition"
    }
    try:
        shared = shared_texts(settings.resolved_protocols) | {
            name: text for name, text in own.items() if name in SHARED
        }
        # Before the transaction: walking a large protocol takes its time.
        draft = read_draft(content, shared=shared, name=Path(name).name)
        with writing(engine) as session:
            row = submit_draft(session, draft=draft, by=visitor.staff, now=now)
    except DefinitionRefused as refused:
        return _list(request, visitor, engine, problems=refused.problems, status=422)
    except ConflictError as error:
        return _list(request, visitor, engine, sentence=error.user_message, status=status_of(error))
    return RedirectResponse(f"/protokolversioner/{row.id}?gemt=kladde", status_code=303)


@router.get("/{version_id}")
def show_one(request: Request, version_id: str, visitor: Looks, engine: Database, gemt: str = "") -> Response:
    """One version: where it stands, what differs from the one before, and what can be done about it."""
    return _one(request, version_id, visitor, engine, notice=NOTICES.get(gemt, ""))


@router.post("/{version_id}/udgiv")
def publish_it(
    request: Request, version_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Publishes the draft that was read."""
    try:
        with writing(engine) as session:
            publish(session, version_id=version_id, by=visitor.staff, now=now, sha256=form.line("sha256"))
    except (ConflictError, RefusedByRuleError) as error:
        return _again(request, version_id, visitor, engine, error)
    return RedirectResponse(f"/protokolversioner/{version_id}?gemt=udgivet", status_code=303)


@router.post("/{version_id}/kasser")
def discard_it(
    request: Request, version_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Throws the draft away."""
    try:
        with writing(engine) as session:
            discard_draft(session, version_id=version_id, by=visitor.staff, now=now)
    except ConflictError as error:
        return _again(request, version_id, visitor, engine, error)
    return RedirectResponse("/protokolversioner?gemt=kasseret", status_code=303)


@router.post("/{version_id}/traek-tilbage")
def withdraw_it(
    request: Request, version_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """No new cases take the version any more."""
    try:
        with writing(engine) as session:
            withdraw(session, version_id=version_id, by=visitor.staff, now=now)
    except ConflictError as error:
        return _again(request, version_id, visitor, engine, error)
    return RedirectResponse(f"/protokolversioner/{version_id}?gemt=trukket", status_code=303)


def _again(
    request: Request, version_id: str, visitor: Visitor, engine: Any, error: HandlepligtError
) -> Response:
    return _one(request, version_id, visitor, engine, sentence=error.user_message, status=status_of(error))


def _list(
    request: Request,
    visitor: Visitor,
    engine: Any,
    *,
    notice: str = "",
    sentence: str = "",
    problems: list[Problem] | None = None,
    status: int = 200,
) -> Response:
    is_editor = visitor.may(HouseAction.EDIT_PROTOCOLS)
    with reading(engine) as session:
        lines = version_lines(session, with_drafts=is_editor)
    context = {
        "lines": lines,
        "is_editor": is_editor,
        "notice_text": notice,
        "sentence": sentence,
        "found": problems or [],
    }
    return render(request, "protocol_versions/list.html", context, status=status)


def _one(
    request: Request,
    version_id: str,
    visitor: Visitor,
    engine: Any,
    *,
    notice: str = "",
    sentence: str = "",
    status: int = 200,
) -> Response:
    is_editor = visitor.may(HouseAction.EDIT_PROTOCOLS)
    with reading(engine) as session:
        row = row_of(session, ProtocolVersion, version_id)
        line = next(
            (one for one in version_lines(session, with_drafts=is_editor) if one.id == version_id), None
        )
        if row is None or line is None:
            raise NotFoundError("a draft is for those who write protocols")
        before, changes = changes_of(session, row)
    context = {
        "line": line,
        "is_draft": line.status is VersionStatus.DRAFT,
        "is_published": line.status is VersionStatus.PUBLISHED,
        "is_editor": is_editor,
        "is_own": line.drafted_by_id == visitor.staff.id,
        "may_move": is_editor or visitor.may(HouseAction.SEE_BOARD),
        "before": before,
        "changes": changes,
        "notice_text": notice,
        "sentence": sentence,
    }
    return render(request, "protocol_versions/show.html", context, status=status)
