"""Counting large editions before somebody asks."""

from __future__ import annotations

from lms.core.tasks import task
from lms.people import funnel

SWEEP = "people.count"
SECONDS = 300.0


@task(SWEEP)
def count() -> None:
    """Count those editions anew whose funnel somebody looked at since they became large."""
    funnel.keep_all()
