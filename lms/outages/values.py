"""What is said of outages between pages, commands and mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Part:
    """What a learner gets for one quiz: so many hours more than others until `closes_at`, and something for the attempt that lost time."""

    module: str
    quiz: str
    hours: int | None
    closes_at: datetime | None
    attempt_id: int | None
    going_on: bool

    def stored(self) -> dict[str, object]:
        """Give it as JSON can hold it."""
        return asdict(self) | {"closes_at": self.closes_at.isoformat() if self.closes_at else None}

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Part:
        """Read it again."""
        at = stored["closes_at"]
        return cls(**{**stored, "closes_at": datetime.fromisoformat(str(at)) if at else None})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Entry:
    """An outage that the platform can't see by itself: from when to when, for all or a country, and what it was."""

    since: datetime
    until: datetime
    country: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Approval:
    """So many hours more, why, and the mark of the proposal that was shown."""

    hours: int
    reason: str
    shown: str
