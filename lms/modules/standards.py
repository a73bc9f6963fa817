"""Whether lessons, glossaries and figures are what the course itself asks for, and the figures of its coverage table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from lms.core.content import CourseSource, Problem
from lms.core.criteria import Criteria
from lms.modules import reading
from lms.modules.sources import NOTE_DEFINED, LessonSource, ModuleText, read_modules

_DRAWN = "{http://www.w3.org/2000/svg}"


def check(course: CourseSource) -> Iterator[Problem]:
    """Warn where a text is not what `[check]` in `course.toml` asks for, and where a drawing has no name of its own."""
    wanted = course.criteria
    for text in read_modules(course):
        for lesson in text.lessons:
            if not lesson.problems:
                yield from _length(lesson, wanted)
        yield from _terms(text, wanted)
        yield from _figures(text, wanted)


def _length(lesson: LessonSource, wanted: Criteria) -> Iterator[Problem]:
    count, rate = reading.words(lesson.body), wanted.words_per_minute
    fewest, most = wanted.words
    if not fewest <= count <= most:
        yield lesson.problem(0, f"{count} words, not {fewest} to {most}", warning=True)
    stated = lesson.meta.data.get("minutes")
    if rate and isinstance(stated, int) and not reading.fits(stated, count, rate):
        needed = reading.minutes(count, rate)
        message = f"'minutes' says {stated}, but {count} words at {rate} a minute take {needed}"
        yield lesson.meta.problem(message, "minutes", warning=True)


def _terms(text: ModuleText, wanted: Criteria) -> Iterator[Problem]:
    fewest, most = wanted.terms_per_module
    if not fewest <= len(text.terms) <= most:
        yield Problem(text.glossary.path, 1, f"{len(text.terms)} terms, not {fewest} to {most}", warning=True)


def _figures(text: ModuleText, wanted: Criteria) -> Iterator[Problem]:
    found = figures(text)
    if len(found) < wanted.figures_per_module:
        message = f"{len(found)} figures, fewer than {wanted.figures_per_module}"
        yield Problem(text.source.folder, 1, message, warning=True)
    for path in found:
        if path.suffix == ".svg":
            yield from _drawing(path)


def _drawing(path: Path) -> Iterator[Problem]:
    try:
        root = ET.fromstring(path.read_bytes())  # noqa: S314 - the author's own file; expat bounds what entities can do
    except ET.ParseError as error:
        yield Problem(path, error.position[0], f"not XML: {error}")
        return
    if root.tag != f"{_DRAWN}svg":
        yield Problem(path, 1, 'a drawing begins with <svg xmlns="http://www.w3.org/2000/svg">')
    elif not any((root.findtext(_DRAWN + name) or "").strip() for name in ("title", "desc")):
        yield Problem(path, 1, "an SVG needs a <title> or <desc> that names it to those who can't see it", warning=True)


def figures(text: ModuleText) -> list[Path]:
    """List the pictures in a module's folder."""
    return sorted(text.source.folder.glob("figures/*"))


def measure(course: CourseSource) -> Mapping[str, Mapping[str, Any]]:
    """Measure the texts of each module."""
    return {text.source.slug: _measured(text) for text in read_modules(course)}


def _measured(text: ModuleText) -> dict[str, Any]:
    counts = [reading.words(lesson.body) for lesson in text.lessons]
    stated = [minutes for lesson in text.lessons if isinstance(minutes := lesson.meta.data.get("minutes"), int)]
    return {
        "lessons": len(text.lessons),
        "words": sum(counts),
        "words_a_lesson": f"{min(counts, default=0)}-{max(counts, default=0)}",
        "minutes": sum(stated),
        "objectives": sum(len(lesson.objectives) for lesson in text.lessons),
        "figures": len(figures(text)),
        "terms": len(text.terms),
        "footnotes": sum(len(set(NOTE_DEFINED.findall(lesson.prose))) for lesson in text.lessons),
    }
