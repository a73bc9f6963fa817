"""The servers under load: the product and the bare 'hello', on the same command line."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.load import LOOPBACK
from bench.talk import TalkError
from lms.cli import web_command
from lms.settings import Settings
from tests.servers import find_binary

WORKERS = 2
PATIENCE = 30.0
ROOT = Path(__file__).parents[1]
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its workers are the processes that answer."""

    port: int
    process: psutil.Process

    def workers(self) -> list[psutil.Process]:
        """Give the processes that answer."""
        return [child for child in self.process.children() if child.name() != "resource_tracker"]

    def cpu(self) -> float:
        """Tell how many seconds of processor time its workers have used so far."""
        return float(sum(times.user + times.system for times in (worker.cpu_times() for worker in self.workers())))

    def memory(self) -> float:
        """Tell how many MB of memory its largest worker sees, shared memory counted whole."""
        return float(max(worker.memory_info().rss for worker in self.workers()) / MEGABYTE)

    def share(self) -> float:
        """Tell how many MB of the machine's memory its largest worker takes, what several processes share being divided among them."""
        return float(max(worker.memory_full_info().pss for worker in self.workers()) / MEGABYTE)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def product(settings: Settings, env: Mapping[str, str]) -> Iterator[Server]:
    """Serve the platform for the length of the block."""
    with _running(web_command(settings, WORKERS), settings.port, env) as server:
        yield server


@contextmanager
def hello(env: Mapping[str, str]) -> Iterator[Server]:
    """Serve the measuring rod for the length of the block, by the product's own command line but for the application's name."""
    settings = Settings.from_env({**env, "PORT": str(free_port())})
    command = web_command(settings, WORKERS, "bench.hello:app")
    with _running(command, settings.port, env) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, env: Mapping[str, str]) -> Iterator[Server]:
    command = [find_binary("setpriv"), "--pdeathsig", "TERM", *command]  # never left behind
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env, "PORT": str(port)})
    try:
        _wait(process, port)
        yield Server(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = "the web server did not start; what it printed stands above"
    raise TalkError(message)
