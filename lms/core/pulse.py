"""Signs of life: rows that say when a worker last ran the periodic tasks and when pages were last served, and one that makes tasks wait.

Every web process notes twice a minute that it is alive and reaches the database, all of them in one row. Whoever finds that row old
tells that nothing was served from then until now: the platform was stopped or its machine asleep, no web process lived, or none reached
the database. Where several machines serve, one alone that was off is no gap, as others answered; and a worker that was off is none
either, as pages were served. What can't be seen from here is a network or a proxy in front that was down, for all or for a country.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work, upsert
from lms.core.events import publish
from lms.core.tasks import task

log = logging.getLogger(__name__)
BEAT, HOLD, SERVING = "pulse.beat", "pulse.hold", "pulse.serving"
SECONDS = 30.0
SILENCE = timedelta(minutes=2)
HELD = timedelta(minutes=1)
GAP = timedelta(minutes=5)  # a restart takes less


class Pulse(Row):
    """When a worker last ran the periodic task, when pages were last served; until a minute after when features' periodic tasks wait."""

    __tablename__ = "pulses"
    name: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


@task(BEAT)
def beat() -> None:
    """Note that periodic tasks reach a worker, and the worker the database."""
    with unit_of_work():
        db.session.execute(upsert(Pulse, {"name": BEAT}, {"at": clock.now()}))


def last_beat() -> datetime | None:
    """Tell when that was last the case."""
    return db.session.scalar(select(Pulse.at).where(Pulse.name == BEAT))


def hold() -> None:
    """Let the periodic tasks of features wait for a minute: who replays the past says this again and again, and `release` at the end."""
    with unit_of_work():
        db.session.execute(upsert(Pulse, {"name": HOLD}, {"at": clock.now()}))


def release() -> None:
    """Let them go on."""
    with unit_of_work():
        db.session.execute(delete(Pulse).where(Pulse.name == HOLD))


def held() -> bool:
    """Tell whether they are to wait."""
    return db.session.scalar(select(Pulse.id).where(Pulse.name == HOLD, Pulse.at > clock.now() - HELD)) is not None


@dataclass(frozen=True, slots=True)
class ServedAgain:
    """Pages are served again, after nobody was served for longer than a restart takes."""

    since: datetime
    until: datetime


def serving() -> None:
    """Note that pages are served, unless another process has just done so, and tell if they were not for a while."""
    with unit_of_work():
        before = db.session.scalar(select(Pulse.at).where(Pulse.name == SERVING).with_for_update())
        now = clock.now()
        if before is not None and abs(now - before) < timedelta(seconds=SECONDS / 2):
            return
        db.session.execute(upsert(Pulse, {"name": SERVING}, {"at": now}))
        if before is not None and now - before > GAP:
            publish(ServedAgain(before, now))


def watch(app: Flask) -> None:
    """Let this process note for as long as it lives that it serves pages."""
    threading.Thread(target=_note_for_ever, args=(app,), name="pulse", daemon=True).start()


def _note_for_ever(app: Flask) -> None:
    while True:
        try:
            with app.app_context():
                serving()
        except SQLAlchemyError as error:
            log.warning("can't note that pages are served, which is a gap if it lasts: %s", error)
        time.sleep(SECONDS)
