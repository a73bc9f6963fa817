"""`lms grades`: the ledger and what was drawn from it, compared."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from lms.core.cli import example, in_app, progress, say
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition
from lms.gradebook import commands


@click.group()
def grades() -> None:
    """Compare the averages with the ledger."""


@grades.command(epilog=example("lms grades check --json"))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_app
def check(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Draw every average anew from the ledger.

    What differs is corrected; exits with 1 if anything did.
    """
    wrong = 0
    editions = db.session.scalars(select(Edition.id).order_by(Edition.id)).all()
    with progress(editions, "Editions") as bar:
        for edition_id in bar:
            with unit_of_work():
                wrong += commands.redraw(edition_id)
    say({"editions": len(editions), "corrected": wrong}, as_json=as_json)
    sys.exit(bool(wrong))
