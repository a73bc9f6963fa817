"""What the worker does for the gradebook."""

from __future__ import annotations

from lms.core.tasks import task
from lms.gradebook import commands

SWEEP = "gradebook.sweep"


@task(SWEEP)
def sweep() -> None:
    """Draw up what other ways than a confirmation left open, and let the ranking by name follow people's names."""
    commands.settle_all()
    commands.refresh_names()
