"""What became of mails: counts, causes, addresses corrected, mails sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import tasks
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Person, Role
from lms.core.mail import OutgoingMail
from lms.core.work import DONE, GIVEN_UP, WAITING
from lms.deliveries.queries import in_words
from tests.core import factories as core
from tests.core.post_office import PostOffice, opened
from tests.forums import factories
from tests.forums.factories import Place
from tests.gradebook.reading import tables

SignedIn = Callable[[int], FlaskClient]
REFUSED = "550 5.1.1 No such user here"


@pytest.fixture
def place(course: Course) -> Place:
    """Make an edition with people."""
    return factories.place(course)


@pytest.fixture
def base(place: Place) -> str:
    """Tell where the pages are."""
    return place.base.replace("/forums", "/deliveries/")


@pytest.fixture
def admin(place: Place, signed_in: SignedIn) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(place.person("admin"))


def announce(place: Place) -> None:
    """Announce something, with a mail server that takes no mail for anybody."""
    factories.topic(place, place.admin, "announcements", title="Rooms", body="Room 4")


@pytest.fixture
def refusing(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let mail go to a server that refuses every addressee for good."""
    with opened(PostOffice(answers={"RCPT": REFUSED})) as office:
        monkeypatch.setitem(ctx.extensions, "settings", replace(ctx.extensions["settings"], smtp_url=office.url))
        yield office


def states() -> list[tuple[str, int]]:
    """Give state and number of tries of each mail of the mailing."""
    db.session.rollback()
    found = select(OutgoingMail.state, OutgoingMail.tries).where(OutgoingMail.mailing_id.is_not(None)).order_by(OutgoingMail.id)
    return [(row[0], row[1]) for row in db.session.execute(found)]


def test_what_a_server_refuses_for_good_fails_at_once(place: Place, refusing: PostOffice, admin: FlaskClient, base: str) -> None:
    """With the cause in words, who it was for, and how many of how many."""
    announce(place)
    tasks.run("mail.sweep")
    assert refusing.envelopes == []
    assert states() == [(GIVEN_UP, 1)] * 3
    (head, line), *_ = tables(admin.get(base).text)
    assert head[3:] == ["Mails", "Sent", "Waiting", "Failed"]
    assert line[1:] == ["Rooms", db.session.get_one(Person, place.person("admin")).name, "3", "0", "0", "3"]
    mailing = db.session.scalars(select(OutgoingMail.mailing_id)).first()
    page = admin.get(f"{base}{mailing}").text
    assert page.count("The addressee&#39;s server refused it: 550 5.1.1 No such user here") == 3


def test_what_may_still_work_is_tried_again(place: Place, refusing: PostOffice, admin: FlaskClient, base: str) -> None:
    """A full mailbox is no wrong address: the mail waits."""
    refusing.answers["RCPT"] = "452 4.2.2 Mailbox full"
    announce(place)
    assert states() == [(WAITING, 1)] * 3
    assert tables(admin.get(base).text)[0][1][3:] == ["3", "0", "3", "0"]


def test_an_address_is_corrected_and_the_mail_sent_again(place: Place, refusing: PostOffice, admin: FlaskClient, base: str) -> None:
    """All that failed for this person goes to the new address; the others stay as they are."""
    announce(place)
    announce(place)
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.person_id == place.person("learner"))).first()
    assert mail is not None
    address = f"{base}mails/{mail.id}"
    assert "Correct the address" in admin.get(f"{base}failed").text
    for wrong, said in (("nonsense", 422), (mail.to, 422), (db.session.get_one(Person, place.person("other")).email, 422)):
        page = admin.post(address, data={"email": wrong})
        assert (page.status_code, f'value="{wrong}"' in page.text) == (said, True)
    del refusing.answers["RCPT"]
    assert admin.post(address, data={"email": "right@example.org"}).status_code == 302
    to = [recipient for _, recipients, _ in refusing.envelopes for recipient in recipients]
    assert sorted(to) == sorted(["right@example.org"] * 3 + [mail.to])
    db.session.rollback()
    left = db.session.scalars(select(OutgoingMail.state).where(OutgoingMail.mailing_id.is_not(None))).all()
    assert (left.count(DONE), left.count(GIVEN_UP)) == (2, 4)
    assert [admin.get(address).status_code, admin.post(address, data={"email": "x@example.org"}).status_code] == [404, 404]
    assert db.session.scalars(select(AuditEntry.action)).all() == ["account.correct_address"]


