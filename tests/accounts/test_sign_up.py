"""From the form to the dashboard, and everything that can go wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person, SignIn
from lms.core.mail import OutgoingMail
from tests.core import factories

ANSWERS = {
    "email": "Sokha@Example.org",
    "password": "nine grey elephants",
    "name": "Sokha Pov",
    "printed_name": "សុខា ពៅ",
    "gender": "woman",
    "country": "KH",
    "sector": "government",
    "institution": "Ministry of Trade",
    "position": "Head of section",
    "motivation": "Our register of companies is on paper.",
}


@pytest.fixture
def base(ctx: Flask) -> str:
    """Give the address of an edition that is open for registration."""
    del ctx
    return f"/e/{factories.slug_of(factories.edition())}"


def last_mail() -> OutgoingMail:
    """Give the newest mail."""
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()


def link(mail: OutgoingMail) -> str:
    """Give the path of the link in a mail."""
    match = re.search(r"http://localhost(/\S+)", mail.text)
    assert match, mail.text
    return match[1]


def test_the_whole_road(base: str, client: FlaskClient) -> None:
    """Sign up, get one mail, confirm by its button, be on the dashboard; sign out and in again."""
    assert client.post(f"{base}/register", data=ANSWERS).location == "/account/check-mail"
    assert db.session.scalars(select(OutgoingMail.to)).all() == ["sokha@example.org"]
    page = client.get(link(last_mail()))
    assert (page.status_code, "sokha@example.org" in page.text) == (200, True)
    assert db.session.scalars(select(Person)).one().email_confirmed_at is None, "looking at the page confirms nothing"
    client.post(link(last_mail()))
    assert client.get(f"{base}/dashboard").status_code == 200
    enrolment = db.session.scalars(select(Enrolment)).one()
    db.session.refresh(enrolment)
    assert (enrolment.state, enrolment.country, enrolment.person.printed_name) == ("confirmed", "KH", "សុខា ពៅ")
    client.post("/account/sign-out")
    assert "sign-in" in client.get(f"{base}/dashboard").location
    answer = client.post(f"/account/sign-in?next={base}/dashboard", data=ANSWERS)
    assert answer.location == f"{base}/dashboard"


def test_confirming_again_changes_nothing(base: str, client: FlaskClient) -> None:
    """The link may be used twice; the welcome is sent once."""
    client.post(f"{base}/register", data=ANSWERS)
    path = link(last_mail())
    for _ in range(2):
        assert client.post(path).status_code == 302
    assert db.session.scalar(select(func.count()).where(OutgoingMail.kind == "applications.confirmed")) == 1


def test_an_address_in_use_looks_the_same(base: str, client: FlaskClient) -> None:
    """Whoever tries a used address sees the same page; only the owner of the address is told."""
    first = client.post(f"{base}/register", data=ANSWERS)
    second = client.post(f"{base}/register", data=ANSWERS | {"name": "Somebody Else", "password": "other long words"})
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert db.session.scalar(select(func.count(Person.id))) == 1
    assert last_mail().kind == "accounts.already_there"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "not an address", "@-sign"),
        ("email", "", "Please fill this in"),
        ("password", "short", "at least 10 characters"),
        ("password", "password123", "among the first"),
        ("name", "", "Please fill this in"),
        ("name", "x" * 101, "at most 100 characters"),
        ("name", "a\u202eb", "invisible character U+202E"),
        ("printed_name", "a\x00b", "invisible character U+0000"),
        ("country", "", "Please choose one"),
        ("country", "XX", "Not a valid choice"),
        ("country", "VN", "Not a valid choice"),
        ("sector", "piracy", "Not a valid choice"),
        ("gender", "yes", "Not a valid choice"),
    ],
)
def test_a_fault_is_said_beside_its_field(base: str, client: FlaskClient, field: str, value: str, words: str) -> None:
    """The other answers stay, the status is 422, and nothing is stored."""
    page = client.post(f"{base}/register", data=ANSWERS | {field: value})
    assert page.status_code == 422
    assert words in page.text
    assert re.search(rf'id="{field}-error"', page.text)
    if field != "institution":
        assert "Ministry of Trade" in page.text
    assert "nine grey elephants" not in page.text
    assert db.session.scalar(select(func.count(Person.id))) == 0
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


@pytest.mark.parametrize(("opens", "closes"), [(-20, -1), (1, 5)])
def test_outside_the_dates_there_is_no_form(client: FlaskClient, opens: int, closes: int) -> None:
    """Before and after registration the page says when it is open, and nothing is accepted."""
    now = clock.now()
    edition_id = factories.edition(
        registration_opens_at=now + timedelta(days=opens), registration_closes_at=now + timedelta(days=closes)
    )
    url = f"/e/{factories.slug_of(edition_id)}/register"
    assert "<form method" not in client.get(url).text
    assert client.post(url, data=ANSWERS).status_code == 409
    assert db.session.scalar(select(func.count(Person.id))) == 0


def test_somebody_with_an_account_joins_another_edition(signed_in: Callable[[int], FlaskClient], base: str) -> None:
    """By the same page without the account's fields; sending it twice gives one enrolment."""
    browser = signed_in(factories.person())
    assert browser.get(f"{base}/register").status_code == 200
    for _ in range(2):
        assert browser.post(f"{base}/register", data=ANSWERS).location == f"{base}/dashboard"
    assert db.session.scalar(select(func.count(Enrolment.id))) == 1


