"""Notes that staff wrote to learners, and counts of large editions that are kept for some minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class Note(Row):
    """A note to a learner: sent by mail, and kept where staff read what happened, so that nobody is written to twice."""

    __tablename__ = "people_notes"
    __table_args__ = (Index("ix_people_notes_enrolment_id_id", "enrolment_id", "id"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Counts(Row):
    """How many learners of an edition with the same facts had come how far at a moment; `stages` are the keys of the counts."""

    __tablename__ = "people_counts"
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), unique=True)
    at: Mapped[datetime]
    stages: Mapped[list[str]]
    rows: Mapped[list[dict[str, Any]]]
