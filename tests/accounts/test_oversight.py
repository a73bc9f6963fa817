"""Freezing an account and thawing it, and correcting an address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import commands
from lms.accounts.api import correct_address, freeze, thaw
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, Role, SignIn
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from tests.core import factories

SignedIn = Callable[[int], FlaskClient]
PASSWORD = "a long lamp for rainy days"


class House:
    """An edition with an administrator and a learner who has a password."""

    def __init__(self) -> None:
        edition = factories.edition()
        self.edition: EditionInfo = edition_by_id(edition)
        admin = factories.enrolment(edition, role=Role.ADMINISTRATOR)
        self.admin: Viewer = factories.viewer_of(admin)
        self.learner = factories.person(password_hash=commands.hasher.hash(PASSWORD), email="spam@example.org")
        self.enrolment = factories.enrolment(edition, self.learner)
        self.page = f"/e/{self.edition.slug}/people/{self.enrolment}"


@pytest.fixture
def house(ctx: Flask) -> House:
    """Make it."""
    del ctx
    return House()


def test_freezing_from_the_page(house: House, signed_in: SignedIn, client: FlaskClient) -> None:
    """It signs the learner out at once, and in no more; undone, the same password works again."""
    spammer, admin = signed_in(house.learner), signed_in(house.admin.person_id or 0)
    assert spammer.get(f"/e/{house.edition.slug}/dashboard").status_code == 200
    assert "Freeze this account" in admin.get(house.page).text
    assert admin.post(f"{house.page}/freeze", data={"reason": " "}).status_code == 422
    assert admin.post(f"{house.page}/freeze", data={"reason": "Sells watches"}).status_code == 302
    assert spammer.get(f"/e/{house.edition.slug}/dashboard").status_code == 302
    sent = {"email": "spam@example.org", "password": PASSWORD}
    refused = client.post("/account/sign-in", data=sent)
    assert (refused.status_code, "This account is frozen" in refused.text) == (422, True)
    assert "This account is frozen" not in client.post("/account/sign-in", data={**sent, "password": "wrong"}).text
    page = admin.get(house.page).text
    for words in ("This account is frozen", "Froze an account", "Sells watches"):
        assert words in page
    for again in (admin.get(f"{house.page}/freeze"), admin.post(f"{house.page}/freeze", data={"reason": "R"})):
        assert again.status_code == 409
    assert admin.post(f"{house.page}/thaw").status_code == 302
    assert admin.post(f"{house.page}/thaw").status_code == 409
    assert client.post("/account/sign-in", data=sent).status_code == 302
    acts = [(act.action, act.about_id, act.detail) for act in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    frozen = [act for act in acts if act[0].startswith("account.")]
    assert frozen == [("account.freeze", house.learner, {"reason": "Sells watches"}), ("account.thaw", house.learner, {})]
    kinds = db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.person_id == house.learner).order_by(OutgoingMail.id)).all()
    assert kinds == ["accounts.frozen", "accounts.thawed", "accounts.new_browser"]  # the last by signing in where the test does


def test_no_way_in_is_open(house: House) -> None:
    """Whatever led to it, nobody starts a sign-in of a frozen account."""
    with unit_of_work():
        freeze(house.edition, house.admin, house.learner, "Spam")
    with pytest.raises(Forbidden), unit_of_work():
        commands.start(db.session.get_one(Person, house.learner), "test")
    assert db.session.scalar(select(func.count(SignIn.id)).where(SignIn.person_id == house.learner)) == 0


@pytest.mark.parametrize("kind", ["tutor", "tutor elsewhere", "administrator of the installation", "oneself"])
def test_no_account_of_the_staff_is_touched(house: House, kind: str) -> None:
    """Neither frozen nor given another address."""
    person = house.learner
    if kind == "tutor":
        person = factories.person_of(factories.enrolment(house.edition.id, role=Role.TUTOR))
    elif kind == "tutor elsewhere":
        factories.enrolment(factories.edition(), person, role=Role.TUTOR)
    elif kind == "oneself":
        person = house.admin.person_id or 0
    else:
        with unit_of_work():
            db.session.get_one(Person, person).administrator = True
    with pytest.raises(Forbidden), unit_of_work():
        freeze(house.edition, house.admin, person, "Spam")
    with pytest.raises(Forbidden), unit_of_work():
        correct_address(house.edition, house.admin, person, "other@example.org")


def test_who_may_freeze(house: House, signed_in: SignedIn) -> None:
    """No tutor and no learner, nor an administrator of another edition; nobody of another edition is found."""
    tutor = factories.person_of(factories.enrolment(house.edition.id, role=Role.TUTOR))
    other = factories.edition()
    stranger = factories.person_of(factories.enrolment(other, role=Role.ADMINISTRATOR))
    for who in (tutor, stranger, house.learner):
        for address in (f"{house.page}/freeze", f"{house.page}/thaw"):
            assert signed_in(who).post(address, data={"reason": "R"}).status_code == 403
    elsewhere = f"/e/{factories.slug_of(other)}/people/{house.enrolment}/freeze"
    assert signed_in(stranger).post(elsewhere, data={"reason": "R"}).status_code == 404
    with pytest.raises(NotFound), unit_of_work():
        freeze(edition_by_id(other), house.admin, house.learner, "R")
    with pytest.raises(Conflict), unit_of_work():
        thaw(house.edition, house.admin, house.learner)


def test_an_address_is_corrected(house: House) -> None:
    """Both addresses are told, the old one is kept on record, and nobody gets somebody else's."""
    with unit_of_work():
        assert correct_address(house.edition, house.admin, house.learner, " Right@Example.org ") == "spam@example.org"
    assert db.session.get_one(Person, house.learner).email == "right@example.org"
    told = db.session.scalars(select(OutgoingMail.to).order_by(OutgoingMail.id)).all()
    assert told == ["spam@example.org", "right@example.org"]
    act = db.session.scalars(select(AuditEntry)).one()
    assert (act.action, act.detail) == ("account.correct_address", {"before": "spam@example.org", "after": "right@example.org"})
    for taken in ("right@example.org", db.session.get_one(Person, house.admin.person_id).email):
        with pytest.raises(Invalid), unit_of_work():
            correct_address(house.edition, house.admin, house.learner, taken)


def test_who_has_not_confirmed_gets_the_link_anew(house: House) -> None:
    """At the new address."""
    with unit_of_work():
        db.session.get_one(Person, house.learner).email_confirmed_at = None
        correct_address(house.edition, house.admin, house.learner, "right@example.org")
    last = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
    assert (last.kind, last.to) == ("accounts.confirm", "right@example.org")
