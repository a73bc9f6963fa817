"""What accounts hold of a person, given out and erased."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from lms.accounts import commands
from lms.accounts.privacy import personal_data
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, SignIn
from tests.core import factories


def test_what_is_held_of_a_person(ctx: Flask) -> None:
    """All that the person said, and nothing of others; no password in whatever form, and no token."""
    del ctx
    mai, other = factories.person(name="Mai", email="mai@example.org", password_hash="x-secret-x"), factories.person()
    factories.enrolment(factories.edition(), mai, country="VN")
    with unit_of_work():
        for person in (mai, other):
            commands.start(db.session.get_one(Person, person), f"device of {person}")
    held = personal_data.export(mai)
    assert (held["account"]["name"], held["account"]["email"]) == ("Mai", "mai@example.org")
    assert [place["country"] for place in held["places"]] == ["VN"]
    assert [device["device"] for device in held["signed_in"]] == [f"device of {mai}"]
    assert [browser["kind"] for browser in held["browsers"]] == ["device of"]
    assert "x-secret-x" not in str(held)
    assert "token" not in str(held)


def test_erasing_a_person(ctx: Flask) -> None:
    """Nothing is left by which somebody is known or could sign in; others keep all."""
    del ctx
    mai, other = factories.person(name="Mai", email="mai@example.org"), factories.person(name="Ben")
    enrolment = factories.enrolment(factories.edition(), mai)
    with unit_of_work():
        for person in (mai, other):
            commands.start(db.session.get_one(Person, person), "a device")
    with unit_of_work():
        personal_data.erase(mai)
    held = personal_data.export(mai)
    assert "mai@example.org" not in str(held)
    assert "Mai" not in str(held)
    assert (held["signed_in"], held["browsers"]) == ([], [])
    assert db.session.scalar(select(func.count(SignIn.id))) == 1
    assert db.session.get_one(Person, other).name == "Ben"
    assert enrolment
