"""Lessons, pages and terms as documents that people may look for; all of a course under the course's number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.core.documents import Document, Documents, plain
from lms.core.domain import Course
from lms.modules.models import GlossaryTerm, Lesson, Module, Page


def keys() -> Sequence[int]:
    """List the courses."""
    return db.session.scalars(select(Course.id)).all()


def read(courses: Collection[int]) -> Iterator[Document]:
    """Give everything that can be read in these courses."""
    yield from _lessons(courses)
    yield from _pages(courses)
    yield from _terms(courses)


def _lessons(courses: Collection[int]) -> Iterator[Document]:
    query = select(Module.course_id, Module.slug, Lesson.slug, Lesson.title, Lesson.html).join(Lesson, Lesson.module_id == Module.id)
    query = query.where(Module.course_id.in_(courses), Module.active, Lesson.active)
    for course_id, module, slug, title, html in db.session.execute(query.order_by(Lesson.id)):
        yield _text("lesson", course_id, title, html, endpoint="modules.lesson", values={"module": module, "lesson": slug}, module=module)


def _pages(courses: Collection[int]) -> Iterator[Document]:
    query = select(Page.course_id, Page.slug, Page.title, Page.html).where(Page.course_id.in_(courses)).order_by(Page.id)
    for course_id, slug, title, html in db.session.execute(query):
        yield _text("page", course_id, title, html, endpoint="modules.page", values={"page": slug})


def _text(kind: str, course_id: int, title: str, html: str, **facts: Any) -> Document:
    found = plain(html)
    return Document(course_id, kind, title, found.text, places=found.places, course_id=course_id, **facts)


def _terms(courses: Collection[int]) -> Iterator[Document]:
    query = select(Module.course_id, Module.slug, GlossaryTerm.slug, GlossaryTerm.term, GlossaryTerm.definition)
    query = query.join(GlossaryTerm, GlossaryTerm.module_id == Module.id).where(Module.course_id.in_(courses), Module.active)
    for course_id, module, slug, term, definition in db.session.execute(query.order_by(GlossaryTerm.id)):
        where = {"module": module}
        yield Document(course_id, "term", term, definition, "modules.module_glossary", where, slug, course_id=course_id, module=module)


documents = Documents({"lesson": "Lessons", "page": "Course pages", "term": "Glossary"}, keys, read)
