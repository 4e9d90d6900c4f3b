"""Cases on the command line: on somebody's behalf, with their rights, and on record."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from models import AccessLogEntry, Case, Staff
from models.session import reading, writing
from tests.command_line import Installation, installation_in
from tests.house import make_house

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


def test_a_case_is_raised_on_behalf_of_somebody(staffed: Installation) -> None:
    reference = raised(staffed)

    assert re.fullmatch(r"\d{4}-\d{6}", reference)
    with staffed.engine() as engine, reading(engine) as session:
        case = session.exec(select(Case)).one()
        assert session.get_one(Staff, case.keeper_id).username == "mia"
        assert case.track == "adviser_under_18"


def test_what_was_received_earlier_is_told_in_danish_time(staffed: Installation) -> None:
    staffed.done(
        "case", "raise", "--as", "mia", "--name", "A", "--summary", "S", "--received-at", "2026-07-01T16:55"
    )

    with staffed.engine() as engine, reading(engine) as session:
        assert session.exec(select(Case.received_at)).one().isoformat() == "2026-07-01T14:55:00+00:00"


@pytest.mark.parametrize(
    "given",
    [("--birth-date", "1 May"), ("--received-at", "now"), ("--cpr", "1234"), ("--track", "nothing")],
)
def test_a_case_with_bad_input_is_refused_with_its_field(
    staffed: Installation, given: tuple[str, str]
) -> None:
    said = staffed.refused(2, "case", "raise", "--as", "mia", "--name", "A", "--summary", "S", *given)

    assert given[0].removeprefix("--") in said.replace("_", "-")


def test_a_look_is_recorded_with_its_face(staffed: Installation) -> None:
    reference = raised(staffed)

    seen = staffed.as_json("case", "show", reference, "--as", "lars")

    assert seen["citizen"]["name"] == "Amira Opdigtet"
    with staffed.engine() as engine, reading(engine) as session:
        entry = session.exec(select(AccessLogEntry).order_by(col(AccessLogEntry.at).desc())).first()
        assert entry is not None
        assert (entry.face, entry.was_allowed, entry.action) == ("cli", True, "see_case")


def test_not_yours_looks_like_does_not_exist_and_is_recorded(staffed: Installation) -> None:
    reference = raised(staffed)

    forbidden = staffed.refused(1, "case", "show", reference, "--as", "kim")
    missing = staffed.refused(1, "case", "show", "2026-999999", "--as", "kim")

    assert forbidden == missing
    with staffed.engine() as engine, reading(engine) as session:
        refused = session.exec(select(AccessLogEntry).where(~col(AccessLogEntry.was_allowed))).all()
        assert len(refused) == 2
        assert {entry.face for entry in refused} == {"cli"}


def test_a_case_is_shown_in_lines_too(staffed: Installation) -> None:
    shown = staffed.done("case", "show", raised(staffed), "--as", "mia")

    assert "reference: " in shown
    assert "Amira Opdigtet" in shown
    assert re.search(r"^open_steps: \w+", shown, re.MULTILINE)
    assert re.search(r"^deadlines: \d+\n  \S.+ kl\. .+ running$", shown, re.MULTILINE)
    assert "{" not in shown


def test_a_list_shows_what_one_may_see_without_content(staffed: Installation) -> None:
    reference = raised(staffed)

    assert [row["reference"] for row in staffed.as_json("case", "list", "--as", "lars")] == [reference]
    assert staffed.as_json("case", "list", "--as", "kim") == []
    text = staffed.done("case", "list", "--as", "mia")
    assert reference in text
    assert "Amira" not in text


def test_somebody_unknown_may_do_nothing(staffed: Installation) -> None:
    staffed.refused(1, "case", "list", "--as", "nobody")
