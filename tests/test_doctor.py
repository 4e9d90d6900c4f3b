"""The doctor finds what does not work, each in its line, and changes nothing."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlepligt import clock
from handlepligt.followups.heartbeats import beat
from models.session import writing
from tests.command_line import Installation, installation_in
from tests.house import make_house
from tests.make import make_case, make_due_row


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation_in(tmp_path, monkeypatch) as made:
        yield made


def ill(installation: Installation) -> set[str]:
    """The names of the checks that are not well and matter."""
    import json

    found = json.loads(installation.run("doctor", "--json").stdout)
    return {check["name"] for check in found if not check["is_well"] and check["is_fatal"]}


def swept(installation: Installation, ago: timedelta = timedelta()) -> None:
    with installation.engine() as engine:
        beat(engine, "sweep", clock.now() - ago)


def test_an_installation_that_was_never_made_is_ill_and_stays_unmade(installation: Installation) -> None:
    assert {"data", "keys", "database"} <= ill(installation)
    assert installation.run("doctor").exit_code == 1
    assert not installation.data.exists()


def test_an_installation_whose_sweep_runs_is_well_without_prefect(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEPLIGT_PREFECT_PORT", "1")
    installation.done("migrate")
    swept(installation)

    result = installation.run("doctor")

    assert (result.exit_code, ill(installation)) == (0, set())
    assert "OBS  prefect" in result.stdout


def test_a_sweep_that_stopped_is_found(installation: Installation) -> None:
    installation.done("migrate")
    never = ill(installation)
    swept(installation, ago=timedelta(minutes=6))

    assert never == {"sweep"}
    assert ill(installation) == {"sweep"}


def test_keys_that_others_can_read_are_found(installation: Installation) -> None:
    installation.done("migrate")
    swept(installation)
    installation.key_file.chmod(0o644)

    assert ill(installation) == {"keys"}


def test_a_case_that_lacks_a_step_and_a_row_that_keeps_failing_are_found(installation: Installation) -> None:
    installation.done("migrate")
    swept(installation)
    with installation.engine() as engine, writing(engine) as session:
        case = make_case(session, holder=make_house(session).mia)
        make_due_row(session, case=case, attempts=9)

    assert ill(installation) == {"cases.step", "cases.rows"}


def test_a_mail_server_that_does_not_answer_is_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.done("migrate")
    swept(installation)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HANDLEPLIGT_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("HANDLEPLIGT_SMTP_PORT", str(closed.getsockname()[1]))
        monkeypatch.setenv("HANDLEPLIGT_MAIL_FROM", "handlepligt@kommunen.example")
        monkeypatch.setenv("HANDLEPLIGT_STAFF_DOMAINS", "kommunen.example")

        assert ill(installation) == {"mail"}


def test_a_channel_that_does_not_exist_is_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.done("migrate")
    swept(installation)
    monkeypatch.setenv("HANDLEPLIGT_CHANNELS", "pigeon")

    assert ill(installation) == {"channel.pigeon"}


def test_a_case_whose_version_is_gone_is_named_with_what_to_do(installation: Installation) -> None:
    installation.done("migrate")
    swept(installation)
    with installation.engine() as engine, writing(engine) as session:
        make_case(session, holder=make_house(session).mia, protocol_version="2019-1")

    said = installation.run("doctor").stdout

    assert "versions.cases" in ill(installation)
    assert "1 cases (1 of them open) follow adviser_under_18 2019-1, which is not here" in said
    assert "handlepligt protocol draft adviser_under_18.yaml" in said
    assert "handlepligt protocol publish adviser_under_18 2019-1" in said
