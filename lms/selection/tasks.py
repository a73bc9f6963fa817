"""Background work on selections."""

from __future__ import annotations

from lms.core.tasks import task
from lms.selection import commands, queries

SWEEP = "selection.sweep"


@task(commands.RUN)
def run(run_id: int) -> None:
    """Carry out a run."""
    commands.carry_out(run_id)


@task(SWEEP)
def sweep() -> None:
    """Carry out every run that waits."""
    for run_id in queries.due():
        commands.carry_out(run_id)
