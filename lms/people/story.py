"""A learner as staff see them: the facts, and everything that happened in order, whichever feature tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from lms.core import clock
from lms.core.audit import AuditEntry, in_words
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person
from lms.core.errors import NotFound
from lms.core.mail import OutgoingMail
from lms.core.reporting import Happening, Subject, newest
from lms.core.slots import collect
from lms.gradebook.api import Standing
from lms.people.models import Note
from lms.people.values import Learner

PAGE = 50
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
MOST_SKIPPED = 1000


def learner(edition_id: int, enrolment_id: int, *, private: bool) -> Learner:
    """Find somebody of an edition; raise `NotFound`, also of people without a place where a tutor asks."""
    query = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.name,
            Person.email,
            Enrolment.role,
            Enrolment.state,
            Enrolment.country,
            Enrolment.gender,
            Enrolment.sector,
            Enrolment.institution,
            Enrolment.created_at,
            Enrolment.seen_at,
            Person.frozen_at,
            Standing.so_far,
            Standing.final,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)
    )
    row = db.session.execute(query).first()
    if row is None or not (private or row.state == EnrolmentState.CONFIRMED):
        message = "There is nobody like this in this edition."
        raise NotFound(message)
    found: Sequence[Any] = row
    return Learner(*found)


def person(enrolment_id: int) -> Select[int]:
    """Select whose enrolment it is."""
    return select(Enrolment.person_id).where(Enrolment.id == enrolment_id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a story, newest first; `before` is where the next one goes on, if there is one."""

    happenings: tuple[Happening, ...]
    before: str


def page(subject: Subject, cursor: str = "") -> Page:
    """Read a page of what happened: every feature gives its newest, the newest of all are shown.

    A cursor names the moment of the last line and how many lines of that moment were shown.
    """
    until, skip = _read(cursor)
    told: list[Happening] = collect("people.timeline", subject, until, PAGE + skip + 1)
    told.sort(key=lambda happening: happening.at, reverse=True)
    rest = told[skip:]
    shown = tuple(rest[:PAGE])
    if len(rest) <= PAGE:
        return Page(shown, "")
    last = shown[-1].at
    already = sum(happening.at == last for happening in shown) + (skip if last == until else 0)
    return Page(shown, f"{last.isoformat()}~{already}")


def _read(cursor: str) -> tuple[datetime, int]:
    moment, _, count = cursor.partition("~")
    try:
        skip = int(count) if count.isascii() and count.isdigit() and len(count) < 5 else -1  # noqa: PLR2004 - no story has so many at a time
        return (clock.parse(moment), skip) if 0 <= skip <= MOST_SKIPPED else (LATEST, 0)
    except ValueError:
        return LATEST, 0


def own(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell of the registration, of notes, and, to those who may know, of mails and acts of the staff."""
    yield from _arrival(subject, until)
    yield from _notes(subject, until, most)
    if subject.private:
        yield from _mails(subject, until, most)
        yield from _acts(subject, until, most)


def _arrival(subject: Subject, until: datetime) -> Iterator[Happening]:
    query = select(Enrolment.created_at, Enrolment.confirmed_at).where(Enrolment.id == subject.enrolment_id)
    registered, confirmed = db.session.execute(query).one()
    if confirmed is not None and confirmed <= until:
        yield Happening(confirmed, "place", "Place in the edition confirmed")
    if registered <= until:
        yield Happening(registered, "place", "Registered")


def _notes(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    query = select(Note.at, Note.text, Person.name).join(Person, Person.id == Note.author_id)
    for at, text, name in db.session.execute(newest(query.where(Note.enrolment_id == subject.enrolment_id), Note.at, Note.id, until, most)):
        yield Happening(at, "note", "Note by mail", text, by=name)


def _mails(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    mail = OutgoingMail
    here = or_(mail.edition_id == subject.edition.id, mail.edition_id.is_(None))
    query = select(mail.created_at, mail.subject, mail.sent_at).where(mail.person_id == subject.person_id, here)
    for at, title, sent_at in db.session.execute(newest(query, mail.created_at, mail.id, until, most)):
        yield Happening(at, "mail", "Mail sent" if sent_at else "Mail waits to be sent", title)


def _acts(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    act = AuditEntry
    about = act.about_id == subject.person_id, or_(act.edition_id == subject.edition.id, act.edition_id.is_(None))
    query = select(act.at, act.action, act.detail, Person.name).outerjoin(Person, Person.id == act.actor_id)
    for at, action, detail, name in db.session.execute(newest(query.where(*about), act.at, act.id, until, most)):
        what = f"Looked at {detail['what']}" if "what" in detail else in_words(action)
        yield Happening(at, "record", what, str(detail.get("reason") or detail.get("purpose", "")), by=name or "the platform")
