"""The mailbox as the installation's administrators see it, and who sees their desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import audit, clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Role
from lms.core.mail import OutgoingMail
from lms.core.viewer import NOBODY
from lms.core.work import DONE, GIVEN_UP, WAITING
from lms.desk import queries
from tests.core import factories


@pytest.fixture
def desk(signed_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """Give the browser of an administrator of the installation."""
    return signed_in(factories.person(administrator=True))


def store(**facts: Any) -> int:
    """Store a mail that was sent."""
    values = {"to": "sokha@example.org", "kind": "test", "subject": "A subject", "text": "A text", "html": "H", "state": DONE}
    with unit_of_work():
        row = OutgoingMail(**(values | facts))
        db.session.add(row)
    return row.id


def act(action: str) -> None:
    """Put an act on record."""
    with unit_of_work():
        audit.record(NOBODY, action, "thing", 7)


# The mailbox


def test_an_empty_mailbox_says_so(desk: FlaskClient) -> None:
    page = desk.get("/desk/mail")
    assert page.status_code == 200
    assert '<div class="empty">' in page.text


@pytest.mark.parametrize(
    ("facts", "smtp", "words"),
    [
        ({"state": WAITING}, "", "It waits for the worker"),
        ({"state": DONE}, "", "went the whole way, but to the mailbox"),
        ({"state": DONE}, "smtp://localhost", "The mail server took it"),
        ({"state": WAITING, "last_error": "[Errno 1] no"}, "smtp://localhost", "<p>[Errno 1] no</p><p>It is tried again.</p>"),
        ({"state": GIVEN_UP, "last_error": "550 no such user"}, "smtp://localhost", "<p>550 no such user</p></div>"),
    ],
)
def test_a_test_mail_says_how_it_fares(
    ctx: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch, facts: dict[str, str], smtp: str, words: str
) -> None:
    """To the own address; whoever tests reads of their own test alone."""
    assert "Send a mail to your own address" in desk.get("/desk/mail/test").text
    assert desk.post("/desk/mail/test").location == "/desk/mail/test"
    store(kind="desk.test", person_id=factories.person(), state=WAITING)
    monkeypatch.setitem(ctx.extensions, "settings", replace(ctx.extensions["settings"], smtp_url=smtp))
    with unit_of_work():
        own = db.session.scalars(select(OutgoingMail).where(OutgoingMail.subject == "Mail works")).one()
        own.state, own.last_error = facts["state"], facts.get("last_error", "")
    assert words in desk.get("/desk/mail/test").text


def test_a_mail_is_listed_and_read(desk: FlaskClient) -> None:
    """With everything that people wrote shown as text."""
    mail_id = store(subject="<b>Hello</b>", text="Dear <Sokha>,\n\nhttp://localhost/x?a=1&b=2")
    assert "&lt;b&gt;Hello&lt;/b&gt;" in desk.get("/desk/mail").text
    page = desk.get(f"/desk/mail/{mail_id}").text
    assert "Dear &lt;Sokha&gt;," in page
    assert "<b>Hello" not in page


@pytest.mark.parametrize("number", [0, 999_999, 2**53])
def test_a_mail_that_is_not_there(desk: FlaskClient, number: int) -> None:
    assert desk.get(f"/desk/mail/{number}").status_code == 404


def test_where_mail_goes_out_its_text_is_private(desk: FlaskClient, ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list stays, for looking after deliveries; links in mails would let an administrator act for others."""
    mail_id = store(subject="Please confirm your address")
    settings = replace(ctx.extensions["settings"], smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(ctx.extensions, "settings", settings)
    assert "Please confirm your address" in desk.get("/desk/mail").text
    assert desk.get(f"/desk/mail/{mail_id}").status_code == 404


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"one@example.org", "two@example.com", "100%@example.net"}),
        ("ONE", {"one@example.org"}),
        ("example.com", {"two@example.com"}),
        ("reset", {"two@example.com"}),
        ("%", {"100%@example.net"}),
        ("_", set()),
        ("\\", set()),
        ("'", set()),
        ("nobody", set()),
    ],
)
def test_searching_mail(desk: FlaskClient, search: str, found: set[str]) -> None:
    """By address or subject, in any case; signs that a database would read as patterns are just signs."""
    for to, subject in [("one@example.org", "Welcome"), ("two@example.com", "Password reset"), ("100%@example.net", "Offer")]:
        store(to=to, subject=subject)
    page = desk.get("/desk/mail", query_string={"q": search}).text
    assert set(re.findall(r"\w+%?@example\.\w+", page)) == found


def test_long_lists_go_on(desk: FlaskClient) -> None:
    """Newest first, page after page, each mail once."""
    ids = [store(subject=f"Mail {number:03}.") for number in range(queries.PAGE + 3)]
    seen: list[str] = []
    path = "/desk/mail"
    while path:
        page = desk.get(path).text
        seen += re.findall(r"Mail \d{3}\.", page)
        more = re.search(r'href="([^"]*before=\d+[^"]*)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
        path = f"/desk/mail{path}" if path.startswith("?") else path
    assert seen == [f"Mail {number:03}." for number in reversed(range(len(ids)))]


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "٣", "0x10", "9" * 15, "9" * 16, "9" * 500, "NaN"])
def test_a_page_that_is_none_is_the_first(desk: FlaskClient, before: str) -> None:
    store()
    assert desk.get("/desk/mail", query_string={"before": before}).status_code == 200
    assert desk.get("/desk/audit", query_string={"before": before}).status_code == 200


def test_what_is_stuck_is_counted(ctx: Flask) -> None:
    """Mail that waits longer than it should is told apart from what is only under way."""
    del ctx
    old = clock.now() - timedelta(minutes=6)
    for state, created in [(DONE, old), (WAITING, old), (WAITING, clock.now()), (GIVEN_UP, old)]:
        store(state=state, created_at=created)
    assert queries.mail_counts() == {WAITING: 2, DONE: 1, GIVEN_UP: 1, "late": 1}


# Who may see it


@pytest.mark.parametrize("path", ["/desk/mail", "/desk/mail/1", "/desk/audit", "/desk/audit.csv"])
@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_sees_the_desk(client: FlaskClient, signed_in: Callable[[int], FlaskClient], path: str, role: Role) -> None:
    """Not even the administrator of an edition; whoever is not signed in is asked to."""
    store()
    browser = signed_in(factories.person_of(factories.enrolment(factories.edition(), role=role)))
    assert browser.get(path).status_code == 403
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", ["/desk/mail", "/desk/audit"])
def test_lists_cost_few_statements(desk: FlaskClient, statements: Callable[[], Any], path: str) -> None:
    """However long they are."""
    for number in range(60):
        store(subject=str(number))
        act("edition.close")
    with statements() as seen:
        assert desk.get(path).status_code == 200
    seen.at_most(4)
