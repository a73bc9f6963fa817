"""Celery's side of certificates."""

from __future__ import annotations

from lms.certification import commands
from lms.core.tasks import task

SWEEP = commands.SWEEP

@task(commands.ISSUE)
def issue(certificate_id: int) -> None:
    """Issue one certificate."""
    commands.issue(certificate_id)


@task(SWEEP)
def sweep() -> None:
    """Issue every certificate that waits."""
    commands.issue_waiting()
