"""What a participant does with lessons."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import put
from lms.modules.models import LessonRead, ReadingPlace


def mark_read(enrolment_id: int, lesson_id: int) -> None:
    """Note that a lesson was read; again changes nothing."""
    key = {"enrolment_id": enrolment_id, "lesson_id": lesson_id}
    put(LessonRead, key, {"at": clock.now()}, keep=True)


def note_place(enrolment_id: int, lesson_id: int) -> None:
    """Remember in which lesson a participant was last."""
    put(ReadingPlace, {"enrolment_id": enrolment_id}, {"lesson_id": lesson_id, "at": clock.now()})
