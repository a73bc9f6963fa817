"""Books to print or keep: a page or a module as a file, a course as an EPUB; who gets what, and what is in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import memory
from lms.core.cli import Invocation
from lms.core.content import read_course
from lms.core.courses import load_course
from lms.core.db import db
from lms.core.domain import Course, Role
from lms.modules import books, epub, queries
from lms.modules.books import Volume
from lms.modules.cli import book
from tests.conftest import COURSE
from tests.core import factories

XHTML, OPF = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/opf}"
DC, CONTAINER = "{http://purl.org/dc/elements/1.1/}", "{urn:oasis:names:tc:opendocument:xmlns:container}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 260"><title>A box</title><rect width="400" height="260"/></svg>'
ALL = ("module1", "module2")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
Edition = tuple[str, int]


@pytest.fixture
def rich(ctx: Flask, tmp_path: Path) -> Course:
    """Load the small course with a figure, a table to the right, and links between its modules."""
    folder = Path(shutil.copytree(COURSE, tmp_path / "course"))
    (folder / "module1/figures").mkdir()
    (folder / "module1/figures/box.svg").write_text(SVG, "utf-8")
    first = folder / "module1/01-first.md"
    more = (
        '![A box & "more".](figures/box.svg "A caption")\n\n'
        "| N | Left |\n| ---: | --- |\n| 1 | A<br |\n\n"
        "Read [of terms](../module2/01-first.md#the-thing), [module 2 again](../module2/02-second.md), "
        "[elsewhere](https://example.org/a?b=1&c=2), an [other term](glossary:identifier-2) and [below](#key-points).\n\n## Key points"
    ).replace("A<br", "A & B")
    first.write_text(first.read_text("utf-8").replace("## Key points", more), "utf-8")
    assert load_course(read_course(folder), ctx.extensions["lms"].content_parts).problems == ()
    return db.session.scalars(select(Course)).one()


@pytest.fixture
def page(rich: Course) -> str:
    """Give the page of the first module."""
    return books.module_page(rich.id, rich.version, "module1").body.decode()


@pytest.fixture
def whole(rich: Course) -> ZipFile:
    """Give the book of the whole course."""
    return ZipFile(BytesIO(books.course_book(rich.id, rich.version, ALL).body))


def parsed(body: bytes) -> ET.Element:
    """Read XML that we wrote ourselves."""
    return ET.fromstring(body)  # noqa: S314 - our own


def ids(html: str) -> list[str]:
    """List the places that a page names."""
    return re.findall(r'\sid="([^"]+)"', html)


def test_a_page_needs_nothing_else(page: str) -> None:
    """No script, no style sheet, no picture is fetched; the figure is inside, with its text alternative and caption."""
    assert "<script" not in page
    assert "<link" not in page
    assert "@import" not in page
    assert "url(" not in page
    sources = re.findall(r'src="([^"]*)"', page)
    assert [source.partition(",")[0] for source in sources] == ["data:image/svg+xml"]
    assert 'alt="A box &amp; &quot;more&quot;."' in page
    assert "<figcaption>A caption</figcaption>" in page
    assert page.count("<!doctype html>") == page.count("<style>") == page.count("<h1>") == 1


def test_links_stay_on_the_page(page: str) -> None:
    """Each leads to a place that is there once, or to another site; what is in another module is named instead."""
    links = re.findall(r'href="([^"]*)"', page)
    places = ids(page)
    assert len(places) == len(set(places))
    outside = [link for link in links if not link.startswith("#")]
    assert outside == [LICENCE, "https://example.org/a?b=1&amp;c=2"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(places)
    assert "Read of terms (module 2), module 2 again, " in page
    assert 'href="#module1-second">the other lesson</a>' in page
    assert 'href="#module1-first.key-points">below</a>' in page


def test_terms_and_notes_are_at_the_end(page: str) -> None:
    """Those of other modules that it uses, too; notes are numbered through all lessons and lead back."""
    assert page.index("</main>") < page.index('id="glossary"') < page.index('id="term.identifier-2"') < page.index('id="references"')
    marks = re.findall(r'<a class="footnote-ref" href="#([^"]+)" role="doc-noteref">(\d+)</a>', page)
    assert marks == [("module1-first.fn-source", "1"), ("module1-second.fn-source", "2")]
    assert '<ol start="2" class="notes">' in page
    back = re.findall(r'<a class="footnote-backref" href="#([^"]+)" title="Back to note (\d) in the text" role="doc-backlink">', page)
    assert back == [("module1-first.fnref-source", "1"), ("module1-second.fnref-source", "2")]


def test_wide_tables_scroll_on_a_page(page: str, whole: ZipFile) -> None:
    """By keyboard too, as in the lesson; an e-reader turns pages instead. Numbers stay to the right in both."""
    assert '<div aria-label="Table 2: N, Left" class="scroll" role="region" tabindex="0">' in page
    assert "tabindex" not in texts(whole)
    assert '<td class="to-right">1</td>' in page
    assert '<td class="to-right">1</td>' in texts(whole)


def test_headings_follow_each_other(page: str) -> None:
    """No level is left out between the page's title and a lesson's own headings."""
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def texts(volume: ZipFile) -> str:
    """Give all readable text of a book."""
    return "\n".join(volume.read(name).decode() for name in volume.namelist() if not name.endswith((".svg", ".png")))


def test_nothing_of_the_quizzes_is_in_a_book(page: str, whole: ZipFile) -> None:
    """Neither questions nor keys nor feedback."""
    assert "picks out one person" in page
    for secret in ("Which is an identifier?", "A passport number", "Millions share it.", "12.5", "It begins with b.", "q1-"):
        assert secret not in page
        assert secret not in texts(whole)


def test_the_file_of_a_book(whole: ZipFile) -> None:
    """The type comes first, bare; the container leads to the package; the package lists each file once, as what it is."""
    first, *rest = whole.infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
    assert whole.read("mimetype") == b"application/epub+zip"
    container = parsed(whole.read("META-INF/container.xml"))
    [root] = container.iter(f"{CONTAINER}rootfile")
    assert root.get("full-path") == epub.PACKAGE
    assert root.get("media-type") == "application/oebps-package+xml"
    items = {item.get("href", ""): item for item in parsed(whole.read(epub.PACKAGE)).iter(f"{OPF}item")}
    listed = {info.filename.removeprefix("EPUB/") for info in rest} - {"META-INF/container.xml", "package.opf"}
    assert set(items) == listed
    types = {".xhtml": "application/xhtml+xml", ".css": "text/css", ".svg": "image/svg+xml"}
    assert all(item.get("media-type") == types[Path(name).suffix] for name, item in items.items())
    assert [name for name, item in items.items() if item.get("properties") == "nav"] == ["nav.xhtml"]


def test_the_package_of_a_book(whole: ZipFile, rich: Course) -> None:
    """It has the metadata that EPUB 3 asks for, and every text in reading order."""
    package = parsed(whole.read(epub.PACKAGE))
    assert package.get("version") == "3.0"
    [identifier] = package.iter(f"{DC}identifier")
    assert identifier.get("id") == package.get("unique-identifier")
    assert (identifier.text or "").startswith("urn:uuid:")
    assert [(element.tag, element.text) for element in package.iter() if element.tag in {f"{DC}title", f"{DC}language"}] == [
        (f"{DC}title", rich.title),
        (f"{DC}language", "en"),
    ]
    modified = [element.text for element in package.iter(f"{OPF}meta") if element.get("property") == "dcterms:modified"]
    assert [bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment or "")) for moment in modified] == [True]
    paths = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    assert [paths[item.get("idref")] for item in package.iter(f"{OPF}itemref")] == [
        "title.xhtml",
        "nav.xhtml",
        "module1.xhtml",
        "module1-first.xhtml",
        "module1-second.xhtml",
        "module2.xhtml",
        "module2-first.xhtml",
        "module2-second.xhtml",
        "glossary.xhtml",
        "references.xhtml",
    ]


def test_the_texts_of_a_book(whole: ZipFile) -> None:
    """Each is well-formed; every link and picture leads to a file and a place that are in the book."""
    pages = {name: parsed(whole.read(name)) for name in whole.namelist() if name.endswith(".xhtml")}
    places = {name: [e.get("id") for e in page.iter() if e.get("id")] for name, page in pages.items()}
    assert all(len(found) == len(set(found)) for found in places.values())
    for name, page in pages.items():
        assert page.tag == f"{XHTML}html"
        assert (page.findtext(f"{XHTML}head/{XHTML}title") or "").strip()
        for anchor in page.iter(f"{XHTML}a"):
            file, _, place = anchor.attrib["href"].partition("#")
            if not file.startswith("https:"):
                assert f"EPUB/{file}" in pages, (name, anchor.attrib)
                assert not place or place in places[f"EPUB/{file}"], (name, anchor.attrib)
    [image] = [image for page in pages.values() for image in page.iter(f"{XHTML}img")]
    assert image.get("alt") == 'A box & "more".'
    assert whole.read(f"EPUB/{image.get('src')}") == SVG.encode()
    linked = [a.get("href") for a in pages["EPUB/module1-first.xhtml"].iter(f"{XHTML}a")]
    assert "module2-first.xhtml#module2-first.the-thing" in linked


def test_the_contents_of_a_book(whole: ZipFile) -> None:
    """The table of contents names every module and lesson, the glossary and the references."""
    nav = parsed(whole.read("EPUB/nav.xhtml")).find(f".//{XHTML}nav")
    assert nav is not None
    assert nav.get("{http://www.idpf.org/2007/ops}type") == "toc"
    names = ["".join(anchor.itertext()) for anchor in nav.iter(f"{XHTML}a")]
    assert names[:3] == ["1 Module number 1", "1.1 The first lesson of module 1", "1.2 The second lesson of module 1"]
    assert names[-2:] == ["Glossary", "References"]


def made(course: Course) -> list[Volume]:
    """Make every book anew."""
    memory.forget()
    return [*(books.module_page(course.id, course.version, slug) for slug in ALL), books.course_book(course.id, course.version, ALL)]


def test_the_same_text_gives_the_same_bytes(rich: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever they are made; another text or another choice of modules is another book."""
    before = made(rich)
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert [volume.body for volume in made(rich)] == [volume.body for volume in before]
    some = books.course_book(rich.id, rich.version, ("module1",))
    assert some.name == "small-modules-1.epub"
    identifiers = {re.search(rb"urn:uuid:[-0-9a-f]+", ZipFile(BytesIO(v.body)).read(epub.PACKAGE)) for v in (before[-1], some)}
    assert len({found[0] for found in identifiers if found}) == 2


