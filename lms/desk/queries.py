"""What the installation's administrators see: mail and the state of the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from lms.core import clock
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.mail import OutgoingMail
from lms.core.work import DONE, GIVEN_UP, WAITING
from lms.desk.emails import TEST

PAGE = 50
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list."""

    id: int
    to: str
    subject: str
    kind: str
    created_at: datetime
    sent_at: datetime | None
    state: str
    last_error: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A whole mail."""

    id: int
    to: str
    subject: str
    text: str
    created_at: datetime
    sent_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, newest first; `before` is the id from which the next page goes on, if there is one."""

    items: Sequence[Any]
    before: int | None


_LINE = (
    OutgoingMail.id,
    OutgoingMail.to,
    OutgoingMail.subject,
    OutgoingMail.kind,
    OutgoingMail.created_at,
    OutgoingMail.sent_at,
    OutgoingMail.state,
    OutgoingMail.last_error,
)


def mails(before: int | None, search: str) -> Page:
    """List mails, newest first, whose addressee or subject holds the text searched for."""
    query = select(*_LINE).order_by(OutgoingMail.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(OutgoingMail.id < before)
    if search:
        query = query.where(OutgoingMail.to.icontains(search, autoescape=True) | OutgoingMail.subject.icontains(search, autoescape=True))
    return _page([MailLine(*row) for row in db.session.execute(query)])


def newest_test(person_id: int | None) -> MailLine | None:
    """Find the last test mail that somebody has sent to themselves; `None` before the first."""
    query = select(*_LINE).where(OutgoingMail.person_id == person_id, OutgoingMail.kind == TEST)
    row = db.session.execute(query.order_by(OutgoingMail.id.desc()).limit(1)).first()
    return MailLine(*row) if row else None


def mail(mail_id: int) -> Mail:
    """Read a mail; raise `NotFound`. Where mail really goes out, its text is private and not shown."""
    query = select(
        OutgoingMail.id,
        OutgoingMail.to,
        OutgoingMail.subject,
        OutgoingMail.text,
        OutgoingMail.created_at,
        OutgoingMail.sent_at,
        OutgoingMail.state,
    ).where(OutgoingMail.id == mail_id)
    row = db.session.execute(query).first()
    if row is None or not keeps_mail():
        message = "There is no such mail, or its text is not kept readable here."
        raise NotFound(message)
    return Mail(*row)


def keeps_mail() -> bool:
    """Tell whether mail stays here, to be read in the mailbox, instead of going out."""
    return not current_app.extensions["settings"].smtp_url


def _page(rows: list[Any]) -> Page:
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def mail_counts() -> dict[str, int]:
    """Count the mails by state, and those that wait longer than they should."""
    counts = {WAITING: 0, DONE: 0, GIVEN_UP: 0}
    found = db.session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    counts |= {row[0]: row[1] for row in found}
    late = select(func.count()).where(OutgoingMail.state == WAITING, OutgoingMail.created_at < clock.now() - LATE)
    return counts | {"late": db.session.scalar(late) or 0}
