"""When people may join an edition, and how its modules' days become moments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from lms.core import clock
from lms.core.domain import EditionState


def may_register(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Tell whether registration is open at `now`."""
    return state == EditionState.OPEN and opens_at <= now < closes_at


@lru_cache(maxsize=4096)
def day_begins(starts_on: date, zone: str, day: int) -> datetime:
    """Give the moment at which the `day`-th day after the start begins in the edition's zone."""
    return clock.day_starts(starts_on + timedelta(days=day), zone)


def day_ends(starts_on: date, zone: str, day: int) -> datetime:
    """Give the moment at which the `day`-th day after the start is over in the edition's zone."""
    return day_begins(starts_on, zone, day + 1)
