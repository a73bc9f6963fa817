"""Background work on invitations."""

from __future__ import annotations

from lms.core.tasks import task
from lms.invitations import sweeping, travel

SWEEP = "invitations.sweep"
SECONDS = 60.0


@task(SWEEP)
def sweep() -> None:
    """Do what the calendar asks for."""
    sweeping.let_go()
    sweeping.expire()
    sweeping.remind()
    sweeping.remind_to_confirm()
    sweeping.ask_again()
    travel.delete_due()
