"""What other features may use of grades."""

from __future__ import annotations

from lms.core.viewer import EditionInfo
from lms.gradebook.lasting import LastingError, lasting
from lms.gradebook.queries import StandingInfo, passing, sheet, standing, standings
from lms.gradebook.rules import passes
from lms.gradebook.spreadsheet import written
from lms.gradebook.wording import Entry, shown
from lms.gradebook.wording import checklist as _checklist

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


def checklist(enrolment_id: int, edition: EditionInfo) -> list[Entry]:
    """List what the certificate takes of a learner: (there or not, what, address)."""
    return _checklist(sheet(enrolment_id, edition))
