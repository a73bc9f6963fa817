"""The outbox: written with what decides it, sent once, tried again with growing pauses, never split or forged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.app import create_app
from lms.core import clock, mail
from lms.core.db import db, unit_of_work
from lms.core.mail import OutgoingMail, compose, post
from lms.core.tasks import run
from lms.core.work import DONE, GIVEN_UP, WAITING, claim
from tests.core.post_office import PostOffice, opened
from tests.core.threads import at_once

NOW = clock.parse("2019-09-10T09:00:00+08:00")
MESSAGE = compose("Grüße, ສະບາຍດີ", "Dear <Sokha> & Co,", ["One.", "Two."], ("Open", "http://localhost/e/x/?a=1&b=2"))
Serve = Callable[..., AbstractContextManager[PostOffice]]


@pytest.fixture
def office(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """Run a mail server to which the platform sends; tests change what it does."""
    with opened(PostOffice()) as running:
        address(ctx, monkeypatch, running.url)
        yield running


def address(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let the platform send to this server."""
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], smtp_url=url))


def send(to: str = "sokha@example.org", message: mail.Message = MESSAGE, moment: datetime = NOW) -> OutgoingMail:
    """Post a mail and give its row after the first try."""
    with clock.at(moment), unit_of_work():
        post(message, to, kind="test")
    return latest()


def latest() -> OutgoingMail:
    """Give the newest mail as it is in the database."""
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1), execution_options={"populate_existing": True}).one()  # noqa: E501 - one text or table


def part(email: EmailMessage, kind: str) -> str:
    """Give the text of a part of a mail."""
    found = email.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


# What a mail is


def test_without_a_server_mail_stays_here_and_counts_as_sent(ctx: Flask) -> None:
    """The mailbox page shows it; nothing leaves."""
    assert ctx.extensions["settings"].smtp_url == ""
    row = send()
    assert (row.state, row.sent_at, row.tries) == (DONE, NOW, 1)


def test_a_mail_is_text_and_html_and_both_say_the_same(office: PostOffice) -> None:
    """With the subject in any script, a date, an id of its own, and what keeps out-of-office answers away."""
    row = send()
    assert (row.state, row.sent_at, row.last_error) == (DONE, NOW, "")
    [(sender, recipients, email)] = office.envelopes
    assert (sender, recipients) == ("lms@localhost", ["sokha@example.org"])
    assert (email["From"], email["To"], email["Subject"]) == ("LMS <lms@localhost>", "sokha@example.org", "Grüße, ສະບາຍດີ")
    assert email["Date"].datetime == NOW
    assert email["Message-ID"] == f"<mail-{row.id}-20190910010000@localhost>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email.get_content_type() == "multipart/alternative"
    assert part(email, "plain") == "Dear <Sokha> & Co,\n\nOne.\n\nTwo.\n\nOpen: http://localhost/e/x/?a=1&b=2\n"
    html = part(email, "html")
    assert "<p>Dear &lt;Sokha&gt; &amp; Co,</p><p>One.</p><p>Two.</p>" in html
    assert '<a href="http://localhost/e/x/?a=1&amp;b=2">Open</a>' in html


def test_the_sender_signs_in_if_the_address_says_so(ctx: Flask, monkeypatch: pytest.MonkeyPatch, office: PostOffice) -> None:
    """Name and password stand in the address, odd characters encoded."""
    office.extensions = ("AUTH PLAIN",)
    address(ctx, monkeypatch, f"smtp://post%40lms:p%3Aw%2F@127.0.0.1:{office.port}")
    assert send().state == DONE
    assert office.credentials == "\0post@lms\0p:w/"


