"""The name that certificates print, and the facts that enrolments keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.api import printed_name, unconfirmed_names
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.editions.api import apply
from tests.core import factories

SignedIn = Callable[[int], FlaskClient]
PAGE = "/account/printed-name"


def test_confirming_the_name(signed_in: SignedIn) -> None:
    """It is shown as it will be printed; the moment is kept, and the first one stays."""
    person = factories.person(printed_name="ពៅ សុខា")
    browser, moment = signed_in(person), clock.now()
    assert '<p class="name"><bdi>ពៅ សុខា</bdi></p>' in browser.get(PAGE).text
    for minutes in (0, 5):
        with clock.at(moment + timedelta(minutes=minutes)):
            browser.post(f"{PAGE}/confirm", data={"shown": "ពៅ សុខា"})
    assert printed_name(person).confirmed_at == moment
    assert "You have confirmed this name" in browser.get(PAGE).text
    assert db.session.scalars(select(AuditEntry.action)).all() == ["account.confirm_printed_name"]


def test_a_changed_name_is_confirmed_anew(signed_in: SignedIn) -> None:
    """By either page; saving it unchanged leaves the confirmation alone."""
    person = factories.person(printed_name="Old", printed_name_confirmed_at=clock.now())
    browser = signed_in(person)
    answers = {"name": "N", "printed_name": "Old", "institution": "I", "zone": "Asia/Bangkok"}
    browser.post("/account/profile", data=answers)
    assert printed_name(person).confirmed_at
    browser.post("/account/profile", data={**answers, "printed_name": "New"})
    assert (printed_name(person).text, printed_name(person).confirmed_at) == ("New", None)
    browser.post(PAGE, data={"printed_name": "Newer"})
    assert printed_name(person).text == "Newer"
    refused = browser.post(PAGE, data={"printed_name": "a\u202eb"})
    assert (refused.status_code, 'id="printed_name-error"' in refused.text) == (422, True)


def test_what_was_not_seen_is_not_confirmed(signed_in: SignedIn) -> None:
    """A page that is stale, or a name that was made up, changes nothing."""
    person = factories.person(printed_name="New")
    assert signed_in(person).post(f"{PAGE}/confirm", data={"shown": "Old"}).status_code == 409
    assert printed_name(person).confirmed_at is None


@pytest.mark.parametrize(("days", "state", "asked"), [(25, "open", False), (9, "open", True), (25, "closed", True)])
def test_the_dashboard_asks_when_the_end_is_near(signed_in: SignedIn, days: int, state: str, asked: bool) -> None:
    """Or has come; not before, and not whoever has confirmed."""
    edition = factories.edition(ends_on=factories.someday(days), state=state)
    person = factories.person_of(factories.enrolment(edition))
    browser, address = signed_in(person), f"/e/{factories.slug_of(edition)}/dashboard"
    assert ("Your name on the certificate" in browser.get(address).text) == asked
    with unit_of_work():
        db.session.get_one(Person, person).printed_name_confirmed_at = clock.now()
    assert "Your name on the certificate" not in browser.get(address).text


def test_unconfirmed_names_are_those_of_learners(ctx: Flask) -> None:
    """Who study in this edition."""
    edition = factories.edition()
    open_ = factories.enrolment(edition)
    factories.enrolment(edition, factories.person(printed_name_confirmed_at=clock.now()))
    factories.enrolment(edition, role=Role.TUTOR)
    factories.enrolment(edition, state=EnrolmentState.WITHDRAWN)
    factories.enrolment(factories.edition())
    with ctx.app_context():
        assert unconfirmed_names(edition) == {open_}


def test_an_enrolment_keeps_what_was_true_then(signed_in: SignedIn) -> None:
    """Country, gender, sector and institution as on registering, whatever the person states later."""
    person, first, second = factories.person(), factories.edition(), factories.edition()
    with unit_of_work():
        enrolment = apply(first, person)
    before = facts(enrolment)
    answers = {"name": "New", "printed_name": "New", "institution": "Customs", "zone": "Asia/Bangkok"}
    signed_in(person).post("/account/profile", data=answers)
    with unit_of_work():
        row = db.session.get_one(Person, person)
        row.country, row.gender, row.sector = "LA", "man", "private"
    with unit_of_work():
        later = apply(second, person)
    assert (facts(enrolment), facts(later)) == (before, ("LA", "man", "private", "Customs"))


def facts(enrolment: int) -> tuple[str, str, str, str]:
    """Give what reports use of an enrolment."""
    db.session.expire_all()
    row = db.session.get_one(Enrolment, enrolment)
    return row.country, row.gender, row.sector, row.institution
