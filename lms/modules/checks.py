"""What can be wrong with modules, lessons, glossaries and figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lms.core.content import SLUG, CourseSource, Problem, Toml
from lms.modules import standards
from lms.modules.rendering import GLOSSARY
from lms.modules.sources import (
    NOTE_DEFINED,
    PAGES,
    LessonSource,
    ModuleText,
    all_terms,
    lesson_files,
    read_modules,
    read_pages,
)
from lms.modules.verbs import TESTABLE

MODULE_KEYS = {"title", "summary", "opens_day", "closes_day", "weight", "forum"}
LESSON_KEYS = {"title", "minutes", "objectives"}
PAGE_KEYS = {"title", "minutes"}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)(?:\s+\"([^\"]*)\")?\)")
_NOTE_USED = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
_SHALLOW = re.compile(r"^ {1,3}[-*+] ", re.MULTILINE)
_RAW = re.compile(r"<(?!https?:|mailto:)[a-zA-Z/!][^>]*>")
_BLOCK = re.compile(r"^(?=.*\S).+(?:\n(?=.*\S).+)*", re.MULTILINE)
_ITEM = re.compile(r"^\s{0,1}(?:[-*+]|\d+\.)\s", re.MULTILINE)
_MOST_MINUTES = 60
_MOST_DAYS = 999
_MOST_WEIGHT = 1000
_TAKEN = {"glossary"}
_NAMESPACE = "http://www.w3.org/2000/svg"
_UNSAFE_SVG = re.compile(r"<script|<foreignObject|\son\w+=|(?:href|src)\s*=\s*[\"'](?!#|data:image)|@import|url\(\s*[\"']?(?!#)", re.IGNORECASE)  # noqa: E501 - one pattern or list


def check(course: CourseSource) -> Iterator[Problem]:
    """Report every fault of the course's modules."""
    texts, pages = read_modules(course), read_pages(course)
    everything = (*texts, pages)
    yield from _pages(pages, everything)
    for text in texts:
        yield from text.problems
        yield from _module(text.source.meta)
        yield from _glossary(text)
        yield from _lessons(text, everything)
        yield from _figures(text)
    yield from _twice(texts)
    yield from standards.check(course)


def _pages(pages: ModuleText, texts: tuple[ModuleText, ...]) -> Iterator[Problem]:
    yield from pages.problems
    for text in texts:
        if text is not pages and text.source.slug == PAGES:
            yield Problem(text.source.folder, 1, f"a module can't be named {PAGES!r}: the course's own pages are under that address")
    for page in pages.lessons:
        yield from page.problems
        if not page.problems:
            yield from page.meta.unknown_keys(page.meta.data, PAGE_KEYS)
            yield from _title_and_minutes(page)
            yield from _form(page)
            yield from _links(page, texts)
            yield from _footnotes(page)


def _module(meta: Toml) -> Iterator[Problem]:
    data = meta.data
    if not meta.text:
        return
    yield from meta.unknown_keys(data, MODULE_KEYS)
    yield from meta.missing(data, {"title": str, "summary": str})
    forum = data.get("forum", {})
    if isinstance(forum, dict):
        yield from meta.unknown_keys(forum, {"title", "prompt"}, " in [forum]")
        if forum:
            yield from meta.missing(forum, {"title": str, "prompt": str}, " in [forum]")
    else:
        yield meta.problem("'forum' must be a table", "forum")
    yield from _numbers(meta)


def _numbers(meta: Toml) -> Iterator[Problem]:
    opens = meta.data.get("opens_day", -1)
    closes, weight = meta.data.get("closes_day", opens), meta.data.get("weight", 1)
    for key, value in (("opens_day", opens), ("closes_day", closes)):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_DAYS:
            yield meta.problem(f"{key!r} must be a whole number from 0 to {_MOST_DAYS}", key)
            return
    if closes < opens:
        yield meta.problem("'closes_day' is before 'opens_day'", "closes_day")
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 <= weight <= _MOST_WEIGHT:
        yield meta.problem(f"'weight' must be a number from 0 to {_MOST_WEIGHT}", "weight")


