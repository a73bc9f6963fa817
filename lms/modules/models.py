"""Modules, lessons, terms and figures of a course, and what learners have read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class Module(Row):
    """A module of a course; days count from the start of an edition, which is day 0."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    slug: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    opens_day: Mapped[int]
    closes_day: Mapped[int | None]
    weight: Mapped[Decimal]
    forum_title: Mapped[str]
    forum_prompt: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Lesson(Row):
    """A lesson, rendered when it was loaded; `html` is sanitised."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("module_id", "slug"),)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"))
    slug: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    minutes: Mapped[int]
    objectives: Mapped[list[dict[str, Any]]]
    html: Mapped[str]
    version: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Page(Row):
    """A page of a course outside its modules, such as how the course works; `html` is sanitised."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    slug: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    minutes: Mapped[int]
    html: Mapped[str]


class GlossaryTerm(Row):
    """A term of a module's glossary."""

    __tablename__ = "glossary_terms"
    __table_args__ = (UniqueConstraint("module_id", "slug"),)
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id"))
    slug: Mapped[str]
    term: Mapped[str]
    definition: Mapped[str]


class Figure(Row):
    """A picture of a lesson, found by the hash of its bytes."""

    __tablename__ = "figures"
    digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    body: Mapped[bytes]


class LessonRead(Row):
    """A learner marked a lesson as read."""

    __tablename__ = "lessons_read"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson_id"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ReadingPlace(Row):
    """The lesson in which a participant was last."""

    __tablename__ = "reading_places"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
