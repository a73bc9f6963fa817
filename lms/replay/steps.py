"""What a script is made of: steps, each at a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lms.replay.scenario import Scenario
from lms.replay.stage import Stage


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[Stage], None]


def at(scenario: Scenario, day: int, hour: float) -> datetime:
    """Give the moment of an hour on a day counted from the start, in the edition's zone."""
    begin = datetime.combine(scenario.starts_on, datetime.min.time(), ZoneInfo(scenario.zone))
    return begin + timedelta(days=day, seconds=round(hour * 3600))
