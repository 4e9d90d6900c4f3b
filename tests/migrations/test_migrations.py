"""The revisions make exactly the tables of the models, up and down, at once and from many starts."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.command import check as alembic_check
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from handlepligt import migrations
from handlepligt.errors import ConfigurationError
from models import Row
from models.session import make_engine
from tests.migrations.schema import schema_of

ROOT = Path(__file__).parents[2]
NewUrl = Callable[[], str]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """A function that gives the address of an empty database."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('new') / 'new.db'}"
    make: NewUrl = request.getfixturevalue("make_postgres")
    return make


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_tables_are_made_taken_away_and_made_again(new_url: NewUrl) -> None:
    engine = make_engine(new_url())

    assert migrations.current(engine) is None
    assert migrations.upgrade(engine)
    assert migrations.current(engine) == migrations.head()
    assert migrations.check(engine) == []

    migrations.downgrade(engine)
    assert migrations.current(engine) is None
    assert tables(engine) == set()

    assert migrations.upgrade(engine)
    assert migrations.check(engine) == []
    assert tables(engine) == set(Row.metadata.tables)
    engine.dispose()


def test_the_revisions_make_what_the_models_say_to_the_last_constraint(new_url: NewUrl) -> None:
    migrated, modelled = make_engine(new_url()), make_engine(new_url())

    migrations.upgrade(migrated)
    Row.metadata.create_all(modelled)

    assert schema_of(migrated) == schema_of(modelled)
    assert len(schema_of(migrated)) > 200
    migrated.dispose()
    modelled.dispose()


def test_a_difference_from_the_models_is_found(new_url: NewUrl) -> None:
    engine = make_engine(new_url())
    migrations.upgrade(engine)

    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_case_open_due")
        connection.exec_driver_sql("ALTER TABLE team ADD COLUMN colour VARCHAR(10)")

    differences = migrations.check(engine)
    assert len(differences) == 2
    assert "ix_case_open_due" in str(differences)
    assert "colour" in str(differences)
    engine.dispose()


def test_a_second_start_finds_nothing_to_do_and_is_quick(new_url: NewUrl) -> None:
    url = new_url()
    migrations.upgrade(url)

    began = time.monotonic()
    changed = [migrations.upgrade(url) for _ in range(5)]

    assert changed == [False] * 5
    assert (time.monotonic() - began) / 5 < 0.05


def test_a_start_with_nothing_to_do_does_not_import_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    migrations.upgrade(url)
    code = (
        "import sys; from handlepligt.migrations import upgrade; "
        f"assert not upgrade({url!r}); print('alembic' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert said.stdout.strip() == "False"


def test_of_several_processes_that_start_together_one_migrates(new_url: NewUrl) -> None:
    # The first line comes when everything is imported; then all are let go at the same time.
    code = (
        "import sys; from handlepligt.migrations import upgrade; print('ready', flush=True); "
        "sys.stdin.readline(); print(upgrade(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, new_url()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for process in started:
        process.stdout.readline()

    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in started]

    assert sorted(out.strip() for out, _ in said) == ["False", "False", "False", "True"], said


def test_a_revision_that_fails_leaves_the_database_as_it_was(new_url: NewUrl) -> None:
    engine = make_engine(new_url())
    with engine.begin() as connection:
        # The last table of the first revision cannot be made, because something of that name is there.
        connection.exec_driver_sql("CREATE TABLE due_row (id INTEGER)")

    with pytest.raises(Exception, match="due_row"):
        migrations.upgrade(engine)

    assert migrations.current(engine) is None
    assert tables(engine) == {"due_row"}
    engine.dispose()


def test_a_database_of_a_newer_version_stops_the_start(new_url: NewUrl) -> None:
    engine = make_engine(new_url())
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(ConfigurationError, match=r"HANDLEPLIGT_DATABASE_URL.*9999"):
        migrations.upgrade(engine)
    engine.dispose()


def test_foreign_keys_are_checked_again_after_a_migration(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")

    migrations.upgrade(engine)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_the_revisions_are_one_line_numbered_in_order() -> None:
    script = ScriptDirectory(str(ROOT / "handlepligt" / "migrations"))

    revisions = [revision.revision for revision in script.walk_revisions()]

    assert script.get_heads() == [migrations.head()]
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]


def test_revisions_outlive_the_code_and_import_none_of_it() -> None:
    for file in (ROOT / "handlepligt" / "migrations" / "versions").glob("*.py"):
        imports = [line for line in file.read_text().splitlines() if line.startswith(("import ", "from "))]

        assert set(imports) <= {"import sqlalchemy as sa", "from alembic import op"}, file.name


def test_the_command_that_writes_revisions_sees_no_difference() -> None:
    # Raises when `make migration` would find something to write.
    alembic_check(Config(toml_file=ROOT / "pyproject.toml"))
