"""Rate limits that hold across processes and machines: a counter per key and window, in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import case, delete
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work, upsert
from lms.core.errors import TooMany
from lms.core.tasks import task
from lms.core.viewer import hash_token

View = TypeVar("View", bound=Callable[..., Any])


class RateLimit(Row):
    """How often a key was used since its window began; the key is hashed, so no address is kept."""

    __tablename__ = "rate_limits"
    key: Mapped[str] = mapped_column(unique=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in so many seconds, and fewer times for one value of a form `field`, if one is named.

    `by` gives whose uses are counted where that is neither who is signed in nor the address; `remedy` is what else they can do.
    """

    times: int
    seconds: int = 60
    field: str = ""
    field_times: int = 5
    methods: tuple[str, ...] = ("POST",)
    by: Callable[[], int | None] | None = None
    remedy: str = ""


def limited(  # noqa: PLR0913 - each is a part of one thing
    times: int,
    seconds: int = 60,
    *,
    field: str = "",
    field_times: int = 5,
    methods: tuple[str, ...] = ("POST",),
    by: Callable[[], int | None] | None = None,
    remedy: str = "",
) -> Callable[[View], View]:
    """State how often a view may be used by one person (or address, where nobody is signed in)."""

    def state(view: View) -> View:
        view.limit = Limit(times, seconds, field, field_times, methods, by, remedy)  # type: ignore[attr-defined]
        return view

    return state


def spend(key: str, times: int, seconds: int, remedy: str = "") -> None:
    """Count one use of `key`, committed on its own; raise `TooMany` beyond `times` in a window of `seconds`."""
    now = clock.now()
    ends_at = now + timedelta(seconds=seconds)
    over = RateLimit.ends_at <= now
    update = {
        "count": case((over, 1), else_=RateLimit.count + 1),
        "ends_at": case((over, ends_at), else_=RateLimit.ends_at),
    }
    statement = upsert(RateLimit, {"key": hash_token(key)}, {"ends_at": ends_at, "count": 1}, update)
    with unit_of_work():
        used, until = db.session.execute(statement.returning(RateLimit.count, RateLimit.ends_at)).one()
    if used > times:
        wait = max(1, int((until - now).total_seconds()))
        message = "That was too often."
        raise TooMany(message, wait, remedy=remedy)


@task("limits.sweep")
def sweep() -> None:
    """Forget windows that are over."""
    with unit_of_work():
        db.session.execute(delete(RateLimit).where(RateLimit.ends_at < clock.now()))
