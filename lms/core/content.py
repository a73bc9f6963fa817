"""A course as a folder of text: found, read as TOML, and every fault named with its file and line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lms.core.criteria import Criteria, criteria, faults

COURSE_KEYS = {"id", "title", "short_title", "summary", "language", "licence", "updated", "pass_mark", "modules", "check"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ERROR_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault in a course folder; a `warning` doesn't keep the course from being loaded."""

    path: Path
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """Give it as compilers do: file, line, what is wrong."""
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Toml:
    """A TOML file that was read, and its text, to find lines in."""

    path: Path
    data: Mapping[str, Any]
    text: str

    def line(self, needle: str) -> int:
        """Tell the first line on which the key `needle` is given or, failing that, that holds the words; 1 if none does."""
        key = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(needle)}[\"']?\s*[]=.]")
        lines = list(enumerate(self.text.splitlines(), 1))
        given = [number for number, line in lines if key.match(line)]
        return next(iter(given or [number for number, line in lines if needle in line]), 1)

    def problem(self, message: str, needle: str = "", *, warning: bool = False) -> Problem:
        """Report a fault at the first line that holds `needle`."""
        return Problem(self.path, self.line(needle) if needle else 1, message, warning)

    def unknown_keys(self, data: Mapping[str, Any], known: Iterable[str], where: str = "") -> Iterator[Problem]:
        """Report each key that the format doesn't have."""
        for key in sorted(set(data) - set(known)):
            yield self.problem(f"unknown key {key!r}{where}", key)

    def missing(self, data: Mapping[str, Any], needed: Mapping[str, type], where: str = "", needle: str = "") -> Iterator[Problem]:
        """Report each key that is absent, empty or of the wrong type."""
        for key, kind in needed.items():
            value = data.get(key)
            if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool) or value in ("", []):
                place = needle or (key if key in data else "")
                yield self.problem(f"{key!r} is missing or not {_NAMES.get(kind, kind.__name__)}{where}", place)


_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "a table", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """A module's folder; `meta` is what `module.toml` holds."""

    slug: str
    number: int
    folder: Path
    meta: Toml


@dataclass(frozen=True, slots=True)
class CourseSource:
    """A course folder, read but not yet checked by the features."""

    folder: Path
    meta: Toml
    modules: tuple[ModuleSource, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def slug(self) -> str:
        """The course's lasting name."""
        return str(self.meta.data.get("id", ""))

    @property
    def criteria(self) -> Criteria:
        """What the course asks of its own texts."""
        return criteria(self.meta.data.get("check", {}))

    def version(self) -> str:
        """Hash every file of the course, names and bytes, with SHA-256."""
        digest = hashlib.sha256()
        for file in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            digest.update(f"{file.relative_to(self.folder)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ContentPart:
    """A feature's share in course folders: what it finds wrong, and how it loads what is right (into course `course_id`).

    `measure` gives its lines of the coverage table, by module: whole numbers, shares from 0 to 1, texts, or tables of these.
    """

    check: Callable[[CourseSource], Iterable[Problem]]
    load: Callable[[CourseSource, int], None]
    measure: Callable[[CourseSource], Mapping[str, Mapping[str, Any]]] | None = None


def read_toml(path: Path) -> tuple[Toml, tuple[Problem, ...]]:
    """Read a TOML file; a file that can't be read counts as empty and is reported."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"can't be read: {error}"
        return Toml(path, {}, ""), (Problem(path, 1, f"the file {reason}"),)
    return parse_toml(path, text, text)


def parse_toml(path: Path, toml: str, text: str) -> tuple[Toml, tuple[Problem, ...]]:
    """Parse `toml`, which is all or the beginning of the file's `text`."""
    try:
        return Toml(path, tomllib.loads(toml), text), ()
    except tomllib.TOMLDecodeError as error:
        match = _ERROR_LINE.search(str(error))
        line = int(match[1]) if match else 1
        return Toml(path, {}, text), (Problem(path, line, f"not TOML: {error}"),)


def read_course(folder: Path) -> CourseSource:
    """Read `course.toml` and each module's `module.toml`."""
    meta, problems = read_toml(folder / "course.toml")
    found = list(problems) or list(_course_problems(meta))
    modules = []
    names = meta.data.get("modules")
    for number, name in enumerate(names if isinstance(names, list) else (), 1):
        if not isinstance(name, str) or not SLUG.fullmatch(name):
            found.append(meta.problem(f"{name!r} can't be a module's folder: small letters, digits and hyphens", "modules"))
            continue
        module, faults = read_toml(folder / name / "module.toml")
        found += faults
        modules.append(ModuleSource(name, number, folder / name, module))
    return CourseSource(folder, meta, tuple(modules), tuple(found))


def _course_problems(meta: Toml) -> Iterator[Problem]:
    yield from meta.unknown_keys(meta.data, COURSE_KEYS)
    yield from meta.missing(meta.data, {"id": str, "title": str, "short_title": str, "summary": str, "modules": list})
    if not SLUG.fullmatch(str(meta.data.get("id", ""))):
        yield meta.problem("'id' must be of small letters, digits and hyphens", "id")
    mark = meta.data.get("pass_mark", 50)
    if not isinstance(mark, int | float) or isinstance(mark, bool) or not 0 <= mark <= 100:  # noqa: PLR2004 - the number explains itself here
        yield meta.problem("'pass_mark' must be a number from 0 to 100", "pass_mark")
    yield from meta.missing({"language": "en", "licence": "none"} | dict(meta.data), {"language": str, "licence": str})
    updated = meta.data.get("updated", date.min)
    if not isinstance(updated, date) or isinstance(updated, datetime):
        yield meta.problem("'updated' must be a date, such as 2026-11-26 without quotation marks", "updated")
    names = meta.data.get("modules")
    if isinstance(names, list) and len(set(map(str, names))) < len(names):
        yield meta.problem("a module is listed twice", "modules")
    yield from (meta.problem(message, key) for key, message in faults(meta.data.get("check", {})))


def check(course: CourseSource, parts: Iterable[ContentPart]) -> list[Problem]:
    """Collect every fault that the course's own files and the features find, sorted by file and line."""
    return sorted({*course.problems, *(problem for part in parts for problem in part.check(course))})


def coverage(course: CourseSource, parts: Iterable[ContentPart]) -> dict[str, dict[str, Any]]:
    """Put together what the features measure of each module, in the order of the features."""
    found: dict[str, dict[str, Any]] = {module.slug: {} for module in course.modules}
    for measure in (part.measure for part in parts if part.measure):
        for slug, figures in measure(course).items():
            found[slug] |= figures
    return found
