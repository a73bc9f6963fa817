"""The agenda as pages, calendars and reports read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.casestudies.api import case_studies
from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import NotFound
from lms.workshops.models import Presentation, SessionQuote, SessionRecord, SessionSpeaker, WorkshopSession
from lms.workshops.talks import Consent, Kind, Quote, Record, Slot, Speaker, Talk


def agenda(edition_id: int) -> tuple[Talk, ...]:
    """List the sessions of a workshop, in order."""
    query = select(WorkshopSession).where(WorkshopSession.edition_id == edition_id)
    rows = db.session.scalars(query.order_by(WorkshopSession.starts_at, WorkshopSession.id)).all()
    return _talks(edition_id, rows)


def by_day(talks: Iterable[Talk], zone: str) -> list[tuple[date, list[Talk]]]:
    """Lay sessions, given in order, out by the days on the calendar of a zone."""
    local = ZoneInfo(zone)
    return [(day, list(those)) for day, those in groupby(talks, lambda talk: talk.starts_at.astimezone(local).date())]


def talk(edition_id: int, session_id: int) -> Talk:
    """Read one session; raise `NotFound`."""
    found = WorkshopSession.edition_id == edition_id, WorkshopSession.id == session_id
    rows = db.session.scalars(select(WorkshopSession).where(*found)).all()
    if not rows:
        message = "There is no such session."
        raise NotFound(message)
    return _talks(edition_id, rows)[0]


def _talks(edition_id: int, rows: Iterable[WorkshopSession]) -> tuple[Talk, ...]:
    rows = list(rows)
    ids = [row.id for row in rows]
    speakers, slots = _speakers(ids), _slots(edition_id, ids)
    recorded = set(db.session.scalars(select(SessionRecord.session_id).where(SessionRecord.session_id.in_(ids))))
    return tuple(_talk(row, speakers.get(row.id, ()), slots.get(row.id, ()), recorded=row.id in recorded) for row in rows)


def _talk(row: WorkshopSession, speakers: tuple[Speaker, ...], slots: tuple[Slot, ...], *, recorded: bool) -> Talk:
    return Talk(
        id=row.id,
        title=row.title,
        kind=Kind(row.kind),
        room=row.room,
        about=row.about,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        began_at=row.began_at,
        ended_at=row.ended_at,
        version=row.version,
        speakers=speakers,
        slots=slots,
        recorded=recorded,
    )


def _speakers(ids: list[int]) -> dict[int, tuple[Speaker, ...]]:
    found: dict[int, tuple[Speaker, ...]] = {}
    query = select(SessionSpeaker).where(SessionSpeaker.session_id.in_(ids)).order_by(SessionSpeaker.session_id, SessionSpeaker.number)
    for one in db.session.scalars(query):
        speaker = Speaker(one.name, one.affiliation, one.remote, one.planned, one.spoke)
        found[one.session_id] = (*found.get(one.session_id, ()), speaker)
    return found


def _slots(edition_id: int, ids: list[int]) -> dict[int, tuple[Slot, ...]]:
    found: dict[int, tuple[Slot, ...]] = {}
    query = select(Presentation.session_id, Presentation.case_study_id).where(Presentation.session_id.in_(ids))
    rows = db.session.execute(query.order_by(Presentation.number)).all()
    studies = {study.id: study for study in case_studies(edition_id)} if rows else {}
    for session_id, study_id in rows:
        study = studies[study_id]
        found[session_id] = (*found.get(session_id, ()), Slot(study.id, study.title, study.name, study.country))
    return found


def records(edition_id: int, session_id: int | None = None) -> tuple[Record, ...]:
    """Read the records of sessions, in the order of the agenda; of one alone, if it is named."""
    wanted = WorkshopSession.edition_id == edition_id, *([WorkshopSession.id == session_id] if session_id is not None else [])
    row = SessionRecord
    query = select(row.session_id, row.highlights, Person.name, row.submitted_at, row.version)
    query = query.join(WorkshopSession, WorkshopSession.id == row.session_id).outerjoin(Person, Person.id == row.by_id)
    rows = db.session.execute(query.where(*wanted).order_by(WorkshopSession.starts_at, WorkshopSession.id)).all()
    quotes = _quotes([session for session, *_ in rows])
    return tuple(
        Record(session, highlights, quotes.get(session, ()), by or "", at, version) for session, highlights, by, at, version in rows
    )


def _quotes(ids: list[int]) -> dict[int, tuple[Quote, ...]]:
    found: dict[int, tuple[Quote, ...]] = {}
    for one in db.session.scalars(select(SessionQuote).where(SessionQuote.session_id.in_(ids)).order_by(SessionQuote.id)):
        quote = Quote(one.text, one.who, Consent(one.consent), one.enrolment_id)
        found[one.session_id] = (*found.get(one.session_id, ()), quote)
    return found


def quotable(edition_id: int) -> tuple[Quote, ...]:
    """List what was said and may be quoted."""
    return tuple(quote for found in records(edition_id) for quote in found.quotes if quote.consent == Consent.GIVEN)
