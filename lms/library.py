"""`lms content`: check course folders and load them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from flask import current_app

from lms.core import content as course_content
from lms.core.cli import example, in_app, progress
from lms.core.content import Problem
from lms.core.courses import load_course
from lms.core.plugins import Registry, discover
from lms.settings import Settings

Coverage = Mapping[str, Mapping[str, Any]]


@click.group()
def content() -> None:
    """Check and load the text of courses."""


def _folders(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return folders or Settings.from_env().content


FOLDERS = click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))


@content.command(epilog=example("lms content check", "lms content check content --strict --json"))
@FOLDERS
@click.option("--json", "as_json", is_flag=True, help="Print problems and coverage as one line of JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
def check(folders: tuple[Path, ...], as_json: bool, strict: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Check course folders and show what they cover.

    FOLDERS are those of LMS_CONTENT where none is named. Every problem comes with its file and line. Errors keep a course from
    being loaded and make this exit with 1. Warnings say where a course is not yet what it could be; what it asks of its own texts
    stands in `[check]` of its course.toml.
    """
    parts = Registry(discover()).content_parts
    courses = [course_content.read_course(folder) for folder in _folders(folders)]
    problems = [problem for course in courses for problem in course_content.check(course, parts)]
    covered = [(str(course.folder), course_content.coverage(course, parts)) for course in courses]
    if as_json:
        rows = [{"file": str(p.path), "line": p.line, "message": p.message, "warning": p.warning} for p in problems]
        click.echo(json.dumps({"problems": rows, "coverage": dict(covered)}, ensure_ascii=False))
    else:
        _print(problems, covered)
    sys.exit(any(strict or not problem.warning for problem in problems))


def _print(problems: list[Problem], covered: Sequence[tuple[str, Coverage]]) -> None:
    for problem in problems:
        click.echo(problem)
    for folder, modules in covered:
        click.echo(f"\n{folder}")
        for line in _table(modules):
            click.echo(line)
    kinds = Counter(problem.warning for problem in problems)
    count = sum(len(modules) for _, modules in covered)
    click.echo(f"\n{len(covered)} course(s), {count} modules: {kinds[False]} errors, {kinds[True]} warnings")


def _table(modules: Coverage) -> Iterator[str]:
    """Lay the figures out: a column a module, a line a figure; a figure that is a table itself has its lines indented."""
    columns = {slug: dict(_lines(figures)) for slug, figures in modules.items()}
    labels = list(dict.fromkeys(label for figures in columns.values() for label in figures))
    rows = [["", *columns], *([label, *(figures.get(label, "–") for figures in columns.values())] for label in labels)]
    first = max((len(row[0]) for row in rows), default=0)
    rest = max((len(cell) for row in rows for cell in row[1:]), default=0)
    for label, *cells in rows:
        yield f"{label:<{first}}  {'  '.join(f'{cell:>{rest}}' for cell in cells)}".rstrip()


def _lines(figures: Mapping[str, Any], indent: str = "") -> Iterator[tuple[str, str]]:
    for key, value in figures.items():
        label = indent + key.replace("_", " ")
        if isinstance(value, Mapping):
            yield from _lines(value, f"{label}: ")
        else:
            yield label, _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "–")


@content.command(epilog=example("lms content load", "lms content load ~/courses/trade"))
@FOLDERS
@click.option("--json", "as_json", is_flag=True, help="Print what came of each folder as one line of JSON.")
@in_app
def load(folders: tuple[Path, ...] = (), as_json: bool = False) -> None:  # noqa: FBT001, FBT002 - click passes it by name
    """Put courses on the platform.

    FOLDERS are those of LMS_CONTENT where none is named. Each is checked first: one with errors is not loaded, and one that is
    unchanged is left alone. Running processes show the new text with the next page.
    """
    registry: Registry = current_app.extensions["lms"]
    found: dict[str, str] = {}
    chosen = _folders(folders)
    with progress(chosen, "Courses") if sys.stderr.isatty() else nullcontext(chosen) as bar:
        for folder in bar:
            result = load_course(course_content.read_course(folder), registry.content_parts)
            for problem in result.problems:
                click.echo(problem, err=True)
            if not result.loaded and result.problems:
                click.echo(f"{folder} has errors and was not loaded.", err=True)
                sys.exit(1)
            found[folder.name] = f"{result.title} {'loaded' if result.loaded else 'is up to date'}"
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, words in found.items():
        click.echo(f"{name}: {words}")