def test_it_is_made_once(rich: Course, statements: Callable[[], Any]) -> None:
    """What was made for one reader serves the next without a query."""
    first = made(rich)
    with statements() as seen:
        assert books.course_book(rich.id, rich.version, ALL) is first[-1]
        assert books.module_page(rich.id, rich.version, "module1") is first[0]
    seen.at_most(0)


def test_a_book_of_some_modules(rich: Course) -> None:
    """It says what is not in it, and doesn't lead there."""
    volume = ZipFile(BytesIO(books.course_book(rich.id, rich.version, ("module1",)).body))
    assert "Not in it: module 2." in volume.read("EPUB/title.xhtml").decode()
    assert not [name for name in volume.namelist() if "module2" in name]
    assert "module2-first" not in texts(volume)


@pytest.fixture
def half_open(course: Course) -> Edition:
    """Give an edition whose first module is open, and the second not yet."""
    edition_id = factories.edition(course.id, starts_on=factories.someday(-1))
    return f"/e/{factories.slug_of(edition_id)}/modules", edition_id


def test_a_text_without_a_date(page: str) -> None:
    """It has its version alone."""
    assert '<p class="meta">Version ' in page


SignedIn = Callable[[int], FlaskClient]


def test_a_learner_gets_the_page_of_an_open_module(half_open: Edition, signed_in: SignedIn) -> None:
    """With its size on the module's page; again, nothing is sent."""
    base, edition_id = half_open
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    answer = browser.get(f"{base}/module1/book.html")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Disposition"] == 'inline; filename="small-module-1.html"'
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    listed = browser.get(f"{base}/module1/").text
    assert f'href="{base}/module1/book.html" download="small-module-1.html"' in listed
    assert f"{len(answer.data) / 1000:.0f} KB" in listed
    again = browser.get(f"{base}/module1/book.html", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_learner_gets_a_book_of_what_is_open(half_open: Edition, signed_in: SignedIn) -> None:
    """The course page says what is in it; a tutor has all of it."""
    base, edition_id = half_open
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    answer = browser.get(f"{base}/course.epub")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-modules-1.epub"'
    assert answer.mimetype == "application/epub+zip"
    assert not [name for name in ZipFile(BytesIO(answer.data)).namelist() if "module2" in name]
    listed = browser.get(f"{base}/").text
    assert "with what is open so far: module 1." in listed
    assert f"Save the book (EPUB), {len(answer.data) / 1000:.0f} KB" in listed
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    assert tutor.get(f"{base}/course.epub").headers["Content-Disposition"] == 'attachment; filename="small.epub"'
    assert "The whole course as one book" in tutor.get(f"{base}/").text


def test_what_is_closed_stays_closed(half_open: Edition, course: Course, signed_in: SignedIn, client: FlaskClient) -> None:
    """A module that isn't open, an edition that hasn't begun, somebody who isn't enrolled, a module that isn't there."""
    base, edition_id = half_open
    learner = factories.person_of(factories.enrolment(edition_id))
    assert signed_in(learner).get(f"{base}/module2/book.html").status_code == 403
    assert signed_in(learner).get(f"{base}/module9/book.html").status_code == 404
    assert client.get(f"{base}/module1/book.html").status_code == 302
    assert client.get(f"{base}/course.epub").status_code == 302
    later = factories.edition(course.id, starts_on=factories.someday(3))
    early = signed_in(factories.person_of(factories.enrolment(later)))
    refused = early.get(f"/e/{factories.slug_of(later)}/modules/course.epub")
    assert refused.status_code == 403
    assert "No module is open yet" in refused.text
    assert "EPUB" not in early.get(f"/e/{factories.slug_of(later)}/modules/").text
    stranger = signed_in(factories.person_of(factories.enrolment(later)))
    assert stranger.get(f"{base}/course.epub").status_code == 403


def test_the_command(course: Course, ctx: Flask, tmp_path: Path) -> None:
    """It writes a page a module and the whole as EPUB, and names them with their sizes."""
    result = CliRunner().invoke(book, [str(tmp_path / "new")], obj=Invocation(lambda: ctx))
    assert result.exit_code == 0, result.output
    written = {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()}
    assert written == {volume.name: volume.body for volume in made(course)}
    assert [line.split()[0] for line in result.output.splitlines()] == ["small-module-1.html", "small-module-2.html", "small.epub"]


def test_the_command_without_a_course(course: Course, ctx: Flask, tmp_path: Path) -> None:
    """It says which courses there are."""
    result = CliRunner().invoke(book, [str(tmp_path / "new"), "--course", "none"], obj=Invocation(lambda: ctx))
    assert result.exit_code == 2
    assert f"Loaded are {course.slug}." in result.output
    assert not (tmp_path / "new").exists()


def test_a_module_has_modules(rich: Course) -> None:
    """The fixture is what the tests above take it for."""
    assert tuple(module.slug for module in queries.course_modules(rich.id, rich.version)) == ALL