def test_a_sixth_try_in_a_minute_waits(base: str, client: FlaskClient) -> None:
    """The limit is per address, says how long to wait, and is over after a minute."""
    factories.person(email="slow@example.org")
    moment = clock.now()
    with clock.at(moment):
        tries = [client.post("/account/sign-in", data={"email": "slow@example.org", "password": "wrong"}) for _ in range(6)]
        assert [answer.status_code for answer in tries] == [422] * 5 + [429]
        assert 0 < int(tries[5].headers["Retry-After"]) <= 60
        other = client.post("/account/sign-in", data={"email": "other@example.org", "password": "wrong"})
        assert other.status_code == 422
    with clock.at(moment + timedelta(seconds=61)):
        again = client.post("/account/sign-in", data={"email": "slow@example.org", "password": factories.PASSWORD})
        assert again.status_code == 302
    assert base


def test_wrong_password_and_unknown_address_read_the_same(client: FlaskClient, ctx: Flask) -> None:
    """Nothing tells whether there is an account."""
    del ctx
    factories.person(email="known@example.org")
    with clock.at(clock.now()):
        pages = [
            client.post("/account/sign-in", data={"email": email, "password": "wrong words here"}).text.replace(email, "")
            for email in ("known@example.org", "unknown@example.org")
        ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, ctx: Flask, target: str) -> None:
    """Only a path of this installation is followed."""
    del ctx
    factories.person(email="p@example.org")
    answer = client.post("/account/sign-in", query_string={"next": target}, data={"email": "p@example.org", "password": factories.PASSWORD})
    assert answer.location == "/"


def test_a_new_password_by_mail(client: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """The link works once and ends every sign-in; a weak password is refused and the link still works."""
    person_id = factories.person(email="p@example.org")
    elsewhere = signed_in(person_id)
    assert elsewhere.get("/account/profile").status_code == 200
    client.post("/account/reset", data={"email": "P@example.org"})
    path = link(last_mail())
    assert client.post(path, data={"password": "short"}).status_code == 422
    assert client.post(path, data={"password": "seven wooden boats"}).location == "/account/sign-in"
    assert elsewhere.get("/account/profile").status_code == 302
    assert client.post(path, data={"password": "eight wooden boats"}).status_code == 422
    answer = client.post("/account/sign-in", data={"email": "p@example.org", "password": "seven wooden boats"})
    assert answer.status_code == 302


def test_a_reset_for_nobody_sends_nothing(client: FlaskClient, ctx: Flask) -> None:
    """The page is the same, and there is no mail."""
    del ctx
    assert client.post("/account/reset", data={"email": "nobody@example.org"}).location == "/account/check-mail"
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


@pytest.mark.parametrize("path", ["/account/confirm/nonsense", "/account/new-password/nonsense"])
def test_a_broken_link_says_so(client: FlaskClient, ctx: Flask, path: str) -> None:
    """With a sentence and 422."""
    del ctx
    page = client.get(path)
    assert (page.status_code, "not valid any more" in page.text) == (422, True)


def test_an_ended_sign_in_is_worth_nothing(signed_in: Callable[[int], FlaskClient]) -> None:
    """After the row is gone or over, the cookie signs nobody in."""
    browser = signed_in(factories.person())
    with unit_of_work():
        db.session.scalars(select(SignIn)).one().expires_at = clock.now() - timedelta(seconds=1)
    assert browser.get("/account/profile").status_code == 302


def test_the_profile_changes(signed_in: Callable[[int], FlaskClient]) -> None:
    """Name, printed name, institution and zone are kept; an unknown zone is refused."""
    person_id = factories.person()
    browser = signed_in(person_id)
    answers = {"name": "New", "printed_name": "ใหม่", "institution": "Customs", "zone": "Asia/Bangkok"}
    assert browser.post("/account/profile", data=answers).status_code == 302
    assert db.session.get_one(Person, person_id).printed_name == "ใหม่"
    assert browser.post("/account/profile", data=answers | {"zone": "Moon/Base"}).status_code == 422


def test_two_editions_side_by_side(signed_in: Callable[[int], FlaskClient], ctx: Flask) -> None:
    """A learner of one edition is a stranger in the other, also of the same course."""
    del ctx
    course_id = factories.course()
    one, two = factories.edition(course_id), factories.edition(course_id)
    browser = signed_in(factories.person_of(factories.enrolment(one)))
    assert browser.get(f"/e/{factories.slug_of(one)}/dashboard").status_code == 200
    assert browser.get(f"/e/{factories.slug_of(two)}/dashboard").status_code == 403


def test_who_only_applied_is_not_in(signed_in: Callable[[int], FlaskClient], ctx: Flask) -> None:
    """An enrolment that is not confirmed opens nothing."""
    del ctx
    edition_id = factories.edition()
    enrolment_id = factories.enrolment(edition_id, state=EnrolmentState.APPLIED)
    browser = signed_in(factories.person_of(enrolment_id))
    assert browser.get(f"/e/{factories.slug_of(edition_id)}/dashboard").status_code == 403
    assert db.session.get_one(Edition, edition_id).state == "open"
