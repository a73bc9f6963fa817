"""`lms account`: what can't be done by the pages, because whoever needs it can't sign in."""

from __future__ import annotations

import click

from lms.accounts import queries, second_factor
from lms.accounts.commands import normal
from lms.core.cli import example, in_app
from lms.core.db import db, unit_of_work
from lms.core.domain import Person
from lms.core.viewer import NOBODY


@click.group()
def account() -> None:
    """Help people who can't sign in."""


@account.command("one-step", epilog=example("lms account one-step tutor@example.org"))
@click.argument("email")
@in_app
def one_step(email: str) -> None:
    """Take away the second step of signing in from somebody who lost both phone and recovery codes.

    EMAIL is the address of the account, whose password stays as it is. Make sure who asks: a mail tells the owner.
    """
    person_id = queries.person_by_email(normal(email))
    if person_id is None:
        message = f"nobody has an account with {email!r}."
        raise click.BadParameter(message, param_hint="EMAIL")
    with unit_of_work():
        person = db.session.get_one(Person, person_id)
        if person.second_factor_at is None:
            message = f"{email} signs in in one step already."
            raise click.ClickException(message)
        second_factor.remove(person, NOBODY)
    click.echo(f"{email} signs in with the password alone from now on.")
