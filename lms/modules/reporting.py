"""What modules tell the staff about learners: lessons read, modules begun."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.figures import Annex
from lms.core.reporting import Deed, Happening, Milestone, Subject, done, newest
from lms.core.viewer import EditionInfo, edition_by_id
from lms.modules.models import Lesson, LessonRead
from lms.modules.queries import modules


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell which lessons were read."""
    query = select(LessonRead.at, Lesson.title).join(Lesson).where(LessonRead.enrolment_id == subject.enrolment_id)
    for at, title in db.session.execute(newest(query, LessonRead.at, LessonRead.id, until, most)):
        yield Happening(at, "lesson", "Lesson read", title)


def deeds() -> Iterator[Deed]:
    """Name reading a lesson as a way to take part."""
    yield Deed("read a lesson", LessonRead.enrolment_id)


def milestones(edition: EditionInfo) -> Iterator[Milestone]:
    """Give every module that should have been begun: one of its lessons read."""
    for module in modules(edition):
        mine = LessonRead.enrolment_id == Enrolment.id, LessonRead.lesson_id.in_(sorted(module.lesson_ids))
        title = f"module {module.number}"
        yield Milestone("module", title, module.slug, module.opens_at(edition), done(*mine))


def annexes(edition_id: int) -> Iterator[Annex]:
    """Give the programme for reports: each module with the day on which it opened, its lessons and how long they take."""
    edition = edition_by_id(edition_id)
    zone = ZoneInfo(edition.zone)
    rows = []
    for module in modules(edition):
        day = module.opens_at(edition).astimezone(zone)
        rows.append((f"{module.number} {module.title}", f"{day.day} {day:%B %Y}", str(len(module.lessons)), str(module.minutes)))
    if rows:
        yield Annex("programme", "The modules", ("Module", "Opened", "Lessons", "Minutes of reading"), tuple(rows))
