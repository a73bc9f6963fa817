"""What became of mails: a line for each mailing, and the mails that did not arrive, with causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import NotFound
from lms.core.mail import Mailing, OutgoingMail
from lms.core.work import GIVEN_UP, WAITING

PAGE = 20
FAILURES = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A mailing: how many mails it has, how many still wait, how many did not arrive."""

    id: int
    subject: str
    url: str
    at: datetime
    author: str | None
    count: int
    waiting: int = 0
    failed: int = 0

    @property
    def sent(self) -> int:
        """How many the server of the installation has taken."""
        return self.count - self.waiting - self.failed


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that was given up: to whom, where, why; the cause does not repeat the address."""

    id: int
    person: str | None
    to: str
    subject: str
    cause: str
    since: datetime


_LINE = (Mailing.id, Mailing.subject, Mailing.url, Mailing.at, Person.name, Mailing.count)


def mailings(edition_id: int, before: int | None = None) -> tuple[list[Line], int | None]:
    """List an edition's mailings, newest first, and from where the next page goes on."""
    query = select(*_LINE).outerjoin(Person, Person.id == Mailing.author_id).where(Mailing.edition_id == edition_id)
    if before is not None:
        query = query.where(Mailing.id < before)
    rows = db.session.execute(query.order_by(Mailing.id.desc()).limit(PAGE + 1)).all()
    return _counted(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None


def mailing(edition_id: int, mailing_id: int) -> Line:
    """Read one of them; raise `NotFound`."""
    query = select(*_LINE).outerjoin(Person, Person.id == Mailing.author_id)
    row = db.session.execute(query.where(Mailing.edition_id == edition_id, Mailing.id == mailing_id)).first()
    if row is None:
        message = "There is no such mail to many in this edition."
        raise NotFound(message)
    return _counted([row])[0]


def _counted(rows: Sequence[Any]) -> list[Line]:
    """Count what is not sent, which is little: the rest is."""
    mail = OutgoingMail
    query = select(mail.mailing_id, mail.state, func.count()).where(
        mail.mailing_id.in_([row.id for row in rows]), mail.state.in_([WAITING, GIVEN_UP])
    )
    found = {(row[0], row[1]): row[2] for row in db.session.execute(query.group_by(mail.mailing_id, mail.state))}
    return [
        replace(Line(*row), waiting=found.get((row.id, WAITING), 0), failed=found.get((row.id, GIVEN_UP), 0)) for row in rows
    ]


def failed(edition_id: int) -> int:
    """Count the mails of an edition that did not arrive."""
    gone = OutgoingMail.edition_id == edition_id, OutgoingMail.state == GIVEN_UP
    return db.session.scalar(select(func.count(OutgoingMail.id)).where(*gone)) or 0


def failures(edition_id: int, mailing_id: int | None = None, after: int | None = None) -> tuple[list[Failure], int | None]:
    """List the mails of an edition, or of one mailing, that did not arrive, and from where the next page goes on."""
    mail = OutgoingMail
    columns = (mail.id, Person.name, mail.to, mail.subject, mail.last_error, mail.created_at)
    query = select(*columns).outerjoin(Person, Person.id == mail.person_id).where(mail.state == GIVEN_UP, mail.edition_id == edition_id)
    if mailing_id is not None:
        query = query.where(mail.mailing_id == mailing_id)
    if after is not None:
        query = query.where(mail.id > after)
    rows = db.session.execute(query.order_by(mail.id).limit(FAILURES + 1)).all()
    found = [Failure(*row[:4], in_words(row.last_error, row.to), row.created_at) for row in rows[:FAILURES]]
    return found, found[-1].id if len(rows) > FAILURES else None


def in_words(error: str, address: str) -> str:
    """Say why a mail did not arrive, without its address, which not everybody may see."""
    kind, _, said = error.replace(address, "the address").partition(": ")
    return f"The addressee's server refused it: {said}" if kind == "Undeliverable" else f"The mail server could not be used: {said or kind}"


def failure(edition_id: int, mail_id: int) -> Failure:
    """Read one of the mails that did not arrive; raise `NotFound`, also for one that is on its way again."""
    mail = OutgoingMail
    columns = (mail.id, Person.name, mail.to, mail.subject, mail.last_error, mail.created_at)
    query = select(*columns).outerjoin(Person, Person.id == mail.person_id)
    row = db.session.execute(query.where(mail.id == mail_id, mail.edition_id == edition_id, mail.state == GIVEN_UP)).first()
    if row is None:
        message = "There is no such mail here, or it is on its way again."
        raise NotFound(message)
    return Failure(*row[:4], in_words(row.last_error, row.to), row.created_at)
