"""The agenda as it is planned and as it was, its speakers, the slots of case studies, and the records of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, delete, select

from lms.casestudies.api import case_studies
from lms.core import clock
from lms.core.audit import record
from lms.core.db import db, upsert
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.viewer import Viewer
from lms.workshops.models import Presentation, SessionQuote, SessionRecord, SessionSpeaker, WorkshopSession
from lms.workshops.talks import Kind, Quote, Speaker

OUT_OF_DATE = "Somebody changed this meanwhile. Your text is still here; look at theirs, and send yours again if it is better."


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as somebody plans it."""

    title: str
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    about: str = ""
    speakers: tuple[Speaker, ...] = ()


def plan(edition_id: int, wanted: Plan, viewer: Viewer) -> int:
    """Put a session into the agenda, and give its id."""
    row = WorkshopSession(edition_id=edition_id, version=0)
    _fill(row, wanted)
    db.session.add(row)
    db.session.flush()
    _seat(row.id, wanted.speakers)
    record(viewer, "agenda.plan", "session", row.id, edition_id=edition_id, title=wanted.title)
    return row.id


def _fill(row: WorkshopSession, wanted: Plan) -> None:
    if wanted.ends_at <= wanted.starts_at:
        message = "A session must end after it begins."
        raise Invalid(message, field="ends")
    row.title, row.kind, row.room, row.about = wanted.title, wanted.kind, wanted.room, wanted.about
    row.starts_at, row.ends_at, row.version = wanted.starts_at, wanted.ends_at, row.version + 1


def _seat(session_id: int, speakers: Sequence[Speaker]) -> None:
    for number, speaker in enumerate(speakers, 1):
        facts = {"name": speaker.name, "affiliation": speaker.affiliation, "remote": speaker.remote}
        db.session.add(SessionSpeaker(session_id=session_id, number=number, planned=speaker.planned, spoke=speaker.spoke, **facts))


def held(edition_id: int, session_id: int) -> WorkshopSession:
    """Take a session for a change; raise `NotFound`."""
    found = WorkshopSession.id == session_id, WorkshopSession.edition_id == edition_id
    row = db.session.scalars(select(WorkshopSession).where(*found).with_for_update()).one_or_none()
    if row is None:
        message = "There is no such session."
        raise NotFound(message)
    return row


def change(edition_id: int, session_id: int, wanted: Plan, viewer: Viewer, *, version: int) -> None:
    """Change what is planned; what is known of who spoke stays."""
    row = held(edition_id, session_id)
    if row.version != version:
        raise Conflict(OUT_OF_DATE, field="version")
    _fill(row, wanted)
    there = db.session.scalars(_speakers(session_id)).all()
    spoke = {(one.name, one.affiliation): one.spoke for one in there if one.planned}
    others = [Speaker(one.name, one.affiliation, one.remote, planned=False, spoke=one.spoke) for one in there if not one.planned]
    again = [replace(one, spoke=spoke.get((one.name, one.affiliation))) for one in wanted.speakers]
    _seat_anew(session_id, [*again, *others])
    record(viewer, "agenda.change", "session", session_id, edition_id=edition_id, title=wanted.title)


def _speakers(session_id: int) -> Select[SessionSpeaker]:
    return select(SessionSpeaker).where(SessionSpeaker.session_id == session_id).order_by(SessionSpeaker.number)


def _seat_anew(session_id: int, speakers: Sequence[Speaker]) -> None:
    db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == session_id))
    _seat(session_id, speakers)


def remove(edition_id: int, session_id: int, viewer: Viewer) -> None:
    """Take a session out of the agenda; one with a record or with case studies stays."""
    row = held(edition_id, session_id)
    for model in (SessionRecord, SessionQuote, Presentation):
        if db.session.scalar(select(model.id).where(model.session_id == session_id).limit(1)):
            message = "There is a record of this session, or case studies are presented in it. Move these first."
            raise Conflict(message)
    db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == session_id))
    record(viewer, "agenda.remove", "session", session_id, edition_id=edition_id, title=row.title)
    db.session.delete(row)


def place(edition_id: int, session_id: int, studies: Sequence[int], viewer: Viewer) -> None:
    """Say which case studies are presented in a session, in this order; each has one slot, so it leaves any other."""
    held(edition_id, session_id)
    if not set(studies) <= {study.id for study in case_studies(edition_id)} or len(set(studies)) != len(studies):
        message = "Please choose from the case studies of this workshop, each once."
        raise Invalid(message, field="studies")
    gone = (Presentation.session_id == session_id) | Presentation.case_study_id.in_(studies)
    db.session.execute(delete(Presentation).where(gone))
    db.session.add_all(Presentation(session_id=session_id, case_study_id=study, number=number) for number, study in enumerate(studies, 1))
    db.session.flush()
    record(viewer, "agenda.place", "session", session_id, edition_id=edition_id, studies=list(studies))


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody writes down of a session: when it was, who spoke, what it brought, and what was said."""

    highlights: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    spoke: tuple[str, ...] = ()
    stand_ins: tuple[Speaker, ...] = ()
    quotes: tuple[Quote, ...] = ()


def report(edition_id: int, session_id: int, wanted: Report, viewer: Viewer, *, version: int = 0) -> None:
    """Write the record of a session, or write it anew; `version` is the one that was seen, 0 for none."""
    row = held(edition_id, session_id)
    known = db.session.scalars(select(SessionRecord).where(SessionRecord.session_id == session_id)).one_or_none()
    if (known.version if known else 0) != version:
        raise Conflict(OUT_OF_DATE, field="version")
    if wanted.began_at and wanted.ended_at and wanted.ended_at <= wanted.began_at:
        message = "A session must end after it begins."
        raise Invalid(message, field="ended")
    row.began_at, row.ended_at = wanted.began_at, wanted.ended_at
    values = {"highlights": wanted.highlights, "by_id": viewer.person_id, "submitted_at": clock.now(), "version": version + 1}
    db.session.execute(upsert(SessionRecord, {"session_id": session_id}, values))
    planned = [one for one in db.session.scalars(_speakers(session_id)) if one.planned]
    came = [Speaker(one.name, one.affiliation, one.remote, spoke=one.name in wanted.spoke) for one in planned]
    _seat_anew(session_id, [*came, *(replace(one, planned=False, spoke=True) for one in wanted.stand_ins)])
    db.session.execute(delete(SessionQuote).where(SessionQuote.session_id == session_id))
    for quote in wanted.quotes:
        whose = {"who": quote.who, "enrolment_id": quote.enrolment_id, "consent": quote.consent}
        db.session.add(SessionQuote(session_id=session_id, text=quote.text, **whose))
    record(viewer, "agenda.report", "session", session_id, edition_id=edition_id)