def test_two_who_send_it_again_at_once(place: Place, refusing: PostOffice, admin: FlaskClient, base: str) -> None:
    """The second is told so, and one mail goes out."""
    announce(place)
    del refusing.answers["RCPT"]
    mail = db.session.scalars(select(OutgoingMail.id).order_by(OutgoingMail.id)).first()
    assert [admin.post(f"{base}mails/{mail}/again").status_code for _ in range(2)] == [302, 409]
    assert len(refusing.envelopes) == 1
    assert [state for state, _ in states()] == [DONE, GIVEN_UP, GIVEN_UP]


def test_who_sees_what(place: Place, refusing: PostOffice, signed_in: SignedIn, base: str) -> None:
    """Tutors see names and causes, no addresses, and correct none; learners nothing; another edition's rows are not there."""
    announce(place)
    mail = db.session.scalars(select(OutgoingMail)).first()
    assert mail is not None
    page = signed_in(place.person("tutor")).get(f"{base}{mail.mailing_id}").text
    assert ("No such user here" in page, mail.to in page, "Correct the address" in page) == (True, False, False)
    for who in ("tutor", "learner"):
        for address in (f"{base}failed", f"{base}mails/{mail.id}"):
            assert signed_in(place.person(who)).get(address).status_code == 403
    assert signed_in(place.person("learner")).get(base).status_code == 403
    other = core.edition()
    stranger = signed_in(core.person_of(core.enrolment(other, role=Role.ADMINISTRATOR)))
    there = f"/e/{core.slug_of(other)}/deliveries/"
    assert [stranger.get(f"{there}{end}").status_code for end in (mail.mailing_id, f"mails/{mail.id}")] == [404, 404]
    assert stranger.post(f"{there}mails/{mail.id}", data={"email": "a@example.org"}).status_code == 404
    assert stranger.post(f"{there}mails/{mail.id}/again").status_code == 404
    assert "Nothing was sent to many yet" in stranger.get(there).text
    assert refusing.envelopes == []


def test_a_page_costs_few_statements(place: Place, admin: FlaskClient, base: str, statements: Callable[[], Any]) -> None:
    """However many mailings there are."""
    for _ in range(25):
        announce(place)
    admin.get(base)
    with statements() as seen:
        page = admin.get(base)
    assert 'rel="next"' in page.text
    seen.at_most(4)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Undeliverable: 550 <a@b.org>: unknown", "The addressee's server refused it: 550 <the address>: unknown"),
        ("ConnectionRefusedError: [Errno 111] refused", "The mail server could not be used: [Errno 111] refused"),
        ("TimeoutError", "The mail server could not be used: TimeoutError"),
    ],
)
def test_causes_in_words(error: str, words: str) -> None:
    """Without the address, and without the names of errors where they say more."""
    assert in_words(error, "a@b.org") == words


def test_a_mail_alone_is_no_mailing(place: Place, admin: FlaskClient, base: str) -> None:
    """It is listed where it failed."""
    with unit_of_work():
        facts = {"kind": "people.note", "subject": "A note", "text": "T", "html": "H", "last_error": "Undeliverable: 550 no"}
        db.session.add(OutgoingMail(to="gone@example.org", edition_id=place.edition, state=GIVEN_UP, **facts))
    assert "1 mail of this edition did not arrive" in admin.get(base).text
    assert "gone@example.org" in admin.get(f"{base}failed").text
