"""Devices, password and address: what changes ends the other sign-ins, is told and on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import recognition, second_factor
from lms.accounts.models import AddressChange, HalfSignIn, KnownBrowser
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Person, SignIn
from lms.core.mail import OutgoingMail
from tests.accounts.conftest import link, mails
from tests.core import factories

NEW = "seven wooden boats"
SignedIn = Callable[[int], FlaskClient]


def acts() -> list[str]:
    """Give what is on record."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def ids() -> list[int]:
    """Give the sign-ins, oldest first."""
    return list(db.session.scalars(select(SignIn.id).order_by(SignIn.id)))


def test_devices_are_listed(client: FlaskClient, ctx: Flask) -> None:
    """In words, with the moments, this one marked, those that are over left out; one query for all."""
    person, agent = factories.person(email="p@example.org"), "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
    data = {"email": "p@example.org", "password": factories.PASSWORD}
    client.post("/account/sign-in", data=data, headers={"User-Agent": agent})
    other = ctx.test_client()
    other.post("/account/sign-in", data=data, headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/17.5 Safari/604.1"})
    with unit_of_work():
        db.session.add(SignIn(person_id=person, token_hash="x", expires_at=clock.now(), device="Windows"))
    page = client.get("/account/security").text
    assert page.index("Firefox on a Windows computer") > page.index("Safari on an iPhone")
    assert (page.count("Signed in <time"), page.count("this one"), page.count("Sign it out")) == (2, 1, 1)


AGENTS = ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko Firefox/128.0", "Mozilla/5.0 (iPhone; OS 17_5) Version/17.5 Safari/604.1")


def test_a_new_device_is_told_by_mail(ctx: Flask) -> None:
    """Not the first ever, not an update of a browser that is known, and never after a wrong password."""
    factories.person(email="p@example.org", zone="Asia/Bangkok")

    def enter(agent: str, password: str = factories.PASSWORD) -> int:
        data = {"email": "p@example.org", "password": password}
        return ctx.test_client().post("/account/sign-in", data=data, headers={"User-Agent": agent}).status_code

    with clock.at(datetime(2026, 10, 1, 20, 5, tzinfo=UTC)):
        steps = [(AGENTS[0], 0), (AGENTS[0].replace("128", "131"), 0), (AGENTS[1], 1), (AGENTS[1], 1)]
        assert [(enter(agent), len(mails("accounts.new_browser"))) for agent, _ in steps] == [(302, count) for _, count in steps]
        assert (enter("A thief's", "wrong"), len(mails("accounts.new_browser"))) == (422, 1)
    told = mails("accounts.new_browser")[0]
    assert "Safari on an iPhone, on 2 October 2026 at 03:05 (Asia/Bangkok)" in told.text
    assert link(told) == "/account/security#devices"


def test_new_devices_fill_no_mailbox(ctx: Flask) -> None:
    """Whoever knows the password and changes the browser's name each time causes three mails an hour; old ones are forgotten."""
    del ctx
    owner, began = factories.person(), clock.now()
    for hours, count in ((0, 2), (2, 5)):
        with clock.at(began + timedelta(hours=hours)):
            for letter in "abcdef":
                with unit_of_work():
                    recognition.recognise(db.session.get_one(Person, owner), f"{letter}{hours or 'x'} browser{'x' * hours}")
            assert len(mails("accounts.new_browser")) == count
    with clock.at(began + timedelta(days=401)), unit_of_work():
        recognition.forget()
        assert db.session.scalar(select(func.count(KnownBrowser.id))) == 0


def test_last_seen_follows_use(signed_in: SignedIn) -> None:
    """Written down every five minutes at most, not at every request."""
    browser, began = signed_in(factories.person()), clock.now()
    for minutes, seen in ((4, 0), (6, 6), (10, 6), (12, 12)):
        with clock.at(began + timedelta(minutes=minutes)):
            browser.get("/account/profile")
        db.session.expire_all()
        seen_at = db.session.scalars(select(SignIn.seen_at)).one()
        assert round((seen_at - began).total_seconds() / 60) == seen


def test_ending_a_device(signed_in: SignedIn) -> None:
    """It is asked to sign in at its next request; ending it again finds nothing."""
    person = factories.person()
    browser, elsewhere = signed_in(person), signed_in(person)
    here, there = ids()
    assert browser.post(f"/account/sign-ins/{there}/end").status_code == 302
    assert "sign-in" in elsewhere.get("/account/profile").location
    assert browser.post(f"/account/sign-ins/{there}/end").status_code == 404
    assert browser.post(f"/account/sign-ins/{here}/end").status_code == 302
    assert browser.get("/account/profile").status_code == 302
    assert acts() == ["account.end_sign_in"] * 2


def test_somebody_elses_device(signed_in: SignedIn) -> None:
    """Is not found, and goes on."""
    other, browser = signed_in(factories.person()), signed_in(factories.person())
    assert browser.post(f"/account/sign-ins/{ids()[0]}/end").status_code == 404
    assert other.get("/account/profile").status_code == 200


def test_ending_all_others(signed_in: SignedIn) -> None:
    """The one that asks stays, and so do other people's."""
    person, somebody = factories.person(), signed_in(factories.person())
    browser, *others = [signed_in(person) for _ in range(3)]
    page = browser.post("/account/sign-ins/end-others", follow_redirects=True)
    assert "2 other devices are signed out" in page.text
    assert [other.get("/account/profile").status_code for other in (*others, somebody)] == [302, 302, 200]


def test_a_new_password(signed_in: SignedIn, client: FlaskClient) -> None:
    """Ends the other sign-ins, whatever was begun with the old one, and is told by mail."""
    person = factories.person(email="p@example.org")
    browser, elsewhere = signed_in(person), signed_in(person)
    browser.post("/account/address", data={"email": "new@example.org", "password": factories.PASSWORD})
    with unit_of_work():
        second_factor.start_halfway(person)
    data = {"current": factories.PASSWORD, "password": NEW}
    assert browser.post("/account/password", data=data).location == "/account/security"
    assert (browser.get("/account/profile").status_code, elsewhere.get("/account/profile").status_code) == (200, 302)
    assert [db.session.scalar(select(func.count(table.id))) for table in (HalfSignIn, AddressChange)] == [0, 0]
    assert mails("accounts.password_changed")[0].to == "p@example.org"
    assert acts() == ["account.ask_address", "account.password"]
    assert client.post("/account/sign-in", data={"email": "p@example.org", "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("current", "something else", "This is not your password."),
        ("current", "", "Please fill this in."),
        ("password", "short", "at least 10 characters"),
        ("password", "Password2026", "among the first"),
        ("password", "Sokha.Pov.99", "made of your name"),
        ("password", "moon@example.org", "made of your name or address"),
        ("password", factories.PASSWORD, "your password already"),
        ("password", "x" * 201, "at most 200"),
    ],
)
def test_a_password_that_is_refused(signed_in: SignedIn, field: str, value: str, words: str) -> None:
    """The reason stands beside its field; nothing is changed, told or ended."""
    person = factories.person(name="Sokha Pov", email="moon@example.org")
    browser, elsewhere = signed_in(person), signed_in(person)
    page = browser.post("/account/password", data={"current": factories.PASSWORD, "password": NEW, field: value})
    assert (page.status_code, words in page.text, f'id="{field}-error"' in page.text) == (422, True, True)
    assert elsewhere.get("/account/profile").status_code == 200
    assert (acts(), mails("accounts.password_changed")) == ([], [])


def test_guessing_the_current_password_has_an_end(signed_in: SignedIn) -> None:
    """Ten tries in ten minutes."""
    browser = signed_in(factories.person())
    tries = [browser.post("/account/password", data={"current": f"guess {n}", "password": NEW}).status_code for n in range(11)]
    assert tries == [422] * 10 + [429]


def test_a_reset_is_told_and_on_record(client: FlaskClient, ctx: Flask) -> None:
    """Its link is worth nothing after an hour, or once the address is another."""
    person = factories.person(email="p@example.org")
    for _ in range(2):
        client.post("/account/reset", data={"email": "p@example.org"})
    first, second = map(link, mails("accounts.reset"))
    assert client.post(first, data={"password": NEW}).status_code == 302
    assert client.post(second, data={"password": "eight wooden boats"}).status_code == 422
    assert (acts(), len(mails("accounts.password_changed"))) == (["account.password"], 1)
    client.post("/account/reset", data={"email": "p@example.org"})
    last = link(mails("accounts.reset")[-1])
    with unit_of_work():
        db.session.get_one(Person, person).email = "q@example.org"
    assert client.post(last, data={"password": "eight wooden boats"}).status_code == 422
    assert ctx


def test_the_confirmation_link_signs_in_once(client: FlaskClient, ctx: Flask) -> None:
    """Whoever finds it later is asked for the password."""
    person = factories.person(email="p@example.org", email_confirmed_at=None)
    factories.enrolment(factories.edition(), person)
    client.post("/account/reset", data={"email": "p@example.org"})
    path = link(mails("accounts.confirm")[0])
    assert client.post(path).location == "/"
    other = ctx.test_client()
    assert other.post(path).location == "/account/sign-in"
    assert other.get("/account/profile").status_code == 302


def test_another_address(signed_in: SignedIn, client: FlaskClient) -> None:
    """It changes when the new one is confirmed, in whatever browser; both are told, the other sign-ins end."""
    person = factories.person(email="old@example.org")
    browser, elsewhere = signed_in(person), signed_in(person)
    assert browser.post("/account/address", data={"email": "New@Example.org", "password": factories.PASSWORD}).status_code == 302
    assert [mail.to for mail in mails("accounts.address_asked")] == ["old@example.org"]
    assert "new@example.org" in browser.get("/account/security").text
    assert db.session.get_one(Person, person).email == "old@example.org"
    path = link(mails("accounts.new_address")[0])
    assert "new@example.org" in browser.get(path).text
    assert browser.post(path).location == "/account/security"
    assert "new@example.org" in browser.get("/account/security").text
    assert elsewhere.get("/account/profile").status_code == 302
    assert {mail.to for mail in mails("accounts.address_changed")} == {"old@example.org", "new@example.org"}
    assert (client.get(path).status_code, client.post(path).status_code) == (422, 422)
    data = {"email": "new@example.org", "password": factories.PASSWORD}
    assert client.post("/account/sign-in", data=data).status_code == 302
    assert acts() == ["account.ask_address", "account.address"]


def test_a_stranger_with_the_link_is_not_signed_in(signed_in: SignedIn, client: FlaskClient) -> None:
    """The link changes the address, ends every sign-in, and opens nothing."""
    browser = signed_in(factories.person())
    browser.post("/account/address", data={"email": "new@example.org", "password": factories.PASSWORD})
    client.post(link(mails("accounts.new_address")[0]))
    assert (client.get("/account/profile").status_code, browser.get("/account/profile").status_code) == (302, 302)


def test_somebody_elses_address_looks_the_same(signed_in: SignedIn) -> None:
    """On every page and in the mail to the old address; only the owner of the address learns of it."""
    factories.person(email="taken@example.org")
    pages = []
    moment = clock.now()
    for email in ("taken@example.org", "fresh@example.org"):
        with clock.at(moment):
            browser = signed_in(factories.person(email="me@example.org", name="Me", printed_name="Me"))
            answer = browser.post("/account/address", data={"email": email, "password": factories.PASSWORD}, follow_redirects=True)
        notice = mails("accounts.address_asked")[-1]
        pages.append((answer.status_code, _neutral(answer.text, email), notice.to, notice.text.replace(email, "")))
        with unit_of_work():
            db.session.scalars(select(Person).where(Person.email == "me@example.org")).one().email = f"gone.{email}"
    assert pages[0] == pages[1]
    assert [mail.to for mail in mails("accounts.address_taken")] == ["taken@example.org"]
    assert [mail.to for mail in mails("accounts.new_address")] == ["fresh@example.org"]


def _neutral(page: str, email: str) -> str:
    """Take out of a page what differs between any two requests."""
    lines = page.replace(email, "").splitlines()
    return "\n".join(line for line in lines if "csrf_token" not in line)


def test_an_address_that_is_taken_meanwhile(signed_in: SignedIn) -> None:
    """Is refused, and nothing is changed."""
    person = factories.person(email="old@example.org")
    browser = signed_in(person)
    browser.post("/account/address", data={"email": "new@example.org", "password": factories.PASSWORD})
    factories.person(email="new@example.org")
    page = browser.post(link(mails("accounts.new_address")[0]))
    assert (page.status_code, "can&#39;t be used any more" in page.text) == (422, True)
    assert db.session.get_one(Person, person).email == "old@example.org"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nonsense", "@-sign"),
        ("email", "OLD@example.org", "your address already"),
        ("password", "something else", "not your password"),
    ],
)
def test_an_address_that_is_refused(signed_in: SignedIn, field: str, value: str, words: str) -> None:
    """The reason stands beside its field, and no mail goes out."""
    browser = signed_in(factories.person(email="old@example.org"))
    page = browser.post("/account/address", data={"email": "new@example.org", "password": factories.PASSWORD, field: value})
    assert (page.status_code, words in page.text, f'id="{field}-error"' in page.text) == (422, True, True)
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


def test_a_link_works_for_an_hour_or_until_it_is_taken_back(signed_in: SignedIn) -> None:
    """And only the newest does."""
    browser, moment = signed_in(factories.person()), clock.now()
    ask = {"email": "new@example.org", "password": factories.PASSWORD}
    with clock.at(moment):
        for _ in range(2):
            browser.post("/account/address", data=ask)
    first, second = map(link, mails("accounts.new_address"))
    assert (browser.get(first).status_code, browser.get(second).status_code) == (422, 200)
    with clock.at(moment + timedelta(minutes=61)):
        assert browser.get(second).status_code == 422
    browser.post("/account/address/keep")
    assert browser.get(second).status_code == 422
    assert "waits to be confirmed" not in browser.get("/account/security").text
