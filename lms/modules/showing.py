"""A lesson as its page shows it: what is the same for all who have read the same is rendered once per version and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from lms.core.memory import kept
from lms.core.viewer import EditionInfo
from lms.modules.queries import LessonText, ModuleInfo, lesson_in, neighbours


@dataclass(frozen=True, slots=True)
class LessonParts:
    """The parts of a lesson's page, ready to be put together."""

    aside: Markup
    crumbs: Markup
    text: Markup
    before: Markup
    after: Markup
    read_url: str


def parts(edition: EditionInfo, part: ModuleInfo, lesson: LessonText, read: frozenset[int]) -> LessonParts:
    """Give the parts of a lesson's page for somebody who has read those lessons."""
    here = read & part.lesson_ids
    return _parts(edition.slug, (edition.course_id, edition.course_version), part.slug, lesson.slug, here)


@kept(1024)
def _parts(edition: str, course: tuple[int, str], module_slug: str, slug: str, read: frozenset[int]) -> LessonParts:
    part, lesson = lesson_in(*course, module_slug, slug)
    before, after = neighbours(*course, lesson.id)
    draw: Any = current_app.jinja_env.get_template("modules/lesson_parts.html").module
    onward = after if after and after[0] is part else None
    return LessonParts(
        aside=draw.aside(part, lesson, read),
        crumbs=draw.crumbs(part),
        text=draw.text(edition, part, lesson, read),
        before=draw.before(before),
        after=draw.after(part, onward),
        read_url=url_for("modules.mark_read", edition=edition, module=module_slug, lesson=slug),
    )
