"""Publishes versions of a small protocol, and moves cases between them, as two people would."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.domain.vocabulary import StaffRole
from handlepligt.protocol_versions.approve_migration import approve_migration
from handlepligt.protocol_versions.drafting import Draft, read_draft
from handlepligt.protocol_versions.proposals import preview_of, propose_migration
from handlepligt.protocol_versions.undo_migration import undo_migration
from handlepligt.protocol_versions.versions import publish, submit_draft
from models import Case, CaseMigration, DueRow, ProtocolVersion, Staff
from models.session import reading, writing
from protocols.migrating import Preview
from tests.cases.acting import Stage
from tests.house import House
from tests.make import make_staff
from tests.protocols.small import CONTACTS, LADDERS, SMALL

SHARED = {"contacts.yaml": CONTACTS.encode(), "ladders.yaml": LADDERS.encode()}
# Version 2026-2: the visit is a telephone call now, and talking together may take three working days.
CHANGES = (
    ('version: "2026-1"', 'version: "2026-2"'),
    ("  visit:\n    title: Tag på besøg", "  call:\n    title: Ring op"),
    ('settled("visit")', 'settled("call")'),
    ("within: 1 working day,", "within: 3 working days,"),
)
WORRIED: dict[str, Any] = {"worried": "yes", "why": "Hun er bange.", "danger": "no"}


def text(*changes: tuple[str, str]) -> bytes:
    written = SMALL
    for old, new in changes:
        assert old in written, f"the small definition has no {old!r}"
        written = written.replace(old, new, 1)
    return written.encode()


def draft(*changes: tuple[str, str]) -> Draft:
    return read_draft(text(*changes), shared=SHARED, name="small.yaml")


class Office(Stage):
    """A stage on which Erik writes protocols and Edel publishes them."""

    def __init__(self, engine: Engine, house: House, *, edel: bool = True) -> None:
        super().__init__(engine, house)
        with writing(engine) as session:
            if edel:
                make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR)
            self.edel = session.exec(select(Staff).where(Staff.username == "edel")).one()
        self.erik = house.erik

    def drafted(self, *changes: tuple[str, str]) -> ProtocolVersion:
        row: ProtocolVersion = self.do(submit_draft, by=self.erik, draft=draft(*changes))
        return row

    def published(self, *changes: tuple[str, str]) -> ProtocolVersion:
        row: ProtocolVersion = self.do(publish, by=self.edel, version_id=self.drafted(*changes).id)
        return row

    def in_small(self) -> Case:
        """Mia's case on the small protocol, whose first version is published and whose second is too."""
        self.published()
        case = self.raised(track="small")
        self.published(*CHANGES)
        return case

    def proposed(self, case: Case, to: str = "2026-2", **given: Any) -> CaseMigration:
        given = {"by": self.erik, "reason": "Besøg er nu opkald.", "to_version": to} | given
        migration: CaseMigration = self.do(propose_migration, case_id=case.id, **given)
        return migration

    def moved(self, case: Case, to: str = "2026-2", **given: Any) -> CaseMigration:
        migration = self.proposed(case, to)
        self.do(approve_migration, by=self.house.lars, migration_id=migration.id, **given)
        return self.migration(migration)

    def undone(self, migration: CaseMigration) -> Case:
        case: Case = self.do(undo_migration, by=self.house.lars, migration_id=migration.id)
        return case

    def preview(self, case: Case, to: str = "2026-2") -> Preview:
        with reading(self.engine) as session:
            return preview_of(session, session.get_one(Case, case.id), to, now=self.now)

    def migration(self, one: CaseMigration) -> CaseMigration:
        with reading(self.engine) as session:
            return session.get_one(CaseMigration, one.id)

    def waking(self, case: Case) -> list[tuple[Any, ...]]:
        rows = self.rows(select(DueRow).where(DueRow.case_id == case.id))
        return sorted((row.fire_at, row.kind, row.message, row.roles, row.rung) for row in rows)
