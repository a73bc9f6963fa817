"""What other features may use of grades."""

from __future__ import annotations

from lms.gradebook.lasting import LastingError, lasting
from lms.gradebook.missing import checklist
from lms.gradebook.queries import StandingInfo, passing, standing, standings
from lms.gradebook.rules import passes
from lms.gradebook.spreadsheet import written
from lms.gradebook.wording import Entry, shown

__all__ = [
    "Entry",
    "LastingError",
    "StandingInfo",
    "checklist",
    "lasting",
    "passes",
    "passing",
    "shown",
    "standing",
    "standings",
    "written",
]

