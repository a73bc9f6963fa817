"""What the pages show that look the same to all who have read the same: they are drawn once per version of the course and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.core.viewer import EditionInfo
from lms.modules import books, queries
from lms.modules.books import Volume


def lesson_page(edition: EditionInfo, module: str, slug: str, read: frozenset[int]) -> Mapping[str, Any]:
    """Give what a lesson's page shows to somebody who has read those lessons of its module."""
    part, lesson = queries.lesson_at(edition, module, slug)
    before, after = queries.neighbours(edition.course_id, edition.course_version, lesson.id)
    onward = after if after and after[0] is part else None
    return {"module": part, "lesson": lesson, "read": read, "before": before, "after": onward}


def course_page(
    edition: EditionInfo, opened: tuple[str, ...], readable: tuple[str, ...], read: tuple[int, ...], place: int | None
) -> Mapping[str, Any]:
    """Give what the course's page shows once those modules have opened, to somebody who may read those and has read so much of each."""
    found = queries.modules(edition)
    return {
        "modules": found,
        "opened": opened,
        "readable": readable,
        "read": dict(zip([module.slug for module in found], read, strict=True)),
        "pages": queries.pages(edition.course_id, edition.course_version),
        "resume": next(((module, lesson) for module in found for lesson in module.lessons if lesson.id == place), None),
        "book": book(edition, readable),
    }


def book(edition: EditionInfo, readable: tuple[str, ...]) -> Volume | None:
    """Give the modules that somebody may read as a book; `None` while there is none."""
    return books.course_book(edition.course_id, edition.course_version, readable) if readable else None


def page(edition: EditionInfo, slug: str) -> Mapping[str, Any]:
    """Give what a page outside the modules shows."""
    found = queries.page(edition, slug)
    return {"text": found, "book": books.single_page(edition.course_id, edition.course_version, found.slug)}


def glossary(edition: EditionInfo, slug: str | None) -> Mapping[str, Any]:
    """Give the terms of a module, or of the whole course."""
    found = queries.module(edition, slug) if slug else None
    return {"module": found, "terms": queries.glossary(edition.course_id, edition.course_version, found and found.id)}
