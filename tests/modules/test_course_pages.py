"""Pages of a course outside its modules: how it works, what a workshop asks for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core import content, courses
from lms.core.domain import Course
from lms.modules import checks
from tests.conftest import COURSE
from tests.core import factories

WELCOME = '+++\ntitle = "How it works"\nminutes = 3\n+++\nBegin with [a lesson](module1/01-first.md); then [the brief](brief.md).\n'
BRIEF = '+++\ntitle = "The brief"\nminutes = 2\n+++\nAn [identifier](glossary:identifier-1). Back to [the start](welcome.md).\n'
NOTHING = ["welcome.md:1: 'minutes' is missing or not a whole number", "welcome.md:1: 'title' is missing or not a text"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the small course with two pages."""
    copy = Path(shutil.copytree(COURSE, tmp_path / "course"))
    (copy / "welcome.md").write_text(WELCOME, "utf-8")
    (copy / "brief.md").write_text(BRIEF, "utf-8")
    return copy


def faults(folder: Path) -> list[str]:
    """List what is wrong, with paths from the course's folder."""
    return sorted(str(problem).removeprefix(f"{folder}/") for problem in checks.check(content.read_course(folder)))


def load(app: Flask, folder: Path) -> None:
    """Load a course that has to be free of errors."""
    assert courses.load_course(content.read_course(folder), app.extensions["lms"].content_parts).loaded


@pytest.fixture
def base(ctx: Flask, course: Course, folder: Path) -> tuple[str, int]:
    """Give the address of an edition of the course with pages, and a learner's id."""
    load(ctx, folder)
    edition_id = factories.edition(course.id)
    return f"/e/{factories.slug_of(edition_id)}", factories.person_of(factories.enrolment(edition_id))


def test_pages_are_listed_and_read(base: tuple[str, int], signed_in: Callable[[int], FlaskClient]) -> None:
    """The course page names them, the welcome first; their links lead to lessons, terms and each other."""
    address, person_id = base
    browser = signed_in(person_id)
    listing = browser.get(f"{address}/modules/").text
    links = [f'href="{address}/modules/pages/{name}"' for name in ("welcome", "brief")]
    assert 0 < listing.index(links[0]) < listing.index(links[1])
    welcome = browser.get(f"{address}/modules/pages/welcome")
    assert welcome.status_code == 200
    assert "<h1>How it works</h1>" in welcome.text
    assert 'href="../module1/first"' in welcome.text
    assert 'href="brief"' in welcome.text
    brief = browser.get(f"{address}/modules/pages/brief").text
    assert 'href="../module1/glossary#identifier-1"' in brief
    assert browser.get(f"{address}/modules/module1/first").status_code == 200


def test_a_lesson_links_to_a_page(ctx: Flask, folder: Path, base: tuple[str, int], signed_in: Callable[[int], FlaskClient]) -> None:
    """From a lesson the page is one folder up; a page that is gone after the next loading is not found."""
    address, person_id = base
    lesson = folder / "module1/01-first.md"
    lesson.write_text(lesson.read_text("utf-8").replace("[the other lesson](02-second.md)", "[the brief](../brief.md)"), "utf-8")
    (folder / "welcome.md").unlink()
    (folder / "brief.md").write_text(BRIEF.replace("(welcome.md)", "(module1/01-first.md)"), "utf-8")
    load(ctx, folder)
    browser = signed_in(person_id)
    assert 'href="../pages/brief"' in browser.get(f"{address}/modules/module1/first").text
    assert browser.get(f"{address}/modules/pages/welcome").status_code == 404


def test_pages_are_for_participants(base: tuple[str, int], client: FlaskClient) -> None:
    """Whoever isn't signed in is asked to."""
    answer = client.get(f"{base[0]}/modules/pages/welcome")
    assert answer.status_code == 302
    assert "sign-in" in answer.location


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("minutes = 3\n", "", NOTHING[:1]),
        ("minutes = 3", "minutes = 61", ["welcome.md:3: 'minutes' must be from 1 to 60"]),
        ("minutes = 3", "minutes = 3\nweight = 1", ["welcome.md:4: unknown key 'weight'"]),
        ("title", "+++\ntitle", NOTHING),
        ("01-first.md", "03-third.md", ["welcome.md:5: dead link: module1/03-third.md"]),
        ("Begin", "# Begin", ["welcome.md:5: headings inside a lesson start at ##"]),
        ("Begin", "Begin[^one]", ["welcome.md:5: footnote 'one' is not there"]),
    ],
)
def test_faults_of_a_page(folder: Path, old: str, new: str, expected: list[str]) -> None:
    """Pages are checked as lessons are, but for objectives and key points."""
    assert faults(folder) == []
    (folder / "welcome.md").write_text(WELCOME.replace(old, new, 1), "utf-8")
    assert faults(folder) == expected


def test_names_of_pages(folder: Path) -> None:
    """A file with capitals is not shown, which is said; a module can't take the pages' address."""
    (folder / "README.md").write_text("For authors.\n", "utf-8")
    assert faults(folder) == ["README.md:1: warning: not shown: a page's file is named small-letters.md"]
    (folder / "README.md").unlink()
    (folder / "module2").rename(folder / "pages")
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace("module2", "pages"), "utf-8")
    expected = "pages:1: a module can't be named 'pages': the course's own pages are under that address"
    assert faults(folder) == [expected]
