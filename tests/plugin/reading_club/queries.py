"""What pages and the gradebook read of the reading club."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select

from lms.core.db import db
from lms.core.progress import Activity

from .models import ReadingNote


def note(enrolment_id: int | None) -> str:
    """Give what a learner has written; empty if that is nothing."""
    return db.session.scalar(select(ReadingNote.text).where(ReadingNote.enrolment_id == enrolment_id)) or ""


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report the note: full marks for whoever has written one."""
    done = bool(note(enrolment_id))
    yield Activity(
        feature="reading_club",
        key="note",
        title="A note in the reading club",
        done=done,
        counts=True,
        score=Decimal(100) if done else None,
    )
