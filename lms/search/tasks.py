"""Celery's side of search."""

from __future__ import annotations

from lms.core.tasks import task
from lms.search import commands

SWEEP = "search.sweep"


@task(SWEEP)
def sweep() -> None:
    """Index what is missing, as after an update or while search was switched off."""
    for batch in commands.outdated():
        commands.index(batch)
