"""Tidying up after sign-ins."""

from __future__ import annotations

from lms.accounts import commands
from lms.core.db import unit_of_work
from lms.core.tasks import task

SWEEP = "accounts.sweep"


@task(SWEEP)
def sweep() -> None:
    """Forget sign-ins and links whose time is over."""
    with unit_of_work():
        commands.forget_expired()
