"""The first password of somebody for whom an account was made."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import tokens
from lms.accounts.api import NewPerson, add_invited, invitation_url
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Person
from lms.core.mail import OutgoingMail
from tests.core import factories

NEW = NewPerson("Sokha@Example.org", None, "Sokha Pov", "Sokha Pov", "KH", "government", "Ministry of Trade")
PASSWORD = {"password": "nine grey elephants"}


@pytest.fixture
def path(ctx: Flask) -> str:
    """Invite somebody, and give the path of the link."""
    del ctx
    with unit_of_work():
        return invitation_url(add_invited([NEW])[0]).removeprefix("http://localhost")


def sokha() -> Person:
    """Read the invited person."""
    return db.session.scalars(select(Person).where(Person.email == "sokha@example.org").execution_options(populate_existing=True)).one()


def test_the_link_sets_a_password_confirms_the_address_and_signs_in(path: str, client: FlaskClient) -> None:
    """Once; a weak password is refused and the link still works."""
    assert client.post("/account/sign-in", data={"email": NEW.email, "password": ""}).status_code == 422
    assert client.get(path).status_code == 200
    assert client.post(path, data={"password": "short"}).status_code == 422
    assert sokha().email_confirmed_at is None
    assert client.post(path, data=PASSWORD).location == "/"
    assert sokha().email_confirmed_at is not None
    assert client.get("/account/profile").status_code == 200
    again = client.post(path, data={"password": "eight grey elephants"})
    assert (again.status_code, "used already" in again.text) == (422, True)


def test_the_link_has_an_end_and_can_be_asked_for_anew(path: str, client: FlaskClient) -> None:
    with clock.at(clock.now()):
        client.post("/account/reset", data={"email": NEW.email})
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, "/account/welcome/" in mail.text) == ("accounts.invitation", True)
    assert client.get(path[:-3]).status_code == 422


def test_no_invitation_opens_an_account_that_is_in_use(client: FlaskClient, ctx: Flask) -> None:
    """Nobody gets past a password, or a second step, by it."""
    del ctx
    person = db.session.get_one(Person, factories.person())
    answer = client.post(f"/account/welcome/{tokens.invitation(person)}", data=PASSWORD)
    assert answer.status_code == 422
    assert client.get("/account/profile").status_code == 302
