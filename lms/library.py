"""`lms content`: check course folders and load them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click
from flask import current_app

from lms.core import content as course_content
from lms.core.cli import in_app
from lms.core.courses import load_course
from lms.core.plugins import Registry, discover
from lms.settings import Settings


@click.group()
def content() -> None:
    """Check and load the text of courses."""


def _folders(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    return folders or Settings.from_env().content


FOLDERS = click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))


@content.command()
@FOLDERS
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(folders: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Check course folders (default: LMS_CONTENT) and name file and line of every problem; exits 1 if there are errors."""
    parts = Registry(discover()).content_parts
    courses = [course_content.read_course(folder) for folder in _folders(folders)]
    problems = [problem for course in courses for problem in course_content.check(course, parts)]
    if as_json:
        rows = [{"file": str(p.path), "line": p.line, "message": p.message, "warning": p.warning} for p in problems]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem)
        kinds = Counter(problem.warning for problem in problems)
        modules = sum(len(course.modules) for course in courses)
        click.echo(f"{len(courses)} course(s), {modules} modules: {kinds[False]} errors, {kinds[True]} warnings")
    sys.exit(any(not problem.warning for problem in problems))


@content.command()
@FOLDERS
@in_app
def load(folders: tuple[Path, ...] = ()) -> None:
    """Check course folders (default: LMS_CONTENT) and put them on the platform; unchanged ones are left alone."""
    registry: Registry = current_app.extensions["lms"]
    for folder in _folders(folders):
        result = load_course(course_content.read_course(folder), registry.content_parts)
        for problem in result.problems:
            click.echo(problem, err=True)
        if not result.loaded and result.problems:
            click.echo(f"{folder} has errors and was not loaded.", err=True)
            sys.exit(1)
        click.echo(f"{folder.name}: {result.title} {'loaded' if result.loaded else 'is up to date'}")
