"""`lms account`: what can't be done by the pages, because whoever needs it can't sign in."""

from __future__ import annotations

import secrets

import click
from email_validator import EmailNotValidError, validate_email

from lms.accounts import first_run, queries, second_factor, tokens
from lms.accounts.commands import NewPerson, make_administrator, normal
from lms.core import countries
from lms.core.cli import example, in_app
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, Sector
from lms.core.errors import Invalid
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY


@click.group()
def account() -> None:
    """Make the first administrator; help people who can't sign in."""


@account.command("one-step", epilog=example("lms account one-step tutor@example.org"))
@click.argument("email")
@in_app
def one_step(email: str) -> None:
    """Take away the second step of a sign-in.

    It is for somebody who lost both phone and recovery codes. EMAIL is the address of the account, whose password stays as it is.
    Make sure who asks: a mail tells the owner.
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


@account.command("first", epilog=example("lms account first"))
@click.option("--if-needed", is_flag=True, help="Say nothing where there is an administrator.")
@in_app
def first(if_needed: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Print the address that makes the first administrator.

    It opens in a browser, works once, and for a day; one printed earlier does nothing any more. `lms run` prints it, too.
    """
    with unit_of_work():
        address = first_run.address()
    if address is not None:
        click.echo(f"This installation has no administrator yet. Make yourself one here, within a day:\n{address}")
    elif not if_needed:
        message = "this installation has an administrator; others are made on the page Administrators."
        raise click.ClickException(message)


@account.command("administrator", epilog=example("lms account administrator head@example.org --name 'Mira Adler' --country SG"))
@click.argument("email")
@click.option("--name", prompt="Name", help="How others see them.")
@click.option("--country", prompt="Country (two letters)", help="ISO 3166 code.")
@in_app
def administrator(email: str, name: str, country: str) -> None:
    """Make an account that administers all.

    It prints the link by which the owner of EMAIL sets a password; the link works once, for an hour. Somebody who has an account
    already is made administrator on the page Administrators.
    """
    if country not in countries.ALL:
        message = f"{country!r} is no country; it takes two capital letters, such as SG."
        raise click.BadParameter(message, param_hint="--country")
    new = NewPerson(
        email=email,
        password=secrets.token_urlsafe(24),
        name=name,
        printed_name=name,
        country=country,
        sector=Sector.INTERNATIONAL,
        institution="",
    )
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
        with unit_of_work():
            person = db.session.get_one(Person, make_administrator(new, NOBODY))
            link = absolute_url("accounts.new_password", token=tokens.reset(person))
    except (EmailNotValidError, Invalid) as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    click.echo(f"{email} administers this installation. The password is set here, within an hour:\n{link}")
