"""What a learner still needs for the certificate."""

from __future__ import annotations

from lms.core.viewer import EditionInfo
from lms.gradebook import queries, wording
from lms.gradebook.wording import Entry


def checklist(enrolment_id: int, edition: EditionInfo) -> list[Entry]:
    """List what the certificate takes of a learner: (there or not, what, address)."""
    return wording.checklist(queries.sheet(enrolment_id, edition))
