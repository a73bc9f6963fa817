"""What learners do in the reading club."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import db, upsert
from lms.core.events import publish
from lms.core.progress import ActivityChanged

from .models import ReadingNote


def write(enrolment_id: int, actor_id: int | None, text: str) -> None:
    """Keep what a learner has read, in place of what was there; the grades follow in the same transaction."""
    db.session.execute(upsert(ReadingNote, {"enrolment_id": enrolment_id}, {"text": text, "at": clock.now()}))
    publish(ActivityChanged(enrolment_id, actor_id, "A note was written in the reading club."))
