"""Several processes under one: a child that dies is started again, and all stop together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

PATIENCE = 10.0


@dataclass(slots=True)
class Child:
    """A process to keep running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, so that a terminal's Ctrl-C reaches only the supervisor."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own commands


class _Stopped(Exception):
    pass


def supervise(children: Sequence[Child]) -> int:
    """Keep the children running until Ctrl-C or a termination signal; then stop them all and return 0."""

    def stop(*_: object) -> None:
        raise _Stopped

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    try:
        for child in children:
            child.start()
        while True:
            time.sleep(0.5)
            for child in children:
                _look_after(child)
    except _Stopped:
        return 0
    finally:
        _stop(children)


def _look_after(child: Child) -> None:
    if child.process is not None and child.process.poll() is not None:
        print(f"{child.name} stopped with {child.process.returncode}; starting it again", flush=True)  # noqa: T201 - speaks to the terminal
        time.sleep(max(0.0, 2 - (time.monotonic() - child.started)))
        child.start()


def _stop(children: Sequence[Child]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
