"""The command line: quick help, one sentence for what goes wrong, and everything on somebody's behalf."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from sqlmodel import select

from handlepligt import clock
from handlepligt.cli import app
from handlepligt.identity import setup_link_of, verify_token
from models import Case, InstallationFact, Staff, Team
from models.session import reading, writing
from tests.command_line import Installation, installation_in
from tests.house import make_house
from tests.protocols.small import write

HEAVY = ("sqlalchemy", "sqlmodel", "fastapi", "prefect", "pydantic", "rich", "structlog", "jinja2", "alembic")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation_in(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def staffed(installation: Installation) -> Installation:
    """An installation with the usual people in it."""
    installation.done("migrate")
    with installation.engine() as engine, writing(engine) as session:
        make_house(session)
    return installation


def raised(staffed: Installation, by: str = "mia") -> str:
    given = ("--as", by, "--name", "Amira Opdigtet", "--summary", "En opdigtet bekymring.")
    reference: str = staffed.as_json("case", "raise", *given, "--birth-date", "2009-05-01")["reference"]
    return reference


def test_help_imports_no_heavy_library() -> None:
    # This is what makes `handlepligt --help` quick; a time measured on a busy machine would not say so.
    look = (
        "import sys\n"
        "from handlepligt.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', [name for name in {HEAVY} if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert "HEAVY []" in ran.stdout
    assert "doctor" in ran.stdout


def test_every_command_says_what_it_is_for() -> None:
    def commands(group: object, path: str = "") -> Iterator[tuple[str, str]]:
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            yield f"{path}{name}", command.help or ""
            if hasattr(command, "commands"):
                yield from commands(command, f"{path}{name} ")

    said = dict(commands(typer.main.get_command(app)))

    assert {
        "up", "demo", "serve", "worker", "migrate", "doctor", "user add", "token create", "case raise",
        "case show", "case list", "protocol check",
    } <= set(said)  # fmt: skip
    assert [name for name, text in said.items() if not text] == []


def test_migrate_makes_folder_keys_and_tables_for_their_owner_only(installation: Installation) -> None:
    installation.done("migrate")

    modes = {path: path.stat().st_mode & 0o777 for path in (installation.data, installation.key_file)}
    assert modes == {installation.data: 0o700, installation.key_file: 0o600}
    assert installation.database.stat().st_mode & 0o077 == 0


def test_migrate_again_keeps_the_keys(installation: Installation) -> None:
    installation.done("migrate")
    before = installation.key_file.read_bytes()

    installation.done("migrate")

    assert installation.key_file.read_bytes() == before


def test_lost_keys_stop_the_start_instead_of_being_made_anew(staffed: Installation) -> None:
    raised(staffed)
    staffed.key_file.unlink()

    said = staffed.refused(1, "migrate")

    assert "HANDLEPLIGT_KEY_FILE" in said
    assert not staffed.key_file.exists()


def test_a_bad_setting_is_named_in_one_sentence(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEPLIGT_PORT", "none")

    assert "HANDLEPLIGT_PORT" in installation.refused(1, "up")


def test_a_database_that_is_away_is_named_without_its_password(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEPLIGT_DATABASE_URL", "postgresql://somebody:very-secret@127.0.0.1:1/nothing")

    said = installation.refused(1, "migrate")

    assert "HANDLEPLIGT_DATABASE_URL" in said
    assert "very-secret" not in said


def test_commands_that_need_a_database_say_how_to_make_one(installation: Installation) -> None:
    installation.data.mkdir()

    assert "handlepligt migrate" in installation.refused(1, "case", "list", "--as", "mia")


def test_a_new_user_gets_a_link_that_works_once(staffed: Installation) -> None:
    made = staffed.as_json(
        "user", "add", "nora", "--name", "Nora Vang", "--role", "adviser", "--pool", "under_18",
        "--team", "nord", "--deputy", "karin", "--email", "nora@kommunen.example", "--phone", "99 00 00 00",
    )  # fmt: skip

    secret = made["link"].rpartition("/opsaetning/")[2]
    with staffed.engine() as engine, reading(engine) as session:
        nora = session.exec(select(Staff).where(Staff.username == "nora")).one()
        assert setup_link_of(session, secret, now=clock.now()).staff_id == nora.id
        assert (nora.pool, nora.password_hash) == ("under_18", "")
        deputy = session.get_one(Staff, nora.deputy_id)
        assert deputy.username == "karin"


def test_a_team_is_made_when_asked_for(installation: Installation) -> None:
    installation.done("migrate")
    new = ("user", "add", "lone", "--name", "Lone Lund", "--role", "leader", "--team", "vest")

    said = installation.refused(2, *new)
    installation.done(*new, "--create-team")

    assert "--create-team" in said
    with installation.engine() as engine, reading(engine) as session:
        assert session.exec(select(Team.key)).all() == ["vest"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("--role", "boss", "--team", "nord"), "adviser, professional, leader"),
        (("--role", "adviser", "--team", "nord", "--pool", "cats"), "over_18, under_18"),
        (("--role", "adviser", "--team", "nowhere"), "nord, syd"),
        (("--role", "adviser"), "--team"),
        (("--role", "leader", "--team", "nord"), "has a leader"),
        (("--role", "adviser", "--team", "nord", "--deputy", "nobody"), "no active user 'nobody'"),
        (("--role", "adviser", "--team", "nord", "--email", "no address"), "e-mail"),
        (("--role", "adviser", "--team", "nord", "--phone", "call me"), "digits"),
    ],
)
def test_a_new_user_who_cannot_be_is_refused_with_the_choices(
    staffed: Installation, given: tuple[str, ...], expected: str
) -> None:
    assert expected in staffed.refused(2, "user", "add", "nora", "--name", "Nora Vang", *given)


def test_a_taken_user_name_is_refused(staffed: Installation) -> None:
    said = staffed.refused(2, "user", "add", "MIA", "--name", "En anden", "--role", "admin")

    assert "taken" in said


def test_mail_outside_the_allowed_domains_is_refused(
    staffed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEPLIGT_STAFF_DOMAINS", "kommunen.example")

    said = staffed.refused(
        2, "user", "add", "nora", "--name", "Nora Vang", "--role", "admin", "--email", "nora@gmail.example"
    )

    assert "kommunen.example" in said


def test_real_people_never_enter_a_demo(staffed: Installation) -> None:
    with staffed.engine() as engine, writing(engine) as session:
        session.add(InstallationFact(key="mode", value="demo"))

    for command in (("user", "add", "x1", "--name", "X", "--role", "admin"), ("up", "--empty")):
        assert "demo" in staffed.refused(1, *command)


def test_a_demo_never_enters_an_installation_with_real_people(staffed: Installation) -> None:
    said = staffed.refused(1, "fill-demo")

    assert staffed.run("demo").exit_code == 1
    assert "empty installation" in said
    with staffed.engine() as engine, reading(engine) as session:
        assert session.exec(select(Case.id)).first() is None


def test_a_token_opens_the_api_for_its_owner(staffed: Installation) -> None:
    token = staffed.done("token", "create", "mia", "--label", "journal", "--days", "7").strip()

    with staffed.engine() as engine, reading(engine) as session:
        owner = verify_token(session, token, clock.now())
        assert owner is not None
        assert owner.username == "mia"


@pytest.mark.parametrize(("days", "code"), [("0", 2), ("367", 2)])
def test_a_token_that_lasts_too_long_is_refused(staffed: Installation, days: str, code: int) -> None:
    staffed.refused(code, "token", "create", "mia", "--days", days)


def test_a_token_for_nobody_is_refused(staffed: Installation) -> None:
    assert "nobody" in staffed.refused(1, "token", "create", "nobody")


def test_the_shipped_protocols_are_clean_and_their_conflicts_listed(installation: Installation) -> None:
    report = installation.as_json("protocol", "check")

    assert report["problems"] == []
    assert any("viso" in line.lower() for line in report["conflicts"])


def test_a_broken_protocol_is_refused_with_file_and_line(installation: Installation, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("key: broken\nnonsense: true\n", "utf-8")

    result = installation.run("protocol", "check", str(broken))

    assert result.exit_code == 1
    assert re.search(r"broken\.yaml:\d+:\d+: ", result.stderr)


@pytest.mark.parametrize("reference", ["", "reference: nowhere, "])
def test_a_deadline_of_law_without_its_law_is_refused_where_it_stands(
    installation: Installation, tmp_path: Path, reference: str
) -> None:
    file = write(tmp_path, ("basis: law, reference: act, ladder", f"basis: law, {reference}ladder"))
    lines = file.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "visited:" in text)

    said = installation.refused(1, "protocol", "check", str(file))

    assert re.match(rf"small\.yaml:{line}:\d+: ", said)
    assert ("'nowhere'" if reference else "a deadline of law needs a reference") in said


def test_a_protocol_file_that_is_not_there_is_wrong_use(installation: Installation, tmp_path: Path) -> None:
    installation.refused(2, "protocol", "check", str(tmp_path / "nothing.yaml"))
