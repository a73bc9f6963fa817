"""What the worker does for the gradebook."""

from __future__ import annotations

from lms.core.tasks import task
from lms.gradebook import commands

SWEEP = "gradebook.sweep"


@task(SWEEP)
def sweep() -> None:
    """Let the ranking by name follow people who changed theirs."""
    commands.refresh_names()
