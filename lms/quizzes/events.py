"""What happens to attempts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AttemptSubmitted:
    """An attempt was handed in, by the learner or because its time was over, and marked."""

    attempt_id: int
    enrolment_id: int
    score: Decimal
    automatic: bool