@pytest.mark.parametrize(
    ("extensions", "answers"),
    [
        (("AUTH PLAIN",), {}),
        (("AUTH PLAIN", "STARTTLS"), {"STARTTLS": "454 not now"}),
        (("AUTH PLAIN", "STARTTLS"), {"STARTTLS": "220 go on, but in plain words"}),
        (("AUTH PLAIN", "STARTTLS"), {"STARTTLS": "hang up"}),
    ],
)
def test_what_must_be_encrypted_is_never_sent_in_the_clear(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch, office: PostOffice, extensions: tuple[str, ...], answers: dict[str, str]
) -> None:
    """Where the server offers no encryption, refuses it or breaks it off, neither password nor mail leaves."""
    office.extensions, office.answers = extensions, answers
    address(ctx, monkeypatch, f"smtp://name:secret@127.0.0.1:{office.port}?starttls=1")
    row = send()
    assert (row.state, row.sent_at) == (WAITING, None)
    assert row.last_error
    assert (office.credentials, office.envelopes) == ("", [])
    assert not {"AUTH", "MAIL", "DATA"} & set(office.commands)


# Once


def test_a_repeated_task_sends_nothing(office: PostOffice) -> None:
    """Neither the task nor the sweep sends again, however late."""
    row = send()
    for later in (timedelta(0), timedelta(days=3)):
        with clock.at(NOW + later):
            run("mail.send", row.id)
            run("mail.sweep")
    assert len(office.envelopes) == 1


def test_two_workers_at_once_send_one_mail(ctx: Flask, office: PostOffice) -> None:
    """The nudge and the sweep may meet."""
    for _ in range(5):
        office.answers = {"MAIL": "451 later"}
        row = send(moment=clock.now() - timedelta(days=1))
        office.answers = {}
        at_once(ctx, 3, lambda mail_id=row.id: run("mail.send", mail_id))  # type: ignore[misc]
        assert latest().state == DONE
    assert len(office.envelopes) == 5


@pytest.mark.parametrize("farewell", ["421 closing", "hang up", "250 fine", "rubbish"])
def test_a_server_that_takes_leave_badly_has_the_mail(office: PostOffice, farewell: str) -> None:
    """What was taken is not sent again, whatever the server says afterwards."""
    office.answers = {"QUIT": farewell}
    assert (send().state, latest().last_error, len(office.envelopes)) == (DONE, "", 1)


def test_what_is_rolled_back_is_not_sent(office: PostOffice) -> None:
    """A mail belongs to the transaction that decides it."""
    with pytest.raises(ZeroDivisionError):
        _post_then_break()
    assert office.commands == []
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


def _post_then_break() -> None:
    with unit_of_work():
        post(MESSAGE, "sokha@example.org", kind="test")
        _ = 1 / 0


# Again


@pytest.mark.parametrize(
    "answers",
    [
        {"EHLO": "554 closed", "HELO": "554 closed"},
        {"MAIL": "451 later"},
        {"RCPT": "450 nobody at home"},
        {"DATA": "452 full"},
        {"DATA": "hang up"},
        {"EHLO": "hang up"},
        {"EHLO": "good afternoon", "HELO": "250 fine", "MAIL": "rubbish"},
    ],
)
def test_a_server_in_trouble_gets_the_mail_later(office: PostOffice, answers: dict[str, str]) -> None:
    """Whatever it says, the mail waits with the reason, and goes out once the server is well."""
    office.answers = answers
    row = send()
    assert (row.state, row.sent_at, row.tries) == (WAITING, None, 1)
    assert row.last_error
    office.answers = {}
    with clock.at(NOW + timedelta(seconds=59)):
        run("mail.sweep")
    assert office.envelopes == []
    with clock.at(NOW + timedelta(seconds=75)):
        run("mail.sweep")
    assert (latest().state, latest().last_error, len(office.envelopes)) == (DONE, "", 1)


def test_an_address_refused_for_good_is_not_tried_again(office: PostOffice) -> None:
    """The server of the addressee has the last word: the mail is given up at once, with what it said."""
    office.answers = {"RCPT": "550 5.1.1 nobody here"}
    row = send()
    assert (row.state, row.tries, row.last_error) == (GIVEN_UP, 1, "Undeliverable: 550 5.1.1 nobody here")


