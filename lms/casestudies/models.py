"""Case studies of a workshop's participants, their slides, and how they are assessed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class CaseStudy(Row):
    """The one case study of a participant, on one module (by its slug); `version` counts the author's changes.

    `agreed` is the score on which assessors settled who were far apart, and `score` the one that was released.
    """

    __tablename__ = "case_studies"
    __table_args__ = (Index("ix_case_studies_edition_id_id", "edition_id", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    module: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    handed_in_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    agreed: Mapped[Decimal | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    agreed_why: Mapped[str] = mapped_column(default="")
    score: Mapped[Decimal | None]
    released_at: Mapped[datetime | None]


class CaseSlides(Row):
    """The slides of a case study, as they were uploaded last."""

    __tablename__ = "case_slides"
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), unique=True)
    kind: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    body: Mapped[bytes]
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)


class CaseUpload(Row):
    """A file of slides that arrives in parts and is not handed in yet; `stamp` is when its device says it was changed."""

    __tablename__ = "case_uploads"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    name: Mapped[str]
    size: Mapped[int]
    stamp: Mapped[str]
    received: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class CaseUploadPart(Row):
    """A part of such a file, and where in it the part begins."""

    __tablename__ = "case_upload_parts"
    __table_args__ = (UniqueConstraint("upload_id", "start"),)
    upload_id: Mapped[int] = mapped_column(ForeignKey("case_uploads.id"))
    start: Mapped[int]
    body: Mapped[bytes]


class CaseRubric(Row):
    """By what an edition's case studies are assessed, where that is not the usual: criteria, each with words for five levels."""

    __tablename__ = "case_rubrics"
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), unique=True)
    criteria: Mapped[list[dict[str, Any]]]
    version: Mapped[int] = mapped_column(default=1)


class CasePhrase(Row):
    """A comment in the bank of an assessor, which other staff of the edition see where it is shared."""

    __tablename__ = "case_phrases"
    __table_args__ = (Index("ix_case_phrases_edition_id_author_id", "edition_id", "author_id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)


class CaseGrading(Row):
    """What one assessor finds: a level from 1 to 5 for each criterion, 0 as long as there is none; a draft until it is final."""

    __tablename__ = "case_gradings"
    __table_args__ = (UniqueConstraint("case_study_id", "assessor_id"),)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    levels: Mapped[list[int]]
    comment: Mapped[str] = mapped_column(default="")
    final: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
