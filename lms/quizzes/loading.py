"""Putting quizzes into the database; a question that changed becomes a new version, the old one stays."""

from __future__ import annotations

from sqlalchemy import select, update

from lms.core.content import CourseSource
from lms.core.db import db
from lms.quizzes.models import Question, Quiz
from lms.quizzes.sources import QuestionSource, QuizSource, read_quizzes


def load(course: CourseSource, course_id: int) -> None:
    """Load every quiz of a checked course."""
    db.session.execute(update(Quiz).where(Quiz.course_id == course_id).values(active=False))
    db.session.execute(update(Question).where(Question.course_id == course_id).values(active=False))
    rows = db.session.scalars(select(Question).where(Question.course_id == course_id))
    known = {(row.slug, row.digest): row for row in rows}
    for source in read_quizzes(course):
        quiz = _quiz(source, course_id)
        for number, question in enumerate(source.questions, 1):
            row = known.get((question.slug, question.digest())) or _question(question, quiz)
            row.active, row.number = True, number
            db.session.add(row)
    db.session.flush()


def _quiz(source: QuizSource, course_id: int) -> Quiz:
    found = db.session.scalar(select(Quiz).where(Quiz.course_id == course_id, Quiz.module == source.module))
    quiz, terms = found or Quiz(course_id=course_id, module=source.module), source.terms()
    quiz.title, quiz.draw, quiz.minutes, quiz.attempts = (
        terms.title,
        terms.draw,
        terms.minutes,
        terms.attempts,
    )
    quiz.keep, quiz.pass_mark, quiz.feedback, quiz.active = terms.keep, terms.pass_mark, terms.feedback, True
    db.session.add(quiz)
    db.session.flush()
    return quiz


def _question(source: QuestionSource, quiz: Quiz) -> Question:
    table = source.table
    return Question(
        course_id=quiz.course_id,
        quiz_id=quiz.id,
        slug=source.slug,
        digest=source.digest(),
        number=0,
        objective=table["objective"],
        lesson=table["lesson"].partition("-")[2],
        kind=table["type"],
        body=dict(table),
    )
