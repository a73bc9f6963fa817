"""The one place that knows what time it is, so that a simulated clock can stand in for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_simulated: ContextVar[datetime | None] = ContextVar("simulated_now", default=None)


@dataclass(slots=True)
class _Process:
    shift: timedelta = timedelta(0)


_process = _Process()


def now() -> datetime:
    """Tell the current moment, aware, in UTC."""
    return _simulated.get() or datetime.now(UTC) + _process.shift


def minute() -> datetime:
    """Tell the current minute."""
    return now().replace(second=0, microsecond=0)


def start_at(moment: datetime) -> None:
    """Let this process's clock run on from `moment` instead of the real time."""
    _process.shift = moment.astimezone(UTC) - datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware `moment` inside the block."""
    token = _simulated.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _simulated.reset(token)


def parse(text: str) -> datetime:
    """Read an ISO 8601 moment that names its offset; raise `ValueError` where it doesn't."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        message = "the offset from UTC is missing"
        raise ValueError(message)
    return moment


def day_starts(day: date, zone: str) -> datetime:
    """Give the moment at which `day` begins in the named time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def today(zone: str) -> date:
    """Give the current date in the named time zone."""
    return now().astimezone(ZoneInfo(zone)).date()