def test_nobody_listens(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is not there at all is a reason to wait, too."""
    with opened(PostOffice()) as gone:
        url = gone.url
    address(ctx, monkeypatch, url)
    assert (send().state, "refused" in latest().last_error.lower()) == (WAITING, True)


def test_pauses_grow_until_the_mail_is_given_up(office: PostOffice) -> None:
    """Twelve tries over hours, then no more; the mailbox page shows why."""
    office.answers = {"RCPT": "450 nobody here"}
    row = send()
    moments = [NOW]
    for _ in range(30):
        with clock.at(row.due_at):
            if row.state == WAITING:
                moments.append(row.due_at)
            run("mail.sweep")
        row = latest()
    assert (row.state, row.tries, len(moments)) == (GIVEN_UP, mail.TRIES, mail.TRIES)
    assert "nobody here" in row.last_error
    waits = [(late - early).total_seconds() for early, late in pairwise(moments)]
    for number, wait in enumerate(waits):
        least = min(60 * 2**number, 3600)
        assert least <= wait < least * 1.25


def test_the_sweep_sends_what_a_dead_worker_left(office: PostOffice) -> None:
    """A worker that took a mail and died has it for a minute, then another one sends it."""
    with clock.at(NOW), unit_of_work():
        db.session.add(OutgoingMail(to="a@example.org", kind="test", subject="S", text="T", html="H"))
    with clock.at(NOW):
        assert claim(OutgoingMail, latest().id)
    for seconds, sent in [(30, 0), (59, 0), (75, 1), (200, 1)]:
        with clock.at(NOW + timedelta(seconds=seconds)):
            run("mail.sweep")
        assert len(office.envelopes) == sent


def test_a_lost_nudge_is_made_good_by_the_sweep(ctx: Flask, office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    """Without a broker the request succeeds all the same, and the mail goes out with the next sweep."""
    settings = replace(ctx.extensions["settings"], redis_url="redis://127.0.0.1:1/0", eager_tasks=False, smtp_url=office.url)
    app = create_app(settings)
    with app.app_context():
        with unit_of_work():
            post(MESSAGE, "sokha@example.org", kind="test")
        assert (latest().state, office.envelopes) == (WAITING, [])
        assert "no broker for mail.send" in caplog.text
        run("mail.sweep")
        assert (latest().state, len(office.envelopes)) == (DONE, 1)
    with app.app_context():
        db.engine.dispose()


# Forged


@pytest.mark.parametrize("name", ["Sokha\r\nBcc: all@example.org", "Sokha\nSubject: free money", "A\x0bB\x0cC", "x" * 3000, "\u202eevil"])
def test_no_name_makes_a_header(office: PostOffice, name: str) -> None:
    """Line breaks in what people call themselves stay in the text."""
    message = compose(f"Welcome, {name}", f"Dear {name},", [name], (name, "http://localhost/"))
    assert send(message=message).state == DONE
    [(_, recipients, email)] = office.envelopes
    assert recipients == ["sokha@example.org"]
    assert sorted(email.keys()) == ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"]
    assert "\n" not in email["Subject"]


@pytest.mark.parametrize(
    "to",
    [
        "sokha@example.org\r\nBcc: all@example.org",
        "sokha@example.org\nBcc: all@example.org",
        "",
        "@",
        "<>",
        "nobody",
        "a b@example.org",
        '"unfinished@example.org',
        "a@[",
        "a@example.org>",
        "group:;",
        "sokhâ@exämple.org",
        "a@" + "x" * 5000,
    ],
)
def test_an_address_that_is_none_harms_nobody(office: PostOffice, to: str) -> None:
    """It may fail, and is given up in the end; it never reaches others or stops the worker."""
    send(to)
    send("fine@example.org")
    recipients = [address for _, addresses, _ in office.envelopes for address in addresses]
    assert "all@example.org" not in recipients
    assert recipients[-1] == "fine@example.org"
