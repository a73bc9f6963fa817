"""A learner as staff see them: a plain value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody of an edition, for the staff."""

    id: int
    person_id: int
    name: str
    email: str
    role: str
    state: str
    country: str
    gender: str
    sector: str
    institution: str
    joined: datetime
    seen: datetime
    frozen_at: datetime | None
    so_far: Decimal | None
    average: Decimal | None