def _glossary(text: ModuleText) -> Iterator[Problem]:
    glossary = text.glossary
    yield from glossary.unknown_keys(glossary.data, {"terms"})
    rows = glossary.data.get("terms", [])
    for row in rows if isinstance(rows, list) else (rows,):
        if not isinstance(row, dict) or not isinstance(rows, list):
            yield glossary.problem("'terms' must be tables: [[terms]]", "terms")
            continue
        where = f' of term "{row.get("id", "?")}"'
        yield from glossary.unknown_keys(row, {"id", "term", "definition"}, where)
        yield from glossary.missing(row, {"id": str, "term": str, "definition": str}, where, f'"{row.get("id", "")}"')


def _twice(texts: tuple[ModuleText, ...]) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for text in texts:
        rows = text.glossary.data.get("terms", [])
        for row in [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else ():
            term = str(row.get("id", ""))
            if not SLUG.fullmatch(term):
                yield text.glossary.problem(f"term id {term!r} must be of small letters, digits and hyphens", f'"{term}"')
            if term in seen:
                yield text.glossary.problem(f"term {term!r} is defined in {seen[term].parent.name} already", f'"{term}"')
            seen.setdefault(term, text.glossary.path)


def _lessons(text: ModuleText, texts: tuple[ModuleText, ...]) -> Iterator[Problem]:
    if not text.lessons:
        yield Problem(text.source.folder, 1, "the module has no lesson")
    ids = Counter(str(item.get("id")) for lesson in text.lessons for item in lesson.objectives)
    names = Counter(lesson.slug for lesson in text.lessons)
    for lesson in text.lessons:
        yield from lesson.problems
        if names[lesson.slug] > 1 or lesson.slug in _TAKEN:
            yield Problem(lesson.path, 1, f"another page of the module has the address {lesson.slug!r}")
        if not lesson.problems:
            yield from _front_matter(lesson, ids)
            yield from _form(lesson)
            yield from _key_points(lesson)
            yield from _links(lesson, texts)
            yield from _footnotes(lesson)


def _front_matter(lesson: LessonSource, ids: Counter[str]) -> Iterator[Problem]:
    meta, data = lesson.meta, lesson.meta.data
    yield from meta.unknown_keys(data, LESSON_KEYS)
    yield from _title_and_minutes(lesson)
    yield from meta.missing(data, {"objectives": list})
    if isinstance(written := data.get("objectives"), list) and len(written) > len(lesson.objectives):
        yield meta.problem("'objectives' must be tables: [[objectives]]", "objectives")
    for item in lesson.objectives:
        name = str(item.get("id", ""))
        yield from meta.unknown_keys(item, {"id", "text"}, f" of objective {name!r}")
        yield from meta.missing(item, {"id": str, "text": str}, f" of objective {name!r}", name)
        if not SLUG.fullmatch(name):
            yield meta.problem(f"objective id {name!r} must be of small letters, digits and hyphens", name)
        if ids[name] > 1:
            yield meta.problem(f"objective {name!r} is there twice in the module", name)
        verb = str(item.get("text", "")).partition(" ")[0].lower()
        if verb not in TESTABLE:
            yield meta.problem(f"objective {name!r} begins with {verb!r}, which can't be tested", name)


def _title_and_minutes(lesson: LessonSource) -> Iterator[Problem]:
    meta, minutes = lesson.meta, lesson.meta.data.get("minutes")
    yield from meta.missing(meta.data, {"title": str, "minutes": int})
    if isinstance(minutes, int) and not 1 <= minutes <= _MOST_MINUTES:
        yield meta.problem(f"'minutes' must be from 1 to {_MOST_MINUTES}", "minutes")


def _form(lesson: LessonSource) -> Iterator[Problem]:
    prose = lesson.prose
    for match in _RAW.finditer(prose):
        yield lesson.problem(match.start(), f"raw HTML {match[0][:30]!r}")
    for match in _BLOCK.finditer(prose):
        begins = [bool(_ITEM.match(line)) for line in match[0].splitlines()]
        if any(begins) and not begins[0] and not match[0].startswith((" ", "[^")):
            offset = sum(len(line) + 1 for line in match[0].splitlines()[: begins.index(True)])
            yield lesson.problem(match.start() + offset, "a list needs an empty line before it")
    for match in _SHALLOW.finditer(prose):
        yield lesson.problem(match.start(), "indent nested lists by four spaces", warning=True)
    for match in _HEADING.finditer(prose):
        if len(match[1]) == 1:
            yield lesson.problem(match.start(), "headings inside a lesson start at ##")


def _key_points(lesson: LessonSource) -> Iterator[Problem]:
    prose = lesson.prose
    last = [match for match in _HEADING.finditer(prose) if len(match[1]) == 2]  # noqa: PLR2004 - the number explains itself here
    if not last or last[-1][2] != "Key points":
        yield lesson.problem(0, "the last section must be '## Key points'")
    elif not 3 <= len(_ITEM.findall(prose[last[-1].end() :])) <= 5:  # noqa: PLR2004 - the number explains itself here
        yield lesson.problem(last[-1].start(), "three to five key points, as a list")


def _links(lesson: LessonSource, texts: tuple[ModuleText, ...]) -> Iterator[Problem]:
    terms, files = all_terms(texts), lesson_files(texts)
    for match in _LINK.finditer(lesson.prose):
        picture, label, target = bool(match[1]), match[2], match[3]
        if picture:
            yield from _picture(lesson, match.start(), label, target)
        elif target.startswith(GLOSSARY):
            if target.removeprefix(GLOSSARY) not in terms:
                yield lesson.problem(match.start(), f"no glossary has the term {target.removeprefix(GLOSSARY)!r}")
        elif _is_local(target) and (lesson.path.parent / target.partition("#")[0]).resolve() not in files:
            yield lesson.problem(match.start(), f"dead link: {target}")


def _is_local(target: str) -> bool:
    return ":" not in target and not target.startswith("#")


def _picture(lesson: LessonSource, offset: int, alt: str, target: str) -> Iterator[Problem]:
    path = lesson.path.parent / target
    if not path.is_file() or path.suffix not in {".svg", ".png"}:
        yield lesson.problem(offset, f"no SVG or PNG at {target}")
    if not alt.strip() or alt.strip() in {path.name, path.stem}:
        yield lesson.problem(offset, f"the picture {target} needs a text alternative")


def _footnotes(lesson: LessonSource) -> Iterator[Problem]:
    used = {match[1]: match.start() for match in _NOTE_USED.finditer(lesson.prose)}
    defined: dict[str, int] = {}
    for match in NOTE_DEFINED.finditer(lesson.prose):
        if match[1] in defined:
            yield lesson.problem(match.start(), f"footnote {match[1]!r} is defined twice")
        defined.setdefault(match[1], match.start())
    for name in sorted(used.keys() - defined.keys()):
        yield lesson.problem(used[name], f"footnote {name!r} is not there")
    for name in sorted(defined.keys() - used.keys()):
        yield lesson.problem(defined[name], f"footnote {name!r} is never used")


def _figures(text: ModuleText) -> Iterator[Problem]:
    used = "\n".join(lesson.body for lesson in text.lessons)
    for path in sorted(text.source.folder.glob("figures/*")):
        if path.name not in used:
            yield Problem(path, 1, "no lesson shows this figure", warning=True)
        if path.suffix == ".svg":
            body = path.read_text(encoding="utf-8", errors="replace")
            if "viewBox" not in body:
                yield Problem(path, 1, "an SVG needs a viewBox")
            for match in _UNSAFE_SVG.finditer(body.replace(_NAMESPACE, "#" * len(_NAMESPACE))):
                yield Problem(path, body.count("\n", 0, match.start()) + 1, f"not allowed in a figure: {match[0]!r}")
