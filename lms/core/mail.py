"""Mail: a value, then a row in the transaction that decides it, then sent by the worker."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy import ForeignKey, Index, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work
from lms.core.tasks import enqueue, task
from lms.core.work import DONE, GIVEN_UP, WAITING, Work, claim, due, failed

log = logging.getLogger(__name__)
TRIES = 12
FOR_GOOD = 500  # replies from here on are final, those below are worth another try
_kept: ContextVar[bool] = ContextVar("mail_is_kept", default=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A mail without an addressee, as plain text and as HTML."""

    subject: str
    text: str
    html: str


class Undeliverable(Exception):
    """The addressee's server refused the address for good; the message is what it said."""


class Mailing(Row):
    """A mail to many: what it is called, where it can be read, who sent it, to how many."""

    __tablename__ = "mailings"
    __table_args__ = (Index("ix_mailings_edition_id_id", "edition_id", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    url: Mapped[str]
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class OutgoingMail(Work, Row):
    """A mail in the outbox, of a mailing or alone."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index("ix_outgoing_mails_state_due_at", "state", "due_at"),
        Index("ix_outgoing_mails_mailing_id_state", "mailing_id", "state", "id"),
        Index("ix_outgoing_mails_edition_id_state", "edition_id", "state", "id"),
        Index("ix_outgoing_mails_edition_id_id", "edition_id", "id"),
        Index("ix_outgoing_mails_person_id_created_at", "person_id", "created_at"),
    )
    to: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]


def compose(subject: str, greeting: str, paragraphs: Sequence[str], action: tuple[str, str] | None = None) -> Message:
    """Make a message of plain paragraphs and, at most, one button (label, absolute address)."""
    lines = [greeting, *paragraphs]
    text = "\n\n".join([*lines, *([f"{action[0]}: {action[1]}"] if action else [])]) + "\n"
    html = Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
    if action:
        html += Markup('<p><a href="{}">{}</a></p><p>{}</p>').format(action[1], action[0], action[1])
    page = Markup('<!doctype html><html lang="en"><title>{}</title><body>{}</body></html>').format(escape(subject), html)
    return Message(" ".join(subject.split()), text, str(page))


def post(message: Message, to: str, *, kind: str, person_id: int | None = None, edition_id: int | None = None) -> None:
    """Put a mail into the outbox, inside the transaction that decides it; `kind` is such as 'accounts.confirm'."""
    row = OutgoingMail(
        **_beginning(),
        to=to,
        person_id=person_id,
        edition_id=edition_id,
        kind=kind,
        subject=message.subject,
        text=message.text,
        html=message.html,
    )
    db.session.add(row)
    db.session.flush()
    if row.state != DONE:
        enqueue("mail.send", row.id)


def _beginning() -> dict[str, Any]:
    return {"state": DONE, "sent_at": clock.now()} if _kept.get() else {}


def post_many(rows: Sequence[Mapping[str, Any]], mailing: Mailing | None = None) -> None:
    """Put many mails into the outbox at once, given by the columns of their rows; they may be one mailing."""
    more = _beginning()
    if mailing is not None:
        mailing.count = len(rows)
        db.session.add(mailing)
        db.session.flush()
        more["mailing_id"] = mailing.id
    if rows:
        db.session.execute(insert(OutgoingMail), [{**row, **more} for row in rows])
        enqueue("mail.sweep")


@task("mail.send")
def send(mail_id: int) -> None:
    """Send one mail from the outbox, unless it is sent or under way; a failure is tried again later."""
    if _kept.get() or not claim(OutgoingMail, mail_id):
        return
    row = db.session.get_one(OutgoingMail, mail_id)
    settings = current_app.extensions["settings"]
    try:
        if settings.smtp_url:
            _deliver(settings.smtp_url, _as_email(row, settings.mail_from))
    except Exception as error:  # noqa: BLE001 - noted in the row; the library's parser raises many kinds for an odd address
        log.warning("mail %s not sent: %s", mail_id, error)
        failed(OutgoingMail, mail_id, error, tries=1 if isinstance(error, Undeliverable) else TRIES)
        return
    with unit_of_work():
        row = db.session.get_one(OutgoingMail, mail_id)
        row.state, row.sent_at, row.last_error = DONE, clock.now(), ""


def send_again(mail_ids: Sequence[int], to: str | None = None) -> None:
    """Let mails that were given up be tried anew, to another address if one is given."""
    fresh: dict[str, Any] = {"state": WAITING, "tries": 0, "due_at": clock.now(), "last_error": "", **({"to": to} if to else {})}
    stuck = update(OutgoingMail).where(OutgoingMail.id.in_(mail_ids), OutgoingMail.state == GIVEN_UP)
    db.session.execute(stuck.values(**fresh).execution_options(synchronize_session=False))
    for mail_id in mail_ids:
        enqueue("mail.send", mail_id)


@contextmanager
def kept() -> Iterator[None]:
    """Let no mail leave the installation inside the block: what is posted counts as sent, what was waiting goes on waiting."""
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)


@task("mail.sweep")
def sweep() -> None:
    """Send what is still waiting in the outbox."""
    for mail_id in due(OutgoingMail):
        send(mail_id)


def _as_email(row: OutgoingMail, sender: str) -> EmailMessage:
    email = EmailMessage()
    email["From"], email["To"], email["Subject"] = sender, row.to, row.subject
    email["Date"] = format_datetime(row.created_at)
    email["Message-ID"] = f"<mail-{row.id}-{row.created_at:%Y%m%d%H%M%S}@{sender.rsplit('@', 1)[-1].rstrip('> ')}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(row.text)
    email.add_alternative(row.html, subtype="html")
    return email


def _deliver(url: str, email: EmailMessage) -> None:
    parts = urlsplit(url)
    server = _connect(parts)
    try:
        if _wants(parse_qs(parts.query).get("starttls", ())):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        _hand_over(server, email)
        with suppress(smtplib.SMTPException, OSError):  # it is taken: a farewell that fails must not send it again
            server.quit()
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, email: EmailMessage) -> None:
    """Give a mail to the server; an address that it refuses for good is not tried again."""
    try:
        server.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        if code < FOR_GOOD:
            raise
        message = f"{code} {said.decode(errors='replace')}"
        raise Undeliverable(message) from error


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=20, context=ssl.create_default_context())
    return smtplib.SMTP(host, parts.port or 25, timeout=20)


def _wants(values: Iterable[str]) -> bool:
    return any(value.lower() in {"1", "yes", "true"} for value in values)
