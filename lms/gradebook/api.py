"""What other features may use of grades."""

from __future__ import annotations

from lms.gradebook.commands import ensure_settled
from lms.gradebook.lasting import LastingError, lasting
from lms.gradebook.missing import checklist
from lms.gradebook.models import Standing
from lms.gradebook.queries import StandingInfo, passing, standing, standings
from lms.gradebook.rules import passes, places
from lms.gradebook.wording import Entry, shown

__all__ = [
    "Entry",
    "LastingError",
    "Standing",
    "StandingInfo",
    "checklist",
    "ensure_settled",
    "lasting",
    "passes",
    "passing",
    "places",
    "shown",
    "standing",
    "standings",
]

