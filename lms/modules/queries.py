"""What the pages about modules show; a course's text is read once per version and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from sqlalchemy import BindParameter, bindparam, func, literal, select, union_all

from lms.core.db import db, read
from lms.core.domain import Course, Edition
from lms.core.errors import NotFound
from lms.core.memory import kept
from lms.core.progress import Activity
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, edition_of
from lms.editions.api import ModuleDays, day_begins, day_ends
from lms.modules.models import (
    Figure,
    GlossaryTerm,
    Lesson,
    LessonRead,
    Module,
    Page,
    ReadingPlace,
)


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson with its text."""

    id: int
    slug: str
    number: int
    title: str
    minutes: int
    objectives: tuple[str, ...]
    html: Markup
    bytes: int


@dataclass(frozen=True, slots=True)
class ModuleInfo:
    """A module with its lessons in order."""

    id: int
    slug: str
    number: int
    title: str
    summary: str
    opens_day: int
    closes_day: int | None
    weight: Decimal
    lessons: tuple[LessonText, ...]

    @property
    def minutes(self) -> int:
        """How long its lessons take together."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def lesson_ids(self) -> frozenset[int]:
        """The ids of its lessons."""
        return frozenset(lesson.id for lesson in self.lessons)

    def days(self, edition: EditionInfo) -> tuple[int, int | None]:
        """Tell its first and last day in an edition, counted from 0: the edition's own choice, or else the course's."""
        return edition.schedule.get(self.slug, (self.opens_day, self.closes_day))

    def opens_at(self, edition: EditionInfo) -> datetime:
        """Tell when it opens in an edition."""
        return day_begins(edition.starts_on, edition.zone, self.days(edition)[0])

    def closes_at(self, edition: EditionInfo) -> datetime | None:
        """Tell when its last day is over in an edition; `None` if it stays open."""
        last = self.days(edition)[1]
        return None if last is None else day_ends(edition.starts_on, edition.zone, last)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page of the course outside its modules."""

    slug: str
    title: str
    minutes: int
    html: Markup

    @property
    def objectives(self) -> tuple[str, ...]:
        """What one can do after it, which a page doesn't promise."""
        return ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a glossary."""

    slug: str
    term: str
    definition: str


def modules(edition: EditionInfo) -> tuple[ModuleInfo, ...]:
    """Give the modules of an edition's course with their lessons' text."""
    return course_modules(edition.course_id, edition.course_version)


@kept(16)
def course_modules(course_id: int, version: str) -> tuple[ModuleInfo, ...]:
    """Give the modules of a version of a course with their lessons' text."""
    del version
    lessons: dict[int, list[LessonText]] = {}
    query = select(
        Lesson.module_id, Lesson.id, Lesson.slug, Lesson.number, Lesson.title, Lesson.minutes, Lesson.objectives, Lesson.html
    ).join(Module)
    found: Iterable[Sequence[Any]] = db.session.execute(
        query.where(Module.course_id == course_id, Lesson.active).order_by(Lesson.number, Lesson.id)
    )
    for module_id, *row, objectives, html in found:
        texts = tuple(str(item["text"]) for item in objectives)
        markup = Markup(html)  # noqa: S704 - sanitised, or rendered by a template
        lessons.setdefault(module_id, []).append(LessonText(*[*row, texts, markup, len(html.encode())]))
    rows = db.session.execute(
        select(Module.id, Module.slug, Module.number, Module.title, Module.summary, Module.opens_day, Module.closes_day, Module.weight)
        .where(Module.course_id == course_id, Module.active)
        .order_by(Module.number)
    )
    return tuple(ModuleInfo(*row, tuple(lessons.get(row[0], ()))) for row in rows)


@kept(16)
def pages(course_id: int, version: str) -> tuple[PageText, ...]:
    """Give the pages of a course that stand outside its modules, in order."""
    del version
    rows = db.session.execute(
        select(Page.slug, Page.title, Page.minutes, Page.html).where(Page.course_id == course_id).order_by(Page.number)
    )
    return tuple(PageText(slug, title, minutes, Markup(html)) for slug, title, minutes, html in rows)  # noqa: S704 - sanitised when it was loaded


def page(edition: EditionInfo, slug: str) -> PageText:
    """Find a page of an edition's course by its slug; raise `NotFound`."""
    for found in pages(edition.course_id, edition.course_version):
        if found.slug == slug:
            return found
    message = "There is no such page in this course."
    raise NotFound(message)


def module(edition: EditionInfo, slug: str) -> ModuleInfo:
    """Find a module by its slug; raise `NotFound`."""
    return _module(modules(edition), slug)


def _module(course: Sequence[ModuleInfo], slug: str) -> ModuleInfo:
    for found in course:
        if found.slug == slug:
            return found
    message = "There is no such module in this course."
    raise NotFound(message)


