"""The pulse of the background: a task that the periodic tasks run, and the row by which one sees that they do."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work, upsert
from lms.core.tasks import task

BEAT = "pulse.beat"
SECONDS = 30.0
SILENCE = timedelta(minutes=2)


class Pulse(Row):
    """When a worker last ran the periodic task."""

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
