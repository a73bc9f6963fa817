"""Work on quizzes in the background."""

from __future__ import annotations

from lms.core.db import unit_of_work
from lms.core.tasks import task
from lms.quizzes import commands, queries

SWEEP = "quizzes.sweep"


@task(SWEEP)
def sweep() -> None:
    """Hand in attempts whose time is over, with what was saved."""
    for attempt_id in queries.overdue():
        with unit_of_work():
            commands.submit_attempt(attempt_id)
