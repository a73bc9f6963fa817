"""What happens at a workshop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttendanceChanged:
    """Somebody's attendance of a half-day is another now."""

    edition_id: int
    enrolment_id: int
