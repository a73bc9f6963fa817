"""`lms account administrator`: how an installation gets its first administrator."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.cli import account
from lms.core.cli import Invocation
from lms.core.db import db
from lms.core.domain import Person
from tests.core import factories

MIRA = ("head@example.org", "--name", "Mira Adler", "--country", "SG")


def call(app: Flask, *words: str) -> Result:
    """Run the command."""
    db.session.remove()  # a command ends with its connections
    return CliRunner().invoke(account, ["administrator", *words], obj=Invocation(lambda: app))


def test_the_first_administrator_sets_a_password_by_the_printed_link(ctx: Flask, client: FlaskClient) -> None:
    done = call(ctx, *MIRA)
    assert done.exit_code == 0
    link = urlsplit(done.output.split()[-1]).path
    password = {"password": "green mango with salt"}
    assert client.post(link, data=password).status_code == 302
    assert client.post(link, data=password).status_code == 422, "a link works once"
    client.post("/account/sign-in", data={"email": MIRA[0], **password})
    assert client.get("/desk/audit").status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense", *MIRA[1:]), "must have an @-sign"),
        ((*MIRA[:-1], "Sg"), "two capital letters"),
        (("known@example.org", *MIRA[1:]), "an account with this address already"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_stored(ctx: Flask, words: tuple[str, ...], said: str) -> None:
    factories.person(email="known@example.org")
    done = call(ctx, *words)
    assert (done.exit_code, said in done.output) == (2, True)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
