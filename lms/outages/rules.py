"""What an outage may be, and how much more time is right: pure decisions on plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from lms.core.errors import Invalid

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=14)
AGO = timedelta(days=90)
A_DAY = 24
MOST_HOURS = 24 * 14


def require_possible(since: datetime, until: datetime, now: datetime) -> None:
    """Raise `Invalid`, naming the field, for what can't be an outage that somebody enters."""
    if until <= since:
        message = "It would be over before it began."
        raise Invalid(message, field="until")
    if until > now:
        message = "This is still to come. Enter an outage when it is over."
        raise Invalid(message, field="until")
    if until - since > LONGEST:
        message = f"That is longer than {LONGEST.days} days. Change the days of the modules instead."
        raise Invalid(message, field="since")
    if since < now - AGO:
        message = f"That is more than {AGO.days} days ago."
        raise Invalid(message, field="since")


def hours_of(length: timedelta) -> int:
    """Give a length in hours, rounded up."""
    return -(-length // HOUR)


def in_words(length: timedelta) -> str:
    """Say how long something was."""
    minutes = -(-length // timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    days, left = divmod(hours, 24)
    if days < 2:  # noqa: PLR2004 - hours are easier to grasp up to two days
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{days} days {left} h" if left else f"{days} days"


def proposed_hours(length: timedelta, *, over: bool) -> int:
    """Propose how many hours more: as many as were lost, but a day where a quiz is `over` by now, as learners must read mail first."""
    return min(max(hours_of(length), A_DAY if over else 1), MOST_HOURS)


def closes_later(closes_at: datetime, hours: int, now: datetime) -> datetime:
    """Tell when a quiz closes for somebody who gets so many hours more: counted from its end, or from now where that is past."""
    return max(closes_at, now) + hours * HOUR


def hours_beyond(common: datetime, closes_at: datetime) -> int:
    """Tell by how many hours something closes later than for all."""
    return hours_of(closes_at - common)


def needs_time(closes_at: datetime | None, *, closing: bool, cut: bool, now: datetime) -> bool:
    """Tell whether a quiz must close later: its last hours were lost, or an attempt was, and hardly a day is left to take another."""
    return closes_at is not None and (closing or (cut and closes_at < now + timedelta(hours=A_DAY)))


def mark(facts: Iterable[object]) -> str:
    """Give what tells whether a proposal is still the one that was shown."""
    return hashlib.sha256(json.dumps(list(facts), default=str).encode()).hexdigest()[:16]
