"""The task of questionnaires."""

from __future__ import annotations

from lms.core.db import unit_of_work
from lms.core.tasks import task
from lms.questionnaires import commands

SWEEP = "questionnaires.sweep"


@task(SWEEP)
def sweep() -> None:
    """Mix the answers of what is over."""
    with unit_of_work():
        commands.seal_closed()
