"""What `make migration` runs: it compares the tables of `models` with the newest revision."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.ddl._autogen import ComparisonResult
from alembic.ddl.sqlite import SQLiteImpl
from sqlalchemy import CheckConstraint
from sqlmodel.sql.sqltypes import AutoString

from handlepligt.migrations import head, upgrade
from models import Row, UtcDateTime
from models.sealing import SealedBytes
from models.session import make_engine


class SqliteWithChecks(SQLiteImpl):
    """Alembic sees that a CHECK is new or gone, not that its words changed: a new kind of event, say."""

    __dialect__ = "sqlite"

    def compare_check_constraint(
        self, metadata_constraint: CheckConstraint, reflected_constraint: CheckConstraint
    ) -> ComparisonResult:
        wanted, found = (str(one.sqltext) for one in (metadata_constraint, reflected_constraint))
        return ComparisonResult.Equal() if wanted == found else ComparisonResult.Different(["other words"])


def as_plain_type(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision outlives the code, so it names no type of ours; False leaves the rest to Alembic."""
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, SealedBytes):
        return "sa.LargeBinary()"
    if isinstance(value, AutoString):
        return f"sa.String(length={value.length})"
    return False


engine = make_engine("sqlite://")
if head():
    upgrade(engine)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        render_as_batch=True,
        compare_type=True,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
        render_item=as_plain_type,
    )
    context.run_migrations()
