"""The throwaway servers start, die, come back with their data, and leave nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis as redis_client

from tests import servers

ROOT = Path(__file__).parent.parent
MAKERS: dict[str, Callable[[], AbstractContextManager[servers.Server]]] = {
    "postgres": servers.postgres,
    "redis": servers.redis,
}
OWNER = """
import signal
import time
from tests.servers import {name}
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in what a script starts in the background
with {name}() as server:
    print(server.folder, server.process.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture(params=MAKERS)
def name(request: pytest.FixtureRequest) -> str:
    """Name each kind of server in turn."""
    return str(request.param)


def write(server: servers.Server) -> None:
    """Store one value."""
    if isinstance(server, servers.Postgres):
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'something' AS value")
    else:
        with redis_client.Redis.from_url(server.url) as client:
            client.set("kept", "something")


def read(server: servers.Server) -> str:
    """Read the stored value."""
    if isinstance(server, servers.Postgres):
        with psycopg.connect(server.url) as connection:
            return str(connection.execute("SELECT value FROM kept").fetchall()[0][0])
    with redis_client.Redis.from_url(server.url, decode_responses=True) as client:
        return str(client.get("kept"))


def gone(folder: Path, pid: int) -> bool:
    """Tell whether neither the process nor the folder exists."""
    return not psutil.pid_exists(pid) and not folder.exists()


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait for a condition to hold."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_data_outlive_a_restart_and_a_kill_but_not_the_block(name: str) -> None:
    with MAKERS[name]() as server:
        folder, address = server.folder, server.url
        assert server.answers()
        write(server)
        server.restart()
        assert read(server) == "something"
        server.kill()
        assert not server.answers()
        server.kill()
        server.restart()
        assert server.url == address
        assert read(server) == "something"
        assert server.process is not None
        pid = server.process.pid
    assert gone(folder, pid)


def test_an_error_in_the_block_leaves_nothing_behind(name: str) -> None:
    with pytest.raises(ZeroDivisionError), MAKERS[name]() as server:
        raise ZeroDivisionError
    assert not server.folder.exists()
    assert not server.answers()


def test_a_server_refuses_clients_without_its_password(name: str) -> None:
    with MAKERS[name]() as server:
        address = server.url.replace(server.password, "wrong")
        if isinstance(server, servers.Postgres):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(address)
        else:
            with (
                pytest.raises(redis_client.AuthenticationError),
                redis_client.Redis.from_url(address) as client,
            ):
                client.ping()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_tests_are_killed(name: str, how: signal.Signals) -> None:
    command = [sys.executable, "-c", OWNER.format(name=name)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as owner:
        assert owner.stdout is not None
        folder, pid = owner.stdout.readline().split()
        assert psutil.pid_exists(int(pid))
        owner.send_signal(how)
    assert eventually(lambda: gone(Path(folder), int(pid)))


def test_each_new_database_is_empty_and_apart() -> None:
    with servers.postgres() as server:
        write(server)
        with psycopg.connect(server.new_database()) as connection:
            count = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        assert count == [(0,)]


def test_writing_through_to_the_disk_is_an_option() -> None:
    with servers.postgres(durable=True) as durable, psycopg.connect(durable.url) as connection:
        assert connection.execute("SHOW fsync").fetchall() == [("on",)]


def test_postgres_does_not_run_as_root() -> None:
    with servers.postgres() as server:
        assert server.process is not None
        assert psutil.Process(server.process.pid).uids().effective != 0


def test_a_missing_program_is_named() -> None:
    with pytest.raises(servers.ServerError, match="no-such-server was not found"):
        servers.find_binary("no-such-server")


def test_a_server_that_can_not_start_says_why() -> None:
    with servers.redis() as taken, servers.redis() as server:
        server.stop()
        text = server.configuration.read_text()
        server.configuration.write_text(text.replace(f"port {server.port}", f"port {taken.port}"))
        with pytest.raises(servers.ServerError, match="bind"):
            server.start()


def test_two_servers_of_a_kind_live_side_by_side() -> None:
    with servers.redis() as one, servers.redis() as other:
        write(one)
        assert read(one) == "something"
        assert read(other) == "None"
