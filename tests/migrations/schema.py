"""What a database itself says its tables are, so that two can be compared to the last constraint."""

import re

from sqlalchemy import Engine

COLUMNS = """
    SELECT table_name || '.' || column_name, data_type, character_maximum_length, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    AND conrelid <> coalesce(to_regclass('alembic_version'), 0)
"""
INDEXES = """
    SELECT tablename, indexname, indexdef
    FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
SQLITE = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"


def schema_of(engine: Engine) -> set[str]:
    """Each column, constraint and index as a line of text."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            asked = (COLUMNS, CONSTRAINTS, INDEXES)
            return {repr(tuple(row)) for question in asked for row in connection.exec_driver_sql(question)}
        statements = [row[0] for row in connection.exec_driver_sql(SQLITE)]
    return {line for statement in statements for line in _lines(statement)}


def _lines(statement: str) -> list[str]:
    # SQLite keeps what was typed: a table that was copied has its name in quotes, a default its brackets.
    statement = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", statement)
    statement = re.sub(r"DEFAULT \('(.*?)'\)", r"DEFAULT '\1'", statement)
    # The order of constraints inside a table says nothing; that of columns is kept by their number.
    first, *rest = (line.strip().rstrip(",") for line in statement.splitlines() if line.strip())
    table = first.removesuffix("(").strip()
    if not rest:
        return [first]
    columns = [line for line in rest if not re.match(r"CONSTRAINT|\)", line)]
    others = [line for line in rest if re.match(r"CONSTRAINT|\)", line)]
    return [f"{table}: {number} {line}" for number, line in enumerate(columns)] + [
        f"{table}: {line}" for line in others
    ]
