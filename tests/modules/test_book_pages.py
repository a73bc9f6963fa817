"""Pages outside the modules in a course's book and as files of their own; what every book says of licence and date."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.content import read_course
from lms.core.courses import load_course
from lms.core.db import db
from lms.core.domain import Course
from lms.modules import books, epub, rules
from tests.conftest import COURSE
from tests.core import factories

ALL = ("module1", "module2")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
GUIDE = """Begin with [a lesson](module1/01-first.md), an [identifier](glossary:identifier-1).[^a] Then [the brief](brief.md).

[^a]: A source.
"""
BRIEF = "Back to [the start](welcome.md).\n"


@pytest.fixture
def guided(ctx: Flask, tmp_path: Path) -> Course:
    """Load the small course with two pages outside its modules and the day of its text."""
    folder = Path(shutil.copytree(COURSE, tmp_path / "guided"))
    for name, title, text in (("welcome", "How it works", GUIDE), ("brief", "The brief", BRIEF)):
        (folder / f"{name}.md").write_text(f'+++\ntitle = "{title}"\nminutes = 1\n+++\n## First\n\n{text}', "utf-8")
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8").replace("pass_mark", "updated = 2026-11-05\npass_mark", 1), "utf-8")
    assert load_course(read_course(folder), ctx.extensions["lms"].content_parts).problems == ()
    return db.session.scalars(select(Course)).one()


def test_a_book_has_the_pages_too(guided: Course) -> None:
    """Before the modules, in the contents and in the spine; links lead there and back, and their notes come first."""
    volume = ZipFile(BytesIO(books.course_book(guided.id, guided.version, ALL).body))
    contents = re.findall(r'href="([^"]+)">([^<]+)<', volume.read("EPUB/nav.xhtml").decode())
    assert contents[:3] == [
        ("pages-welcome.xhtml#pages-welcome", "How it works"),
        ("pages-brief.xhtml#pages-brief", "The brief"),
        ("module1.xhtml", "1 Module number 1"),
    ]
    welcome = volume.read("EPUB/pages-welcome.xhtml").decode()
    assert 'href="module1-first.xhtml#module1-first">a lesson</a>' in welcome
    assert 'href="pages-brief.xhtml#pages-brief">the brief</a>' in welcome
    assert 'href="references.xhtml#pages-welcome.fn-a" role="doc-noteref">1</a>' in welcome
    assert 'role="doc-noteref">2</a>' in volume.read("EPUB/module1-first.xhtml").decode()
    places = re.findall(r'idref="i-([^"]+)"', volume.read(epub.PACKAGE).decode())
    assert places[:5] == ["title.xhtml", "nav.xhtml", "pages-welcome.xhtml", "pages-brief.xhtml", "module1.xhtml"]


def test_a_page_as_a_file(guided: Course) -> None:
    """Its title is the page's, a lesson is named by its module, and glossary and references are there only if it has any."""
    welcome, brief = (books.single_page(guided.id, guided.version, name) for name in ("welcome", "brief"))
    assert (welcome.name, brief.name) == ("small-welcome.html", "small-brief.html")
    html = welcome.body.decode()
    assert "<h1>How it works</h1>" in html
    assert '<h2 id="pages-welcome.first">First</h2>' in html
    assert "Begin with a lesson (module 1), an " in html
    assert "Then the brief." in html
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(re.findall(r'\sid="([^"]+)"', html))
    assert ['id="glossary"' in html, 'id="references"' in html] == [True, True]
    assert ['id="glossary"' in brief.body.decode(), 'id="references"' in brief.body.decode()] == [False, False]


def test_a_book_says_its_licence_and_date(guided: Course) -> None:
    """On its first page and in the package."""
    volume = ZipFile(BytesIO(books.course_book(guided.id, guided.version, ALL).body))
    said = f'Text of <time datetime="2026-11-05">5 November 2026</time>, version {guided.version[:12]}.'
    said += f' Licence: <a href="{LICENCE}" rel="license">CC BY 4.0</a>.'
    assert said in volume.read("EPUB/title.xhtml").decode()
    assert said in books.module_page(guided.id, guided.version, "module1").body.decode()
    assert said in books.single_page(guided.id, guided.version, "brief").body.decode()
    package = volume.read(epub.PACKAGE).decode()
    assert f"<dc:rights>CC BY 4.0, {LICENCE}</dc:rights>" in package
    assert "<dc:date>2026-11-05</dc:date>" in package
    assert '<meta property="dcterms:modified">2026-11-05T00:00:00Z</meta>' in package


@pytest.mark.parametrize(
    ("identifier", "name", "address"),
    [
        ("CC-BY-4.0", "CC BY 4.0", LICENCE),
        ("CC-BY-NC-SA-3.0", "CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("MIT", "MIT", ""),
        ("", "", ""),
    ],
)
def test_names_of_licences(identifier: str, name: str, address: str) -> None:
    """Those of Creative Commons have an address, others are named as they were written."""
    assert rules.licence_named(identifier) == (name, address)


def test_a_learner_gets_a_page_as_a_file(guided: Course, signed_in: Callable[[int], FlaskClient], client: FlaskClient) -> None:
    """With its size on the page; a page that is not there is not found."""
    edition_id = factories.edition(guided.id)
    address = f"/e/{factories.slug_of(edition_id)}/modules/pages/brief"
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    answer = browser.get(f"{address}/book.html")
    assert answer.headers["Content-Disposition"] == 'inline; filename="small-brief.html"'
    listed = browser.get(address).text
    assert f'href="{address}/book.html" download="small-brief.html"' in listed
    assert f"{len(answer.data) / 1000:.0f} KB" in listed
    assert browser.get(f"{address}s/book.html").status_code == 404
    assert client.get(f"{address}/book.html").status_code == 302
