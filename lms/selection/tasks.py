"""Background work on selections."""

from __future__ import annotations

from lms.core.tasks import task
from lms.selection import commands, dossier, queries

SWEEP = "selection.sweep"


@task(commands.RUN)
def run(run_id: int) -> None:
    """Carry out a run."""
    commands.carry_out(run_id)


@task(commands.DOSSIER)
def make_dossier(dossier_id: int) -> None:
    """Make a dossier."""
    dossier.make(dossier_id)


@task(SWEEP)
def sweep() -> None:
    """Carry out every run, and make every dossier, that waits."""
    for run_id in queries.due():
        commands.carry_out(run_id)
    dossier.make_waiting()
