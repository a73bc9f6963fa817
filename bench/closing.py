"""From the closing of an edition to its last certificate: a real worker, with one process and with two."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

import psutil

from bench.large import rows
from bench.report import Line
from bench.run import ROOT, Run
from bench.servers import PATIENCE, Server
from bench.talk import TalkError
from bench.world import RUNNING, Size, edition, enrol, register, world
from lms.certification import queries, signing
from lms.cli import worker_command
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition
from lms.core.viewer import NOBODY
from lms.editions.api import close_edition
from lms.gradebook.models import Standing
from lms.settings import Settings
from tests.servers import find_binary

CLOSING = "closing"
ONE_LEARNER = Size(learners=1, fresh=1)
LONGEST = 240  # seconds for all certificates


def closing(run: Run) -> Iterator[Line]:
    """Close an edition in which all pass: until the last certificate is issued, by a worker with one process and with two."""
    count = run.pace.certificates
    for name, processes in (("closing", 1), ("closing_two", 2)):
        env = run.environment("")
        with world(Settings.from_env(env), ONE_LEARNER) as made, _worker(processes, env) as worker, made.app.app_context():
            edition_id, before = _passing(count), worker.cpu()
            spent = _close(edition_id, count)
            cpu_ms = 1000 * (worker.cpu() - before) / count
        size = f"{count} certificates, {processes} process{'es' * (processes > 1)}"
        yield Line(name, size, rps=round(count / spent, 1), ms=round(1000 * spent), cpu_ms=round(cpu_ms, 1))


def _passing(count: int) -> int:
    """Make an edition with so many learners, who all stand where one stands in the running edition, but pass."""
    with unit_of_work():
        edition_id = edition(CLOSING)
        enrolments = enrol(edition_id, register(CLOSING, count))
        running = db.session.query(Edition.id).filter_by(slug=RUNNING).scalar()
        (row,) = rows(Standing, running)
        standing = {**row, "edition_id": edition_id, "final": Decimal("86.5")}
        db.session.add_all(Standing(**{**standing, "enrolment_id": one, "name_key": f"{one:08}"}) for one in enrolments)
    return edition_id


def _close(edition_id: int, count: int) -> float:
    _until(lambda: bool(signing.text(signing.KEYS)), PATIENCE)  # the worker has made its first turn
    begin = time.perf_counter()
    with unit_of_work():
        close_edition(edition_id, NOBODY)
    _until(lambda: queries.counts(edition_id).issued == count, LONGEST)
    return time.perf_counter() - begin


def _until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            message = "the worker did not do its part; what it printed stands above"
            raise TalkError(message)
        db.session.rollback()
        time.sleep(0.05)


@contextmanager
def _worker(processes: int, env: Mapping[str, str]) -> Iterator[Server]:
    """Run a worker for the length of the block; it is killed, for nobody needs what it would still finish."""
    command = [find_binary("setpriv"), "--pdeathsig", "KILL", *worker_command(processes)]  # never left behind
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, start_new_session=True)
    try:
        yield Server(0, psutil.Process(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
