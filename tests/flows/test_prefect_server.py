"""The embedded server: locked, on loopback, started again when it dies, and gone when its parent is."""

import base64
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handlepligt.prefect_server import PrefectServer, prefect_environment, prefect_home
from handlepligt.settings import read_settings
from tests.flows.installation import ROOT, Installation, free_port, wait_for

pytestmark = pytest.mark.timeout(180)


def status_of(installation: Installation, path: str, *, auth: str = "") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", installation.settings.prefect_port, timeout=10)
    headers = {"Authorization": "Basic " + base64.b64encode(auth.encode()).decode()} if auth else {}
    connection.request("POST", path, body="{}", headers={**headers, "Content-Type": "application/json"})
    return connection.getresponse().status


@pytest.mark.prefect
def test_only_who_knows_the_secret_reaches_the_api(installation: Installation) -> None:
    auth = installation.environment["PREFECT_API_AUTH_STRING"]

    assert status_of(installation, "/api/flow_runs/filter") == 401
    assert status_of(installation, "/api/flow_runs/filter", auth="handlepligt:guess") == 401
    assert status_of(installation, "/api/flow_runs/filter", auth=auth) == 200


@pytest.mark.prefect
def test_the_server_listens_on_loopback_only(installation: Installation) -> None:
    port = f"{installation.settings.prefect_port:04X}"

    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{port}") and line.split()[3] == "0A"
    ]

    assert listening == [f"0100007F:{port}"]


@pytest.mark.prefect
def test_a_server_that_was_killed_comes_back_with_what_it_knew(installation: Installation) -> None:
    killed = installation.server.pid
    assert killed is not None
    with installation.api() as api:
        before = api.hello().status_code

    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: installation.server.pid not in (None, killed), "another server")

    assert installation.server.wait_until_ready(90)
    with installation.api() as api:
        assert api.hello().status_code == before == 200


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path, prefect_api_url="", prefect_auth=None)

    first = prefect_environment(settings)["PREFECT_API_AUTH_STRING"]
    second = prefect_environment(settings)["PREFECT_API_AUTH_STRING"]

    assert first == second
    assert len(first) > 40
    assert (prefect_home(settings) / "auth").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in prefect_home(settings).iterdir()] == ["auth"]


def test_an_outside_server_gets_its_own_secret_and_none_is_made(tmp_path: Path) -> None:
    there = "https://prefect.example/api"
    settings = read_settings(data=tmp_path, prefect_api_url=there, prefect_auth=None)
    with_secret = read_settings(data=tmp_path, prefect_api_url=there, prefect_auth="user:word")

    assert "PREFECT_API_AUTH_STRING" not in prefect_environment(settings)
    assert prefect_environment(with_secret)["PREFECT_API_AUTH_STRING"] == "user:word"
    assert prefect_environment(settings)["PREFECT_API_URL"] == there
    assert not prefect_home(settings).exists()


def test_nothing_is_told_to_anybody_outside(tmp_path: Path) -> None:
    environment = prefect_environment(read_settings(data=tmp_path, prefect_auth=None))

    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_LOGGING_TO_API_ENABLED"] == "false"
    assert environment["PREFECT_HOME"].startswith(str(tmp_path))


PARENT = """
import sys, time
from pathlib import Path
from handlepligt.prefect_server import PrefectServer
from handlepligt.settings import read_settings
server = PrefectServer(read_settings(data=Path(sys.argv[1]), prefect_port=int(sys.argv[2])))
server.start()
while server.pid is None:
    time.sleep(0.01)
print(server.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_a_killed_parent_leaves_no_server_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), str(free_port())]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    # By then it has become Prefect, and the tie to its parent has outlived that.
    wait_for(lambda: b"prefect\x00server" in Path(f"/proc/{child}/cmdline").read_bytes(), "a server")

    parent.kill()
    parent.wait()

    wait_for(lambda: not Path(f"/proc/{child}").exists() or is_zombie(child), "the end of the child", 10)


@pytest.mark.slow
def test_a_server_that_cannot_start_is_tried_again_later_and_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("handlepligt.prefect_server._command", lambda port: ["-c", "exit(3)"])
    monkeypatch.setattr("handlepligt.child_process.FIRST_PAUSE_SECONDS", 0.1)
    server = PrefectServer(read_settings(data=tmp_path, prefect_port=free_port(), prefect_auth=None))

    server.start()
    wait_for(lambda: len(caplog.records) >= 3, "three starts")
    began = time.monotonic()
    server.stop()

    assert [record.getMessage() for record in caplog.records[:3]] == [
        f"the Prefect server ended with code 3; next start in {pause} s" for pause in (0.1, 0.2, 0.4)
    ]
    assert not server.is_ready()
    assert server.pid is None
    assert time.monotonic() - began < 2


def test_a_server_is_not_started_twice_but_again_after_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "handlepligt.prefect_server._command", lambda port: ["-c", "import time; time.sleep(60)"]
    )
    # With a secret of the installation's own, nothing but the server itself needs the folder.
    server = PrefectServer(read_settings(data=tmp_path, prefect_port=free_port(), prefect_auth="user:word"))

    with server:
        wait_for(lambda: server.pid is not None, "a server")
        with pytest.raises(RuntimeError):
            server.start()
    assert server.pid is None
    assert not server.wait_until_ready(30)
    server.start()

    wait_for(lambda: server.pid is not None, "another server")
    server.stop()
    server.stop()
    assert server.pid is None


def is_zombie(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
