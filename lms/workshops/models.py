"""A workshop's half-days and who was there, its sessions, speakers and records, waivers, and who is awarded its certificate."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class HalfDay(Row):
    """A morning or an afternoon for which attendance is kept; `code` is what participants type who are there."""

    __tablename__ = "half_days"
    __table_args__ = (UniqueConstraint("edition_id", "day", "part"), UniqueConstraint("edition_id", "code"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    day: Mapped[int]
    part: Mapped[str]
    on: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    code: Mapped[str]


class Attendance(Row):
    """Whether somebody was there in a half-day, as it stands; what was marked before stays in the marks."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("half_day_id", "enrolment_id"),)
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class AttendanceMark(Row):
    """What was marked, by whom and how; `standing` says what became of it. Rows are only added, and a conflict is settled once.

    `key` is what a device that was offline calls its mark, so that the same one is taken in once.
    """

    __tablename__ = "attendance_marks"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_attendance_marks_half_day_id_standing", "half_day_id", "standing", "id"),
        Index("ix_attendance_marks_enrolment_id_id", "enrolment_id", "id"),
    )
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    state: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime]
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(default="")
    standing: Mapped[str]
    key: Mapped[str | None]


class WalkIn(Row):
    """Somebody who came to the desk and is not on the list: noted, until somebody says who it is or lets it be."""

    __tablename__ = "walk_ins"
    __table_args__ = (UniqueConstraint("key"), Index("ix_walk_ins_half_day_id_id", "half_day_id", "id"))
    half_day_id: Mapped[int] = mapped_column(ForeignKey("half_days.id"))
    name: Mapped[str]
    institution: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str | None]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    settled_at: Mapped[datetime | None]


class WorkshopSession(Row):
    """A part of the agenda as it is planned, and when it really was; `version` counts the changes."""

    __tablename__ = "workshop_sessions"
    __table_args__ = (Index("ix_workshop_sessions_edition_id_starts_at", "edition_id", "starts_at", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    title: Mapped[str]
    kind: Mapped[str]
    room: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class SessionSpeaker(Row):
    """Somebody who speaks in a session and need not be a participant: planned or not, there, elsewhere or not at all."""

    __tablename__ = "session_speakers"
    __table_args__ = (Index("ix_session_speakers_session_id_number", "session_id", "number"),)
    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_sessions.id"))
    number: Mapped[int]
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    remote: Mapped[bool] = mapped_column(default=False)
    planned: Mapped[bool] = mapped_column(default=True)
    spoke: Mapped[bool | None]


class Presentation(Row):
    """The slot of a case study: the session in which it is presented, and the order there."""

    __tablename__ = "presentations"
    __table_args__ = (UniqueConstraint("session_id", "number"),)
    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_sessions.id"))
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), unique=True)
    number: Mapped[int]


class SessionRecord(Row):
    """What a session brought, for the report."""

    __tablename__ = "session_records"
    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_sessions.id"), unique=True)
    highlights: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)


class SessionQuote(Row):
    """Something that was said in a session, and whether who said it agrees to be quoted."""

    __tablename__ = "session_quotes"
    __table_args__ = (Index("ix_session_quotes_session_id_id", "session_id", "id"),)
    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_sessions.id"))
    text: Mapped[str]
    who: Mapped[str]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    consent: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Waiver(Row):
    """What somebody need not have for the certificate: asked for by one administrator with a reason, granted by another."""

    __tablename__ = "workshop_waivers"
    __table_args__ = (UniqueConstraint("enrolment_id", "need"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    need: Mapped[str]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    granted_at: Mapped[datetime | None]


class Award(Row):
    """Somebody is awarded the workshop's certificate; `doubt` says why that may not hold any more, `kept_why` why it does."""

    __tablename__ = "workshop_awards"
    __table_args__ = (Index("ix_workshop_awards_edition_id_id", "edition_id", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    doubt: Mapped[str] = mapped_column(default="")
    doubted_at: Mapped[datetime | None]
    kept_why: Mapped[str] = mapped_column(default="")
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
