"""Background work on selections."""

from __future__ import annotations

from lms.core.tasks import task
from lms.selection import commands, dossier, queries, scoring

SWEEP = "selection.sweep"


@task(commands.RUN)
def run(run_id: int) -> None:
    """Carry out a run."""
    commands.carry_out(run_id)


@task(commands.DOSSIER)
def make_dossier(dossier_id: int) -> None:
    """Make a dossier."""
    dossier.make(dossier_id)


@task(scoring.IMPORT)
def import_scores(file_id: int) -> None:
    """Write the values of a file."""
    scoring.run(file_id)


@task(SWEEP)
def sweep() -> None:
    """Write every file of values, carry out every run, and make every dossier, that waits."""
    scoring.run_waiting()
    for run_id in queries.due():
        commands.carry_out(run_id)
    dossier.make_waiting()
