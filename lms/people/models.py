"""Notes that staff wrote to learners."""

from __future__ import annotations

from datetime import datetime

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
