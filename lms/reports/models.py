"""Snapshots of an edition's figures, the texts that stand beside them, and the documents made of both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.core.work import Work
from lms.gradebook.api import lasting


@lasting
class Snapshot(Row):
    """All figures and tables of an edition as they were at one moment: canonical JSON, and its SHA-256."""

    __tablename__ = "report_snapshots"
    __table_args__ = (Index("ix_report_snapshots_edition_id_id", "edition_id", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    data: Mapped[str]
    digest: Mapped[str]


@lasting
class Wording(Row):
    """What somebody wrote for a chapter; the newest version is the draft, the others its history."""

    __tablename__ = "report_wordings"
    __table_args__ = (UniqueConstraint("edition_id", "chapter", "version"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    chapter: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Document(Work, Row):
    """A report as a file, made once of a snapshot and of the texts that were the newest when it was asked for."""

    __tablename__ = "report_documents"
    __table_args__ = (UniqueConstraint("snapshot_id", "form", "texts_digest"), Index("ix_report_documents_state_due_at", "state", "due_at"))
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("report_snapshots.id"))
    form: Mapped[str]
    wording_ids: Mapped[list[int]]
    texts_digest: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done_at: Mapped[datetime | None]
    body: Mapped[bytes | None]
    digest: Mapped[str] = mapped_column(default="")


class NameConsent(Row):
    """Whether a participant of the workshop agrees to be named in the report, as said last."""

    __tablename__ = "report_name_consents"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    agrees: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=clock.now)
