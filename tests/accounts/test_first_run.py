"""The first administrator: an address that is printed, works once and for a day, and leads to a page that asks who it is."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import first_run
from lms.accounts.cli import account
from lms.accounts.commands import NewPerson
from lms.accounts.models import FirstRun
from lms.core import clock
from lms.core.cli import Invocation
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, Sector
from lms.core.errors import DomainError
from tests.core import factories
from tests.core.threads import at_once

MIRA = {"email": "mira@example.org", "password": "green mango with salt", "name": "Mira Adler", "country": "SG", "zone": "Asia/Singapore"}
WAITS = "waits for its first administrator"


def call(app: Flask, *words: str) -> Result:
    """Run the command."""
    db.session.remove()  # a command ends with its connections
    return CliRunner().invoke(account, ["first", *words], obj=Invocation(lambda: app))


def path(printed: Result) -> str:
    """Give the path of the address that was printed."""
    assert printed.exit_code == 0
    return urlsplit(printed.output.split()[-1]).path


def people() -> int:
    """Count the people there are."""
    return db.session.scalar(select(func.count(Person.id))) or 0


def test_the_first_administrator_comes_by_the_printed_address(ctx: Flask, client: FlaskClient) -> None:
    """Signed in at once, in the own zone; a second use, and a second address, are refused."""
    assert WAITS not in client.get("/").text
    url = path(call(ctx))
    assert WAITS in client.get("/").text
    assert client.get(url).status_code == 200
    assert client.post(url, data=MIRA).location == "/"
    assert client.get("/administrators").status_code == 200
    found = db.session.scalars(select(Person)).one()
    assert (found.administrator, found.zone, found.email_confirmed_at is not None) == (True, "Asia/Singapore", True)
    again = client.post(url, data={**MIRA, "email": "other@example.org"})
    assert (again.status_code, "has its first administrator already" in again.text, people()) == (409, True, 1)
    refused = call(ctx)
    assert (refused.exit_code, "has an administrator" in refused.output) == (1, True)
    assert (call(ctx, "--if-needed").exit_code, call(ctx, "--if-needed").output) == (0, "")
    assert WAITS not in ctx.test_client().get("/").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": ""}, "Please fill this in"),
        ({"email": "nonsense"}, "must have an @-sign"),
        ({"email": "known@example.org"}, "an account with this address already"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "miraadler2026"}, "made of your name"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"country": "Sg"}, "Not a valid choice"),
        ({"zone": "Asia/Atlantis"}, "Not a valid choice"),
    ],
)
def test_what_can_not_be_is_said_beside_the_field(ctx: Flask, client: FlaskClient, changed: dict[str, str], words: str) -> None:
    """Nobody is made, and the address can still be used."""
    factories.person(email="known@example.org")
    url = path(call(ctx))
    page = client.post(url, data={**MIRA, **changed})
    assert (page.status_code, words in page.text, people()) == (422, True, 1)
    assert client.post(url, data=MIRA).status_code == 302


def test_an_address_ends_with_its_day_and_with_the_next(ctx: Flask, client: FlaskClient) -> None:
    """Nothing of a token is kept but its hash."""
    first, second = path(call(ctx)), path(call(ctx))
    assert [client.get(url).status_code for url in (first, second, "/account/first/x")] == [422, 200, 422]
    assert db.session.scalars(select(FirstRun.token_hash)).one() not in second
    with clock.at(clock.now() + timedelta(hours=25)):
        assert client.post(second, data=MIRA).status_code == 422
        assert WAITS not in client.get("/").text
    assert people() == 0


def test_an_address_used_twice_at_once_makes_one_administrator(ctx: Flask) -> None:
    with unit_of_work():
        token = (first_run.address() or "").rpartition("/")[2]
    emails = ["a@example.org", "b@example.org"]

    def begin() -> bool:
        new = NewPerson(emails.pop(), "green mango with salt", "Mira Adler", "Mira Adler", "SG", Sector.INTERNATIONAL, "")
        try:
            with unit_of_work():
                first_run.begin(token, new)
        except DomainError:
            return False
        return True

    assert sorted(at_once(ctx, 2, begin)) == [False, True]
    assert people() == 1
