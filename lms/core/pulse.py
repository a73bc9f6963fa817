"""The pulse of the background: a task that the periodic tasks run, the row by which one sees that they do, and one that makes them wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work, upsert
from lms.core.tasks import task

BEAT, HOLD = "pulse.beat", "pulse.hold"
SECONDS = 30.0
SILENCE = timedelta(minutes=2)
HELD = timedelta(minutes=1)


class Pulse(Row):
    """When a worker last ran the periodic task; and until a minute after when the features' periodic tasks wait."""

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
