"""Celery's side of reports."""

from __future__ import annotations

from lms.core.tasks import task
from lms.reports import commands

SWEEP = "reports.sweep"


@task(commands.MAKE)
def make(document_id: int) -> None:
    """Make one document."""
    commands.make(document_id)


@task(SWEEP)
def sweep() -> None:
    """Make every document that waits."""
    commands.make_waiting()
