"""Throwaway PostgreSQL and Redis servers: private, on free ports, with real files, and never left behind."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import redis as redis_client

PATIENCE = 60.0
# Waits until the tests' process is gone, however it went, and removes the folder.
KEEPER = 'cat >/dev/null; for pause in 0 1 1 2 4; do sleep $pause; rm -rf -- "$1" && break; done'


class ServerError(Exception):
    """A server is not installed or does not start; the message says what to do."""


class Server(ABC):
    """A server process with its files in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        """Choose a port and a password; nothing is started yet."""
        self.folder = folder
        self.port = _free_port()
        self.password = secrets.token_hex(16)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that clients take."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Give the command line that runs the server in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Tell whether the server lets a client in."""

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "log"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                message = (
                    f"{self.command()[0]} did not start:\n{self.log.read_text(errors='replace')[-2000:]}"
                )
                self.kill()
                raise ServerError(message)
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill the server and its children at once, as a power cut to the process would."""
        if self.process is None:
            return
        if self.process.poll() is None:
            family = psutil.Process(self.process.pid)
            for member in [family, *family.children(recursive=True)]:
                _kill(member)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Let the server finish in order."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
            self.process = None

    def restart(self) -> None:
        """Start it again, at the same address and with the same data, after stopping it if it still runs."""
        self.stop()
        self.start()


class Postgres(Server):
    """A PostgreSQL cluster of its own, owned by an unprivileged user."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Create the cluster; a `durable` one writes to the disk at each commit, which tests rarely need."""
        super().__init__(folder)
        self.durable = durable
        self.data = folder / "data"
        password_file = folder / "password"
        password_file.write_text(self.password)
        for path in (folder, password_file):
            _give_away(path)
        options = ["--username=lms", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"]
        command = [
            *_as_server(),
            find_binary("initdb"),
            f"--pgdata={self.data}",
            "--locale=C.UTF-8",
            "--no-sync",
            *options,
        ]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if result.returncode:
            message = f"initdb failed:\n{result.stdout}{result.stderr}"
            raise ServerError(message)

    @property
    def url(self) -> str:
        """The address of the cluster's first database."""
        return self._address("postgres")

    def _address(self, database: str) -> str:
        return f"postgresql://lms:{self.password}@127.0.0.1:{self.port}/{database}"

    def command(self) -> Sequence[str]:
        """Give the command line; unless `durable`, a crash of the machine, not the server, loses data."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "shared_buffers": "32MB",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [
            *_as_server("QUIT"),
            find_binary("postgres"),
            "-D",
            str(self.data),
            "-p",
            str(self.port),
            *options,
        ]

    def answers(self) -> bool:
        """Tell whether one can connect."""
        try:
            psycopg.connect(self.url, connect_timeout=20).close()
        except psycopg.OperationalError:
            return False
        return True

    def new_database(self) -> str:
        """Create an empty database beside the others; give its address."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._address(name)


class Redis(Server):
    """A Redis server that writes each change to its append-only file before it answers."""

    def __init__(self, folder: Path) -> None:
        """Write its configuration."""
        super().__init__(folder)
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "unixsocket": folder / "redis.sock",
            "dir": folder,
            "requirepass": self.password,
            "appendonly": "yes",
            "appendfsync": "no",  # to the system, not to the disk: survives the process, not the machine
            "save": '""',
        }
        self.configuration = folder / "redis.conf"
        self.configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        """Give the command line."""
        return [
            find_binary("setpriv"),
            "--pdeathsig",
            "KILL",
            find_binary("redis-server"),
            str(self.configuration),
        ]

    def answers(self) -> bool:
        """Tell whether it has read its data and answers."""
        try:
            with redis_client.Redis.from_url(self.url, socket_timeout=20) as client:
                return bool(client.ping())
        except (redis_client.ConnectionError, redis_client.TimeoutError):
            return False


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a PostgreSQL server for the length of the block."""
    with _folder() as folder:
        server = Postgres(folder, durable=durable)
        with _running(server):
            yield server


@contextmanager
def redis() -> Iterator[Redis]:
    """Run a Redis server for the length of the block."""
    with _folder() as folder:
        server = Redis(folder)
        with _running(server):
            yield server


@contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.kill()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = tempfile.mkdtemp(prefix="lms-test-")
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", folder], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield Path(folder)
    finally:
        keeper.communicate()


def find_binary(name: str) -> str:
    """Find a program in PATH or where Debian keeps PostgreSQL's; raise `ServerError` where there is none."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name), reverse=True
    )
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", *map(str, places)])
    if found := shutil.which(name, path=path):
        return found
    message = f"{name} was not found. `make test` installs what the tests need; see bin/packages."
    raise ServerError(message)


def _as_server(signal_at_death: str = "KILL") -> list[str]:
    """Begin a command line that dies with the thread that starts it and, for root, gives up root's rights."""
    start = [find_binary("setpriv"), "--pdeathsig", signal_at_death]
    if os.geteuid() == 0:
        user = _server_user()
        start += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return start


def _server_user() -> pwd.struct_passwd:
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, _server_user().pw_uid, _server_user().pw_gid)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
