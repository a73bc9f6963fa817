"""Work on outages in the background."""

from __future__ import annotations

from lms.core.tasks import task
from lms.core.work import due
from lms.outages import commands
from lms.outages.models import OutageRemedy

SWEEP = commands.MAKE_GOOD


@task(SWEEP)
def make_good() -> None:
    """Give learners what was approved and is not given yet."""
    while waiting := due(OutageRemedy):
        for remedy_id in waiting:
            commands.carry_out(remedy_id)
