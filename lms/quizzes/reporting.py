"""What quizzes tell the staff about learners: attempts, and which quizzes were open for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.reporting import Deed, Happening, Milestone, Subject, done, newest
from lms.core.templating import percent
from lms.core.viewer import EditionInfo
from lms.modules.api import modules
from lms.quizzes import papers
from lms.quizzes.models import Attempt, Quiz


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell when attempts were begun and handed in."""
    query = select(Attempt.started_at, Attempt.number, Quiz.title).join(Quiz).where(Attempt.enrolment_id == subject.enrolment_id)
    handed_in = query.add_columns(Attempt.submitted_at, Attempt.score).where(Attempt.submitted_at.is_not(None))
    for _, number, title, at, score in db.session.execute(newest(handed_in, Attempt.submitted_at, Attempt.id, until, most)):
        yield Happening(at, "quiz", f"Attempt {number} handed in, {percent(score)}", title)
    for at, number, title in db.session.execute(newest(query, Attempt.started_at, Attempt.id, until, most)):
        yield Happening(at, "quiz", f"Attempt {number} begun", title)


def deeds() -> Iterator[Deed]:
    """Name attempting a quiz as a way to take part."""
    yield Deed("attempted a quiz", Attempt.enrolment_id)


def milestones(edition: EditionInfo) -> Iterator[Milestone]:
    """Give every quiz that should have been attempted; missing one of several is no sign by itself."""
    found = papers.quizzes(edition)
    for module in modules(edition):
        if quiz := found.get(module.slug):
            begun = done(Attempt.enrolment_id == Enrolment.id, Attempt.quiz_id == quiz.id)
            title = f"quiz of module {module.number}"
            yield Milestone("quiz", title, module.slug, module.opens_at(edition), begun, alone=False)
