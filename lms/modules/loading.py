"""Putting a course's modules into the database; what learners did stays attached to lessons of the same name."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

from sqlalchemy import delete, select, update

from lms.core.content import CourseSource
from lms.core.db import db
from lms.core.documents import DocumentsChanged
from lms.core.events import publish
from lms.modules.models import Figure, GlossaryTerm, Lesson, Module, Page
from lms.modules.rendering import Links, digest, render
from lms.modules.sources import (
    LessonSource,
    ModuleText,
    all_terms,
    lesson_files,
    read_modules,
    read_pages,
)


def load(course: CourseSource, course_id: int) -> None:
    """Load every module and page of a checked course."""
    texts, pages = read_modules(course), read_pages(course)
    everything = (*texts, pages)
    db.session.execute(update(Module).where(Module.course_id == course_id).values(active=False))
    for text in texts:
        module = _module(text, course_id)
        _glossary(text, module.id)
        _lessons(text, module, everything)
    _pages(pages, course_id, everything)
    publish(DocumentsChanged("modules", (course_id,)))


def _module(text: ModuleText, course_id: int) -> Module:
    source, data = text.source, text.source.meta.data
    found = db.session.scalar(select(Module).where(Module.course_id == course_id, Module.slug == source.slug))
    module = found or Module(course_id=course_id, slug=source.slug)
    forum = data.get("forum", {})
    module.number, module.title, module.summary = source.number, data["title"], data["summary"]
    module.opens_day, module.closes_day = data["opens_day"], data.get("closes_day")
    module.weight = Decimal(str(data.get("weight", 1)))
    module.forum_title, module.forum_prompt = forum.get("title", ""), forum.get("prompt", "")
    module.active = True
    db.session.add(module)
    db.session.flush()
    return module


def _glossary(text: ModuleText, module_id: int) -> None:
    known = {row.slug: row for row in db.session.scalars(select(GlossaryTerm).where(GlossaryTerm.module_id == module_id))}
    for item in text.glossary.data.get("terms", []):
        row = known.pop(item["id"], None) or GlossaryTerm(module_id=module_id, slug=item["id"])
        row.term, row.definition = item["term"], item["definition"]
        db.session.add(row)
    for row in known.values():
        db.session.delete(row)


def _lessons(text: ModuleText, module: Module, texts: tuple[ModuleText, ...]) -> None:
    known = {row.slug: row for row in db.session.scalars(select(Lesson).where(Lesson.module_id == module.id))}
    links = _links(text, texts)
    for row in known.values():
        row.active = False
    for lesson in text.lessons:
        row = known.get(lesson.slug) or Lesson(module_id=module.id, slug=lesson.slug)
        _fill(row, lesson, render(lesson.body, links))
        db.session.add(row)
    db.session.flush()


def _pages(text: ModuleText, course_id: int, texts: tuple[ModuleText, ...]) -> None:
    links = _links(text, texts)
    db.session.execute(delete(Page).where(Page.course_id == course_id))
    for page in text.lessons:
        title, minutes, html = page.meta.data["title"], page.meta.data["minutes"], render(page.body, links)
        db.session.add(Page(course_id=course_id, slug=page.slug, number=page.number, title=title, minutes=minutes, html=html))


def _links(text: ModuleText, texts: tuple[ModuleText, ...]) -> Links:
    lessons = {path: (slug, lesson.slug) for path, (slug, lesson) in lesson_files(texts).items()}
    return Links(text.source.slug, text.source.folder, all_terms(texts), lessons, _figure_url)


def _fill(row: Lesson, lesson: LessonSource, html: str) -> None:
    data = lesson.meta.data
    row.number, row.title, row.minutes = lesson.number, data["title"], data["minutes"]
    row.objectives = [dict(item) for item in lesson.objectives]
    row.html, row.version, row.active = html, hashlib.sha256(html.encode()).hexdigest()[:20], True


def _figure_url(path: Path) -> str:
    body = path.read_bytes()
    name = digest(body)
    if db.session.scalar(select(Figure.id).where(Figure.digest == name)) is None:
        db.session.add(Figure(digest=name, name=path.name, body=body))
        db.session.flush()
    return f"/figures/{name}/{path.name}"
