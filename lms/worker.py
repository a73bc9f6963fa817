"""The Celery worker: sends mail, issues certificates, and sweeps up what is left."""

from __future__ import annotations

import logging

from celery import Celery
from celery.signals import worker_process_init
from flask import Flask

from lms.core.db import db


def work(app: Flask, processes: int, *, sweep: bool = True) -> None:
    """Run a worker with so many processes until it is told to stop; with `sweep`, the periodic tasks as well."""
    celery: Celery = app.extensions["celery"]

    @worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def _own_connections(**_: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    logging.getLogger("celery.worker.strategy").setLevel(logging.WARNING)
    options = ["--loglevel=INFO", f"--concurrency={processes}", "--without-gossip", "--without-mingle"]
    celery.worker_main(["--quiet", "worker", *options, *(["--beat"] if sweep else [])])
