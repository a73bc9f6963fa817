"""A module's folder as values: lessons with their front matter, terms, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lms.core.content import (
    CourseSource,
    ModuleSource,
    Problem,
    Toml,
    parse_toml,
    read_toml,
)

LESSON_NAME = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
NOTE_DEFINED = re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
FENCE = "+++"
PAGES = "pages"
_PAGE_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_FIRST_PAGE = "welcome"


@dataclass(frozen=True)
class LessonSource:
    """A lesson's file; `body` is its Markdown, which begins on `body_line` of the file."""

    path: Path
    number: int
    slug: str
    meta: Toml
    body: str
    body_line: int
    problems: tuple[Problem, ...]

    @property
    def objectives(self) -> list[Mapping[str, Any]]:
        """The objectives that are tables, as written."""
        found = self.meta.data.get("objectives", [])
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    @cached_property
    def prose(self) -> str:
        """The body with code blanked out, so that lines keep their numbers."""
        return re.sub(r"```.*?```|`[^`\n]*`", lambda match: re.sub(r"[^\n]", " ", match[0]), self.body, flags=re.DOTALL)

    def line_of(self, offset: int) -> int:
        """Tell the file's line of a place in the body."""
        return self.body_line + self.body.count("\n", 0, offset)

    def problem(self, offset: int, message: str, *, warning: bool = False) -> Problem:
        """Report a fault at a place in the body."""
        return Problem(self.path, self.line_of(offset), message, warning)


@dataclass(frozen=True, slots=True)
class ModuleText:
    """All texts of a module."""

    source: ModuleSource
    lessons: tuple[LessonSource, ...]
    glossary: Toml
    terms: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_modules(course: CourseSource) -> tuple[ModuleText, ...]:
    """Read the lessons and glossaries of every module of a course."""
    return tuple(_read(module) for module in course.modules)


def read_pages(course: CourseSource) -> ModuleText:
    """Read the course's own pages, the texts beside `course.toml`, as the lessons of a module that nobody studies; the welcome is first."""
    pages: list[LessonSource] = []
    problems: list[Problem] = []
    for path in sorted(course.folder.glob("*.md"), key=lambda path: (path.stem != _FIRST_PAGE, path.name)):
        if _PAGE_NAME.fullmatch(path.name):
            pages.append(_lesson(path, len(pages) + 1, path.stem))
        else:
            problems.append(Problem(path, 1, "not shown: a page's file is named small-letters.md", warning=True))
    nothing = Toml(course.folder, {}, "")
    return ModuleText(ModuleSource(PAGES, 0, course.folder, nothing), tuple(pages), nothing, {}, tuple(problems))


def _read(module: ModuleSource) -> ModuleText:
    lessons, problems = [], []
    for path in sorted(module.folder.glob("*.md")):
        match = LESSON_NAME.fullmatch(path.name)
        if match is None:
            problems.append(Problem(path, 1, "a lesson's file is named NN-small-letters.md"))
            continue
        lessons.append(_lesson(path, int(match[1]), match[2]))
    glossary, faults = _glossary(module.folder / "glossary.toml")
    return ModuleText(module, tuple(lessons), glossary, _terms(glossary), (*problems, *faults))


def _glossary(path: Path) -> tuple[Toml, tuple[Problem, ...]]:
    return read_toml(path) if path.exists() else (Toml(path, {}, ""), ())


def _terms(glossary: Toml) -> dict[str, str]:
    found = glossary.data.get("terms", [])
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return {str(row.get("id")): str(row.get("definition", "")) for row in rows}


def _lesson(path: Path, number: int, slug: str) -> LessonSource:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return LessonSource(path, number, slug, Toml(path, {}, ""), "", 1, (Problem(path, 1, f"not UTF-8: {error}"),))
    head, body = split(text)
    if head is None:
        fault = Problem(path, 1, f"front matter between two lines of {FENCE} is missing")
        return LessonSource(path, number, slug, Toml(path, {}, text), text, 1, (fault,))
    meta, problems = parse_toml(path, "\n" + head, text)
    return LessonSource(path, number, slug, meta, body, head.count("\n") + 3, problems)


def split(text: str) -> tuple[str | None, str]:
    """Separate front matter from the body; `None` where there is none."""
    parts = re.split(rf"^{re.escape(FENCE)}[ \t]*$\n?", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - the number explains itself here
        return None, text
    return parts[1], parts[2]


def all_terms(texts: tuple[ModuleText, ...]) -> dict[str, tuple[str, str]]:
    """Map each term of the course to (module's slug, definition)."""
    return {term: (text.source.slug, definition) for text in texts for term, definition in text.terms.items()}


def lesson_files(texts: tuple[ModuleText, ...]) -> dict[Path, tuple[str, LessonSource]]:
    """Map each lesson's file to (module's slug, lesson)."""
    return {lesson.path.resolve(): (text.source.slug, lesson) for text in texts for lesson in text.lessons}


def every_lesson(texts: tuple[ModuleText, ...]) -> Iterator[tuple[ModuleText, LessonSource]]:
    """Go through all lessons with their modules."""
    return ((text, lesson) for text in texts for lesson in text.lessons)
