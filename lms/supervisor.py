"""Several processes under one: a child that dies is started again, and all stop together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

PATIENCE = 10.0
_LIBRARY = ctypes.CDLL(None)
_SIGNAL_AT_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG


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
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            start_new_session=True,
            preexec_fn=_end_with_supervisor,  # noqa: PLW1509 - there is one thread here
        )


def _end_with_supervisor() -> None:
    """Let a child be told to stop even when the supervisor is killed (where the kernel can do that)."""
    if sys.platform == "linux":
        _LIBRARY.prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)


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
        _kill_group(child.process.pid)
        time.sleep(max(0.0, 2 - (time.monotonic() - child.started)))
        child.start()


def _kill_group(leader: int) -> None:
    """Kill what is left of a child's family."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


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
            _kill_group(process.pid)
            process.wait()
