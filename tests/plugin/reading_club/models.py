"""The reading club's table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class ReadingNote(Row):
    """What a learner has read."""

    __tablename__ = "reading_club_notes"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
