"""The Celery worker: sends mail, issues certificates, and sweeps up what is left."""

from __future__ import annotations

import logging
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import worker_process_init, worker_ready
from flask import Flask

from lms.core.db import db
from lms.core.tasks import sweep_at_once


def work(app: Flask, processes: int, *, sweep: bool = True, log_level: str = "WARNING") -> int:
    """Run a worker with so many processes until it is told to stop, and give its exit code; with `sweep`, the periodic tasks as well."""
    celery: Celery = app.extensions["celery"]

    @worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def _own_connections(**_: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    @worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def _first_sweep(**_: object) -> None:
        if sweep:
            sweep_at_once(celery)

    # Celery warns root because of pickled messages; ours are JSON, and their tasks take numbers.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    logging.getLogger("celery.worker.strategy").setLevel(logging.WARNING)
    worker = celery.Worker(concurrency=processes, beat=sweep, loglevel=log_level, quiet=True, without_gossip=True, without_mingle=True)
    worker.start()
    return int(worker.exitcode or 0)