def lesson_at(edition: EditionInfo, module_slug: str, slug: str) -> tuple[ModuleInfo, LessonText]:
    """Find a lesson by its module and slug; raise `NotFound`."""
    return lesson_in(edition.course_id, edition.course_version, module_slug, slug)


def lesson_in(course_id: int, version: str, module_slug: str, slug: str) -> tuple[ModuleInfo, LessonText]:
    """Find a lesson in a version of a course; raise `NotFound`."""
    found = _module(course_modules(course_id, version), module_slug)
    for lesson in found.lessons:
        if lesson.slug == slug:
            return found, lesson
    message = "There is no such lesson in this module."
    raise NotFound(message)


Step = tuple[ModuleInfo, LessonText] | None


def neighbours(course_id: int, version: str, lesson_id: int) -> tuple[Step, Step]:
    """Give what comes before and after a lesson, across modules."""
    line = [(part, lesson) for part in course_modules(course_id, version) for lesson in part.lessons]
    at = next(index for index, (_, lesson) in enumerate(line) if lesson.id == lesson_id)
    return (line[at - 1] if at else None), (line[at + 1] if at + 1 < len(line) else None)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a participant has read: the lessons marked as read, and the one in which they were last, by their ids."""

    read: frozenset[int]
    place: int | None


_MINE: BindParameter[int] = bindparam("enrolment_id")
_READING = union_all(
    select(LessonRead.lesson_id, literal(value=True).label("read")).where(LessonRead.enrolment_id == _MINE),
    select(ReadingPlace.lesson_id, literal(value=False)).where(ReadingPlace.enrolment_id == _MINE),
)


def reading(enrolment_id: int | None) -> Reading:
    """Tell how far a participant has read."""
    rows = read(_READING, enrolment_id=enrolment_id).all()
    done = frozenset(lesson_id for lesson_id, marked in rows if marked)
    return Reading(done, next((lesson_id for lesson_id, marked in rows if not marked), None))


@kept(64)
def glossary(course_id: int, version: str, module_id: int | None = None) -> Sequence[Term]:
    """List the terms of a module, or of a whole course, by alphabet."""
    del version
    query = select(GlossaryTerm.slug, GlossaryTerm.term, GlossaryTerm.definition).join(Module)
    query = query.where(Module.course_id == course_id, Module.active)
    if module_id is not None:
        query = query.where(Module.id == module_id)
    return [Term(*row) for row in db.session.execute(query.order_by(func.lower(GlossaryTerm.term)))]


def figure(digest: str) -> tuple[str, bytes]:
    """Give a figure's file name and bytes; raise `NotFound`."""
    row = db.session.execute(select(Figure.name, Figure.body).where(Figure.digest == digest)).first()
    if row is None:
        message = "There is no such figure."
        raise NotFound(message)
    return row[0], row[1]


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report each lesson of an enrolment's edition as read or not."""
    edition = edition_of(enrolment_id)
    done = reading(enrolment_id).read
    for found in modules(edition):
        opens_at = found.opens_at(edition)
        url = path_for("modules.module", edition=edition.slug, module=found.slug)
        for lesson in found.lessons:
            yield Activity(
                feature="modules",
                key=f"{found.slug}/{lesson.slug}",
                title=lesson.title,
                group=found.slug,
                group_title=f"{found.number} {found.title}",
                group_url=url,
                done=lesson.id in done,
                url=url + lesson.slug,
                minutes=lesson.minutes,
                opens_at=opens_at,
                detail="read" if lesson.id in done else "",
            )


def prompts(course_slug: str) -> Sequence[tuple[str, str, str]]:
    """List (module's slug, title, Markdown) of the prompts that start the modules' forums."""
    query = select(Module.slug, Module.forum_title, Module.forum_prompt).join(Course, Course.id == Module.course_id)
    return [(s, t, p) for s, t, p in db.session.execute(query.where(Course.slug == course_slug, Module.active).order_by(Module.number))]


def planned(course_id: int) -> Iterator[ModuleDays]:
    """Give the modules of a course with the days that its author chose."""
    query = select(Module.slug, Module.number, Module.title, Module.opens_day, Module.closes_day)
    found = query.where(Module.course_id == course_id, Module.active).order_by(Module.number)
    for slug, number, title, opens, closes in db.session.execute(found):
        yield ModuleDays(slug, f"{number} {title}", opens, closes)


def modules_of(edition_id: int) -> tuple[ModuleInfo, ...]:
    """Give the modules of an edition by its id."""
    row = db.session.execute(
        select(Edition.course_id, Course.version).join(Course, Course.id == Edition.course_id).where(Edition.id == edition_id)
    ).one()
    return course_modules(*row)
