"""What quizzes tell about a course and an edition while it is set up and when it is closed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from lms.core.db import db
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo
from lms.editions.api import Check, Count
from lms.modules.api import modules
from lms.quizzes import papers, queries
from lms.quizzes.models import Quiz
from lms.quizzes.papers import QuizInfo


def own_attempts(course_id: int) -> Iterator[int]:
    """Give how often each quiz of a course can be taken by its own rules."""
    yield from db.session.scalars(select(Quiz.attempts).where(Quiz.course_id == course_id, Quiz.active))


def checks(edition: EditionInfo) -> Iterator[Check]:
    """Tell whether every module has a quiz with enough questions to draw from."""
    found = papers.quizzes(edition)
    missing = [str(module.number) for module in modules(edition) if not _can_be_drawn(found.get(module.slug))]
    detail = f"not in module {', '.join(missing)}: write quiz.toml and load the content again" if missing else ""
    yield Check(not missing, "Every module's quiz can be drawn", detail, path_for("modules.course", edition=edition.slug))


def _can_be_drawn(quiz: QuizInfo | None) -> bool:
    return quiz is not None and sum(map(len, quiz.bank.values())) >= quiz.terms.draw


def outlook(edition: EditionInfo) -> Iterator[Count]:
    """Count, for the dry run of the closing, the attempts under way, which closing hands in."""
    yield Count("Quiz attempts under way", queries.under_way(edition.id))
