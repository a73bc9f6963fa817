"""`lms book`: a course to print or keep, as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import select

from lms.core.cli import example, in_app, say, writable
from lms.core.db import db
from lms.core.domain import Course
from lms.modules import books, queries


@click.command(epilog=example("lms book /tmp/course", "lms book /tmp/course --course ditd --json"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--course", "slug", help="Its id in course.toml; needed where several courses are loaded.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@in_app
def book(folder: Path, slug: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Write a loaded course as a book.

    FOLDER, which is made if need be, gets a file for each page and module, and all of them as an EPUB. The quizzes are in neither.
    """
    rows = db.session.execute(select(Course.id, Course.version, Course.slug).order_by(Course.slug)).all()
    chosen = [row for row in rows if slug in {None, row.slug}]
    if len(chosen) != 1:
        names = ", ".join(row.slug for row in rows) or "none: lms content load loads them"
        click.echo(f"Say which course with --course. Loaded are {names}.", err=True)
        sys.exit(2)
    course_id, version, _ = chosen[0]
    slugs = tuple(module.slug for module in queries.course_modules(course_id, version))
    volumes = [
        *(books.single_page(course_id, version, page.slug) for page in queries.pages(course_id, version)),
        *(books.module_page(course_id, version, module) for module in slugs),
        books.course_book(course_id, version, slugs),
    ]
    writable(folder)
    for volume in volumes:
        (folder / volume.name).write_bytes(volume.body)
    say({volume.name: len(volume.body) if as_json else f"{len(volume.body) / 1000:,.0f} KB" for volume in volumes}, as_json=as_json)
