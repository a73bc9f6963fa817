"""Work on outages in the background."""

from __future__ import annotations

from lms.core.tasks import task
from lms.outages import commands

SWEEP = commands.MAKE_GOOD


@task(SWEEP)
def make_good() -> None:
    """Give learners what was approved and is not given yet."""
    commands.carry_out_all()
