"""Work that must happen is a row with a state: claimed for a while, done, or tried again later."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import db, unit_of_work

WAITING = "waiting"
DONE = "done"
GIVEN_UP = "given up"
LEASE = timedelta(seconds=60)
LONGEST = timedelta(hours=1)


class Work:
    """Columns of a row that is also a piece of work; index `(state, due_at)` in the table."""

    id: Mapped[int]
    state: Mapped[str] = mapped_column(default=WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_error: Mapped[str] = mapped_column(default="")


def claim(model: type[Work], work_id: int) -> bool:
    """Take a piece of work for a while; `False` when it is done or somebody else has it.

    A worker that dies leaves it due again after the lease, which doubles with each try up to an hour, with jitter.
    """
    now = clock.now()
    with unit_of_work():
        tries = db.session.scalar(select(model.tries).where(model.id == work_id)) or 0
        result = db.session.execute(
            update(model)
            .where(model.id == work_id, model.state == WAITING, model.due_at <= now, model.tries == tries)
            .values(tries=tries + 1, due_at=now + pause(tries))
        )
        return isinstance(result, CursorResult) and result.rowcount == 1


def pause(tries: int) -> timedelta:
    """Tell how long after the given number of earlier tries the next one may start."""
    wait: timedelta = min(LEASE * int(2 ** min(tries, 10)), LONGEST)
    return wait + wait * (secrets.randbelow(250) / 1000)


def due(model: type[Work], limit: int = 200) -> Sequence[int]:
    """List the ids of work that waits, oldest first."""
    query = select(model.id).where(model.state == WAITING, model.due_at <= clock.now())
    return db.session.scalars(query.order_by(model.due_at, model.id).limit(limit)).all()


def failed(model: type[Work], work_id: int, error: Exception, *, tries: int | None = None) -> None:
    """Note why a try failed; give up after so many `tries`, if a number is given."""
    with unit_of_work():
        row = db.session.get_one(model, work_id)
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        if tries is not None and row.tries >= tries:
            row.state = GIVEN_UP
