"""Loading a course folder: all or nothing, and only what is free of errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from lms.core import clock
from lms.core.content import ContentPart, CourseSource, Problem, check
from lms.core.db import db, unit_of_work
from lms.core.domain import Course


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: `loaded` is false for an unchanged course and for one with errors."""

    title: str
    loaded: bool
    problems: tuple[Problem, ...] = ()


def load_course(source: CourseSource, parts: Iterable[ContentPart]) -> Loaded:
    """Check a course and load it with every feature's share; a course of the same version is left alone."""
    parts = tuple(parts)
    title = str(source.meta.data.get("title", source.folder.name))
    version = source.version()
    known = db.session.scalar(select(Course.version).where(Course.slug == source.slug))
    if known == version:
        return Loaded(title, loaded=False)
    problems = check(source, parts)
    if any(not problem.warning for problem in problems):
        return Loaded(title, loaded=False, problems=tuple(problems))
    with unit_of_work():
        course = _course(source, version)
        for part in parts:
            part.load(source, course.id)
    return Loaded(title, loaded=True, problems=tuple(problems))


def _course(source: CourseSource, version: str) -> Course:
    course = db.session.scalar(select(Course).where(Course.slug == source.slug)) or Course(slug=source.slug)
    data = source.meta.data
    course.title, course.short_title, course.summary = data["title"], data["short_title"], data["summary"]
    course.language = data.get("language", "en")
    course.licence, course.updated = data.get("licence", ""), data.get("updated")
    course.pass_mark = Decimal(str(data.get("pass_mark", 50)))
    course.version, course.loaded_at = version, clock.now()
    db.session.add(course)
    db.session.flush()
    return course
