"""A worker that is killed at any moment: in the end there is one document and one mail for each certificate."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import schema
from lms.app import create_app
from lms.certification import rules
from lms.certification.models import Certificate, CertificateDocument
from lms.cli import prepare
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.mail import OutgoingMail
from lms.core.tasks import enqueue
from lms.settings import Settings
from tests.core import factories
from tests.servers import postgres, redis

COUNT = 40
PATIENCE = 60.0


@pytest.fixture(params=["embedded", "servers"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the environment of an installation: embedded, or with PostgreSQL and Redis."""
    known = {"PATH": os.environ["PATH"], "LMS_DATA": str(tmp_path / "data"), "LMS_SECRET_KEY": "s" * 40}
    if request.param == "embedded":
        yield known
        return
    with postgres() as database, redis() as broker:
        yield known | {"DATABASE_URL": database.url, "REDIS_URL": broker.url}


def _app(environment: dict[str, str]) -> Flask:
    settings = Settings.from_env(environment)
    prepare(settings)
    app = create_app(settings)
    schema.attach(app)
    return app


def _request(edition_id: int, number: int) -> None:
    text = rules.number("KILL", random.SystemRandom().getrandbits(60))
    award = {
        "number": text,
        "kind": "course",
        "recipient": f"Learner Number {number}",
        "course_title": "A course",
        "edition_title": "An edition",
        "issuer_name": "Nobody",
        "issued_on": "2019-09-28",
        "started_on": "2019-08-26",
        "completed_on": "2019-09-27",
        "final_average": "86.5",
        "verify_url": f"http://localhost/verify/{text}",
        "development": False,
    }
    enrolment_id = factories.enrolment(edition_id)
    with unit_of_work():
        db.session.add(
            Certificate(edition_id=edition_id, enrolment_id=enrolment_id, kind="course", number=text, award=award, requested_at=clock.now())
        )


@contextmanager
def _worker(environment: dict[str, str], minutes: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a real worker whose clock is some minutes ahead, so that leases of the dead are over."""
    ahead = (clock.now() + timedelta(minutes=minutes)).isoformat()
    with unit_of_work():
        enqueue("certification.sweep")
        enqueue("mail.sweep")
    command = [sys.executable, "-m", "lms.cli", "worker", "--concurrency", "2"]
    process = subprocess.Popen(
        command, env=environment | {"LMS_CLOCK": ahead}, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _issued() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(CertificateDocument.id))) or 0


def _wait_for(count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _issued() < count:
        assert time.monotonic() < deadline, f"{_issued()} of {count} after {PATIENCE:.0f} s"
        time.sleep(0.02)


def test_killed_at_random_moments(environment: dict[str, str]) -> None:
    """Two workers die in the middle of their work, a third one finishes it: no gap, no duplicate."""
    app = _app(environment)
    with app.app_context():
        flask_migrate.upgrade()
        edition_id = factories.edition()
        for number in range(COUNT):
            _request(edition_id, number)
        reached = 0
        for turn in range(2):
            with _worker(environment, 10 * turn):
                reached = min(COUNT, _issued() + random.SystemRandom().randint(1, 12))
                _wait_for(reached)
        with _worker(environment, 30):
            _wait_for(COUNT)
            deadline = time.monotonic() + PATIENCE
            sent = select(func.count()).where(OutgoingMail.kind == "certification.issued", OutgoingMail.state == "done")
            while (db.session.scalar(sent) or 0) < COUNT:
                assert time.monotonic() < deadline
                db.session.rollback()
                time.sleep(0.05)
        documents = select(func.count(func.distinct(CertificateDocument.certificate_id)))
        assert db.session.scalar(documents) == COUNT
        assert _issued() == COUNT
        assert db.session.scalar(select(func.count()).where(OutgoingMail.kind == "certification.issued")) == COUNT
    with app.app_context():
        db.engine.dispose()
