"""What a course folder must not do to the forums."""

from __future__ import annotations

from collections.abc import Iterator

from lms.core.content import CourseSource, Problem
from lms.forums.rules import RESERVED


def check(course: CourseSource) -> Iterator[Problem]:
    """Report modules whose names are addresses of the forums' own."""
    for module in course.modules:
        if module.slug in RESERVED:
            message = f"{module.slug!r} can't be a module's folder: the forums need that name"
            yield course.meta.problem(message, f'"{module.slug}"')


def load(course: CourseSource, course_id: int) -> None:
    """Load nothing: the forums follow the modules."""
    del course, course_id
