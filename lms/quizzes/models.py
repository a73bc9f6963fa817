"""Quizzes and their questions, and what learners answered."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row

_ONLY_OPEN: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("submitted_at IS NULL"))


class Quiz(Row):
    """The rules of a module's quiz; `module` is the module's slug."""

    __tablename__ = "quizzes"
    __table_args__ = (UniqueConstraint("course_id", "module"),)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    module: Mapped[str]
    title: Mapped[str]
    draw: Mapped[int]
    minutes: Mapped[int | None]
    attempts: Mapped[int]
    keep: Mapped[str]
    pass_mark: Mapped[Decimal]
    feedback: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Question(Row):
    """One version of a question; only `active` (it can be drawn) and `number` (its place) ever change."""

    __tablename__ = "quiz_questions"
    __table_args__ = (
        UniqueConstraint("course_id", "slug", "digest"),
        Index("ix_quiz_questions_quiz_id_active", "quiz_id", "active"),
    )
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    slug: Mapped[str]
    digest: Mapped[str]
    number: Mapped[int]
    objective: Mapped[str]
    lesson: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)


class Attempt(Row):
    """A learner's go at a quiz; one at a time is open. The secret seed gives the draw and every order.

    One that an outage `cut_short` is not among those that can be used up, and its score counts only to the learner's good.
    """

    __tablename__ = "quiz_attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        Index("uq_quiz_attempts_open", "enrolment_id", "quiz_id", unique=True, **_ONLY_OPEN),
        Index("ix_quiz_attempts_open_deadline", "deadline", **_ONLY_OPEN),
        Index("ix_quiz_attempts_deadline", "deadline"),
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    deadline: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    automatic: Mapped[bool] = mapped_column(default=False)
    score: Mapped[Decimal | None]
    cut_short: Mapped[bool] = mapped_column(default=False)


class Item(Row):
    """A question of an attempt, the last answer (and which opening of the page sent it), and the credit."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempts.id"))
    position: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("quiz_questions.id"), index=True)
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    flagged: Mapped[bool] = mapped_column(default=False)
    page: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    credit: Mapped[Decimal | None]
