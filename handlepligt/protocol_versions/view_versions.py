"""What pages, API and command line show of versions and of moves: numbers, titles and times, no content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from handlepligt.cases.definitions import read_version, renewed
from handlepligt.cases.kept_versions import shipped_prints
from handlepligt.cases.open_case import refused_look
from handlepligt.cases.relations import teams_led_by
from handlepligt.cases.view_steps import names_of
from handlepligt.domain.access import Action, HouseAction, may_in_the_house
from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from handlepligt.domain.vocabulary import CaseStatus
from models import Case, ProtocolVersion, Staff
from protocols.comparing import Change, compare
from protocols.definition import Definition
from protocols.migrating import Preview, StepLine
from protocols.problems import DefinitionRefused


@dataclass(frozen=True)
class VersionLine:
    """One version of one protocol. `id` is empty for one that ships and has not been recorded yet."""

    id: str
    key: str
    version: str
    title: str
    status: VersionStatus
    origin: VersionOrigin
    is_newest: bool
    open_cases: int
    sha256: str
    drafted_by_id: int | None
    drafted_by: str
    drafted_at: datetime | None
    published_by: str
    published_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {name: value for name, value in vars(self).items() if name != "drafted_by_id"}


def version_lines(session: Session, *, with_drafts: bool) -> tuple[VersionLine, ...]:
    """All versions by key, the newest first; drafts only for those who write them."""
    shelf, names, followed = renewed(session), names_of(session), _followed(session)
    rows = {(row.key, row.version): row for row in session.exec(select(ProtocolVersion))}
    for one in shelf.all():
        if (one.key, one.version) not in rows:
            rows[one.key, one.version] = ProtocolVersion(
                id="", key=one.key, version=one.version, title=one.title, origin=VersionOrigin.PRODUCT,
                status=VersionStatus.PUBLISHED, sha256=shipped_prints().get((one.key, one.version), ""),
                files="{}",
            )  # fmt: skip
    newest = {(key, shelf.latest(key).version) for key in {one.key for one in shelf.all()}}
    return tuple(
        VersionLine(
            id=row.id, key=row.key, version=row.version, title=row.title, status=VersionStatus(row.status),
            origin=VersionOrigin(row.origin),
            is_newest=name in newest and row.status == VersionStatus.PUBLISHED,
            open_cases=followed.get(name, 0), sha256=row.sha256,
            drafted_by_id=row.drafted_by_id, drafted_by=names.get(row.drafted_by_id or 0, ""),
            drafted_at=row.drafted_at,
            published_by=names.get(row.published_by_id or 0, ""), published_at=row.published_at,
            withdrawn_by=names.get(row.withdrawn_by_id or 0, ""), withdrawn_at=row.withdrawn_at,
        )
        for name, row in sorted(rows.items(), key=_by_key_and_newest)
        if with_drafts or row.status != VersionStatus.DRAFT
    )  # fmt: skip


def changes_of(session: Session, row: ProtocolVersion) -> tuple[str, tuple[Change, ...]]:
    """The version that a draft is compared with ("" when it is the first of its key), and what differs."""
    draft = read_version(row)
    before = [
        one for one in renewed(session).all() if one.key == row.key and _age(one.version) < _age(row.version)
    ]
    return (before[-1].version, compare(before[-1], draft)) if before else ("", ())


def definition_in(row: ProtocolVersion) -> Definition | None:
    """What a draft says; None when this product cannot read it any more."""
    try:
        return read_version(row)
    except DefinitionRefused:
        return None


def cases_on_other_versions(
    session: Session, key: str, version: str, *, by: Staff, limit: int = 200
) -> tuple[Case, ...]:
    """Open cases of the protocol that follow another version, for somebody who may propose that they move.

    For the protocol editor all of them; for others those of the teams they lead. Numbers only are shown.
    """
    wanted = select(Case).where(
        Case.track == key, Case.protocol_version != version, Case.status != CaseStatus.CLOSED
    )
    if not may_in_the_house(HouseAction.PROPOSE_MIGRATIONS, by.role):
        wanted = wanted.where(col(Case.team_id).in_(teams_led_by(session, by)))
    return tuple(session.exec(wanted.order_by(col(Case.reference)).limit(limit)))


def case_id_named(session: Session, reference: str, *, by: Staff, now: datetime, face: str) -> str:
    """The id of a case that somebody wants to move. Raises NotFoundError with the attempt on record."""
    found = None
    if "\x00" not in reference:
        found = session.exec(select(Case.id).where(Case.reference == reference)).first()
    if found is None:
        raise refused_look(None, by=by, action=Action.PROPOSE_MIGRATION, now=now, face=face)
    return found


def plain_preview(seen: Preview) -> dict[str, Any]:
    """A preview for JSON."""
    return {
        "from_version": seen.from_version,
        "to_version": seen.to_version,
        "fingerprint": seen.fingerprint,
        "stays_open": [_step(one) for one in seen.stays_open],
        "falls_away": [_step(one) for one in seen.falls_away],
        "opens": [_step(one) for one in seen.opens],
        "history": [_step(one) for one in seen.history],
        "history_only": [_step(one) for one in seen.history_only],
        "unasked": [{"step": step, "question": question} for step, question in seen.unasked],
        "deadlines": [
            {
                "key": one.identity[3], "step": one.identity[0] or None, "round": one.identity[1] or None,
                "title": one.title, "before": one.before, "after": one.after, "is_met": one.is_met,
            }
            for one in seen.changed_deadlines
        ],
    }  # fmt: skip


def _step(line: StepLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "round": line.round,
        "title": line.title,
        "was": line.was or None,
        "reason": line.reason,
    }


def _followed(session: Session) -> dict[tuple[str, str], int]:
    rows = session.exec(
        select(Case.track, Case.protocol_version, func.count())
        .where(Case.status != CaseStatus.CLOSED)
        .group_by(col(Case.track), col(Case.protocol_version))
    )
    return {(key, version): count for key, version, count in rows}


def _by_key_and_newest(entry: tuple[tuple[str, str], ProtocolVersion]) -> tuple[str, list[int]]:
    key, version = entry[0]
    return key, [-number for number in _age(version)]


def _age(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-"))
