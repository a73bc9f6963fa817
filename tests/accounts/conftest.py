"""People who sign in in two steps, and what the mails to them say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import codes
from lms.accounts.models import SecondFactor
from lms.core import clock
from lms.core.db import db
from lms.core.mail import OutgoingMail
from lms.core.sealing import unseal
from tests.core import factories


@dataclass
class Owner:
    """Somebody with an authenticator app; each code that it gives is of a later half minute."""

    person: int
    email: str
    browser: FlaskClient
    recovery: list[str]
    last: datetime

    @property
    def app(self) -> pyotp.TOTP:
        """The app on the phone."""
        return app_of(self.person)

    def later(self) -> datetime:
        """Let half a minute pass."""
        self.last += timedelta(seconds=30)
        return self.last


def app_of(person: int) -> pyotp.TOTP:
    """Give an app that has read a person's secret."""
    sealed = db.session.scalars(select(SecondFactor.secret).where(SecondFactor.person_id == person)).one()
    return pyotp.TOTP(unseal(sealed, codes.PURPOSE, person))


def recovery_codes(page: str) -> list[str]:
    """Read the recovery codes off the page that shows them."""
    return re.findall(r"<li><code>([a-z0-9-]{19})</code></li>", page)


@pytest.fixture
def owner(signed_in: Callable[[int], FlaskClient]) -> Owner:
    """Set the second factor up by its pages."""
    person, now = factories.person(email="owner@example.org"), clock.now()
    browser = signed_in(person)
    browser.post("/account/second-factor")
    with clock.at(now):
        page = browser.post("/account/second-factor/confirm", data={"code": app_of(person).at(now)})
    return Owner(person, "owner@example.org", browser, recovery_codes(page.text), now)


@pytest.fixture
def strict(ctx: Flask) -> Iterator[None]:
    """Require the second factor of staff, as an installation does by default."""
    before = ctx.extensions["settings"]
    ctx.extensions["settings"] = replace(before, staff_second_factor=True)
    yield
    ctx.extensions["settings"] = before


def mails(kind: str) -> list[OutgoingMail]:
    """Give the mails of a kind, oldest first."""
    return list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id)))


def link(mail: OutgoingMail) -> str:
    """Give the path of the link in a mail."""
    match = re.search(r"http://localhost(/\S+)", mail.text)
    assert match, mail.text
    return match[1]
