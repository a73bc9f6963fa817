"""What a participant does with lessons."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import db, upsert
from lms.modules.models import LessonRead, ReadingPlace


def mark_read(enrolment_id: int, lesson_id: int) -> None:
    """Note that a lesson was read; again changes nothing."""
    key = {"enrolment_id": enrolment_id, "lesson_id": lesson_id}
    db.session.execute(upsert(LessonRead, key, {"at": clock.now()}, {"lesson_id": lesson_id}))


def note_place(enrolment_id: int, lesson_id: int) -> None:
    """Remember in which lesson a participant was last."""
    now = clock.now()
    db.session.execute(upsert(ReadingPlace, {"enrolment_id": enrolment_id}, {"lesson_id": lesson_id, "at": now}))
