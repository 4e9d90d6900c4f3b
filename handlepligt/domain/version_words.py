"""The words for versions of protocols and for moving a case between them, each with its Danish name."""

from enum import StrEnum


class VersionOrigin(StrEnum):
    """Where a version of a protocol comes from."""

    PRODUCT = "product"
    HOUSE = "house"


class VersionStatus(StrEnum):
    """Where a version of a protocol stands. A withdrawn one takes no new cases; running cases keep it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def danish(self) -> str:
        return _VERSION_STATUS[self]


_VERSION_STATUS = {
    VersionStatus.DRAFT: "Kladde",
    VersionStatus.PUBLISHED: "Udgivet",
    VersionStatus.WITHDRAWN: "Trukket tilbage",
}


class MigrationStatus(StrEnum):
    """Where the move of a case to another version of its protocol stands."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    DONE = "done"
    UNDONE = "undone"

    @property
    def danish(self) -> str:
        return _MIGRATION_STATUS[self]


_MIGRATION_STATUS = {
    MigrationStatus.PROPOSED: "Foreslået",
    MigrationStatus.WITHDRAWN: "Ikke gennemført",
    MigrationStatus.DONE: "Gennemført",
    MigrationStatus.UNDONE: "Fortrudt",
}
