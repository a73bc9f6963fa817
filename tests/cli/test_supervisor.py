"""The processes under `lms run`: they stop together, however the supervisor ends, and what dies is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
# A child with a child of its own; each notes its number and sleeps.
FAMILY = """
import os, subprocess, sys, time
from pathlib import Path
Path(sys.argv[1], str(os.getpid())).touch()
if len(sys.argv) == 2:
    subprocess.Popen([sys.executable, "-c", os.environ["FAMILY"], sys.argv[1], "grandchild"])
time.sleep(600)
"""
SUPERVISOR = """
import os, sys
from lms.supervisor import Child, supervise
sys.exit(supervise([Child("family", [sys.executable, "-c", os.environ["FAMILY"], sys.argv[1]])]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give the folder in which processes note their numbers; whoever is left at the end is killed."""
    yield tmp_path
    for process in _alive(tmp_path):
        process.kill()


@pytest.fixture
def supervisor(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a supervisor, and wait until its child and grandchild are there."""
    command = [sys.executable, "-c", SUPERVISOR, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"FAMILY": FAMILY}, stdout=subprocess.DEVNULL) as process:
        _wait_until(lambda: len(_alive(folder)) == 2)
        yield process
        process.kill()


def _alive(folder: Path) -> list[psutil.Process]:
    numbers = [int(file.name) for file in folder.iterdir() if file.name.isdigit()]
    found = [psutil.Process(number) for number in numbers if psutil.pid_exists(number)]
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


def _wait_until(happens: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def _child(folder: Path, supervisor: subprocess.Popen[bytes]) -> psutil.Process:
    return next(process for process in _alive(folder) if process.ppid() == supervisor.pid)


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_children_in_order(folder: Path, supervisor: subprocess.Popen[bytes], name: signal.Signals) -> None:
    """The supervisor ends with 0 and its child is gone."""
    child = _child(folder, supervisor)
    supervisor.send_signal(name)
    assert supervisor.wait(PATIENCE) == 0
    assert not child.is_running()


def test_killing_the_supervisor_leaves_no_child(folder: Path, supervisor: subprocess.Popen[bytes]) -> None:
    """Even when it can do nothing any more."""
    child = _child(folder, supervisor)
    supervisor.kill()
    _wait_until(lambda: child not in _alive(folder))


def test_a_child_that_dies_is_started_again_without_what_it_left(folder: Path, supervisor: subprocess.Popen[bytes]) -> None:
    """What its own children still held, such as a port, is free for the next one."""
    before = _alive(folder)
    _child(folder, supervisor).kill()
    _wait_until(lambda: len(_alive(folder)) == 2 and not set(before) & set(_alive(folder)))


@contextmanager
def _platform(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the whole platform on the small course, without a demo."""
    own = {"LMS_DATA": str(folder), "LMS_CONTENT": str(ROOT / "tests" / "course"), "HOST": "127.0.0.1", "PORT": str(port)}
    environment = {"PATH": os.environ["PATH"], **own}
    command = [sys.executable, "-m", "lms.cli", "run", "--no-demo"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            _wait_until(lambda: process.poll() is None and _answers(port))
            yield process
        finally:
            process.kill()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kill_one_that_answers(supervisor: psutil.Process) -> None:
    """Kill a process of the web server, which goes on and makes another."""
    server = next(child for child in supervisor.children() if "lms.serving" in child.cmdline())
    before = server.children()
    before[0].kill()
    _wait_until(lambda: len(server.children()) == len(before) and before[0] not in server.children())


def test_the_whole_platform_stops_and_goes_on_with_its_data(tmp_path: Path) -> None:
    """Ctrl-C ends every process; started again it finds the course, makes up for a web process that dies, and leaves nobody when killed."""
    data, port = tmp_path / "data", _free_port()
    with _platform(data, port) as process:
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 4  # a web server with its processes, a worker with its own
        process.send_signal(signal.SIGINT)
        output, complaints = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert b"course: " in output
        assert f"http://localhost:{port}/account/first/".encode() in output
        assert complaints == b""
        assert psutil.wait_procs(family, PATIENCE)[1] == []
    with _platform(data, port) as process:
        _kill_one_that_answers(psutil.Process(process.pid))
        assert _answers(port)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        output, _ = process.communicate(timeout=PATIENCE)
        assert b"is up to date" in output
        assert psutil.wait_procs(family, PATIENCE)[1] == []
