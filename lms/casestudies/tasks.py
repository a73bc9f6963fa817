"""Background work on case studies."""

from __future__ import annotations

from lms.casestudies import uploads
from lms.core.db import unit_of_work
from lms.core.tasks import task

SWEEP = "casestudies.sweep"
SECONDS = 3600.0


@task(SWEEP)
def sweep() -> None:
    """Delete files that nobody handed in."""
    with unit_of_work():
        uploads.forget_old()
