"""Plain values about a workshop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lms.workshops.rules import How, Met, Part, Standing, State


@dataclass(frozen=True, slots=True)
class HalfDayInfo:
    """A half-day of a workshop."""

    id: int
    day: int
    part: Part
    on: date
    opens_at: datetime
    closes_at: datetime

    @property
    def label(self) -> str:
        """How people call it."""
        return f"Day {self.day}, {self.part}"


@dataclass(frozen=True, slots=True)
class Mark:
    """How somebody's attendance of a half-day stands."""

    half_day_id: int
    enrolment_id: int
    state: State
    how: How
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a mark; `state` is how the attendance stands now."""

    standing: Standing
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Attendee:
    """A participant with what is marked, by half-day."""

    enrolment_id: int
    name: str
    country: str
    gender: str
    institution: str
    badge: str
    marks: dict[int, Mark]

    def attended(self, half_days: tuple[HalfDayInfo, ...], now: datetime) -> int:
        """Count the half-days in which they were there."""
        found = (self.marks.get(half.id) for half in half_days)
        return sum(mark is not None and mark.state == State.PRESENT and mark.at <= now for mark in found)


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """A workshop's half-days and its participants with their marks."""

    half_days: tuple[HalfDayInfo, ...]
    attendees: tuple[Attendee, ...]
    now: datetime

    def attended(self, day: int | None = None) -> tuple[int, ...]:
        """Tell who was there at least once: on a day, or at all; by enrolment."""
        halves = tuple(half for half in self.half_days if day is None or half.day == day)
        return tuple(one.enrolment_id for one in self.attendees if one.attended(halves, self.now))

    @property
    def full(self) -> tuple[int, ...]:
        """Tell who was there all the time, by enrolment."""
        whole = len(self.half_days)
        return tuple(one.enrolment_id for one in self.attendees if whole and one.attended(self.half_days, self.now) == whole)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant in the dry run of the certificates: what is met, what is missing and why, and the award if there is one.

    `doubt` says why an award may not hold any more, as long as nobody has revoked it or let it stand.
    """

    enrolment_id: int
    name: str
    country: str
    gender: str
    needs: tuple[Met, ...]
    ok: bool
    why_not: str
    certificate_id: int | None = None
    doubt: str = ""
    kept_why: str = ""
    revoked: bool = False

    @property
    def awarded(self) -> bool:
        """Whether they have the certificate: it is awarded, and was not revoked."""
        return self.certificate_id is not None and not self.revoked


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's state in a half-day as it is marked; without `at`, now. A device that was offline gives its mark a `key`."""

    half_day_id: int
    enrolment_id: int
    state: State
    how: How
    at: datetime | None = None
    reason: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A mark that says otherwise than what stands: both sides, for somebody to decide."""

    id: int
    half_day: HalfDayInfo
    enrolment_id: int
    name: str
    stands: State
    stands_how: How
    stands_at: datetime
    says: State
    says_how: How
    says_at: datetime
    says_by: str


@dataclass(frozen=True, slots=True)
class Past:
    """A mark in the history of somebody's attendance."""

    half_day: HalfDayInfo
    state: State
    how: How
    at: datetime
    noted_at: datetime
    by: str
    reason: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the desk who is not on the list."""

    id: int
    half_day: HalfDayInfo
    name: str
    institution: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedWaiver:
    """A waiver that one administrator has asked for and another has to grant."""

    id: int
    name: str
    need: str
    reason: str
    by: str
    by_id: int
    at: datetime
