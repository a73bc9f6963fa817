"""What happens at a workshop."""

from __future__ import annotations

from dataclasses import dataclass

from lms.workshops.rules import State


@dataclass(frozen=True, slots=True)
class AttendanceChanged:
    """Somebody's attendance of a half-day is now so; `by_id` is the person who marked it, none where they did it themselves."""

    edition_id: int
    enrolment_id: int
    state: State
    by_id: int | None
