"""The throwaway PostgreSQL is real, separate for each test, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import psycopg

from tests.conftest import MakeDatabase
from tests.postgres_server import PostgresServer


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""))


def fill_with_one_table(url: str) -> None:
    with connect(url) as connection:
        connection.execute("CREATE TABLE filled (id int)")


def test_a_database_made_from_a_template_holds_what_the_template_held(make_postgres: MakeDatabase) -> None:
    first = make_postgres(fill_with_one_table)
    second = make_postgres(fill_with_one_table)

    with connect(first) as one:
        one.execute("INSERT INTO filled VALUES (1)")

    with connect(second) as other:
        assert other.execute("SELECT count(*) FROM filled").fetchone() == (0,)


def test_the_server_listens_below_the_ephemeral_ports(postgres_server: PostgresServer) -> None:
    assert 1024 < postgres_server.port < 32_768


def test_the_server_dies_with_a_killed_test_process() -> None:
    script = (
        "import time\nfrom tests.postgres_server import PostgresServer\n"
        "with PostgresServer() as server:\n"
        "    print(server.port, server.folder, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port, folder = process.stdout.readline().split()
        assert answers(int(port))

        os.kill(process.pid, signal.SIGKILL)

        until = time.monotonic() + 10
        while (alive := answers(int(port))) and time.monotonic() < until:
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)
    assert not alive


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return False
    return True
