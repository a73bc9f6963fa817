"""Books to print or keep: a module or page as a file that needs nothing else, a course as an EPUB; made once per version of the course."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Course
from lms.core.memory import kept
from lms.modules import epub, queries
from lms.modules.binding import Binder, Chapter, Part, Shape, Text, explained, pictures_used, terms_used
from lms.modules.models import Figure
from lms.modules.queries import ModuleInfo, PageText, Term
from lms.modules.rules import licence_named

_TEMPLATES = Path(__file__).parent / "templates/modules"
_ADDRESS = re.compile(r"/figures/([0-9a-f]+)/(.+)")


@dataclass(frozen=True, slots=True)
class Volume:
    """A book as a file; `modules` are the slugs of those in it."""

    name: str
    modules: tuple[str, ...]
    mimetype: str
    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Title:
    """What stands on the title page; `licence` is a name and an address, `updated` the day that the authors give."""

    slug: str
    title: str
    short_title: str
    summary: str
    language: str
    licence: tuple[str, str]
    updated: date | None
    version: str


@dataclass(frozen=True, slots=True)
class Book:
    """A book ready to be laid out; `missing` are the numbers of modules that are not in it."""

    title: Title
    pages: tuple[Chapter, ...]
    parts: tuple[Part, ...]
    terms: tuple[Term, ...]
    missing: tuple[int, ...]

    @property
    def chapters(self) -> Sequence[Chapter]:
        """Everything that is read, in order."""
        return [*self.pages, *(chapter for part in self.parts for chapter in part.chapters)]


@kept(64)
def module_page(course_id: int, version: str, slug: str) -> Volume:
    """Make the page of a module."""
    modules = [module for module in queries.course_modules(course_id, version) if module.slug == slug]
    book, body = _page(course_id, version, (), modules)
    return _volume(f"{_name(book.title)}-module-{modules[0].number}.html", (slug,), "text/html", body)


@kept(16)
def single_page(course_id: int, version: str, slug: str) -> Volume:
    """Make the page of a text outside the modules."""
    pages = [page for page in queries.pages(course_id, version) if page.slug == slug]
    book, body = _page(course_id, version, pages, ())
    return _volume(f"{_name(book.title)}-{slug}.html", (), "text/html", body)


def _page(course_id: int, version: str, pages: Sequence[PageText], modules: Sequence[ModuleInfo]) -> tuple[Book, bytes]:
    files = _figures(pictures_used(_texts_of(pages, modules)))
    shape = Shape(separate=False, pictures={url: _data_url(url, body) for url, body in files.items()}, sunk=bool(modules))
    book = _bind(course_id, version, pages, modules, shape)
    html = _draw("modules/book.html", book=book, style=_style("book.css", "book_page.css"), shape=shape)
    return book, html.encode()


def _texts_of(pages: Sequence[PageText], modules: Sequence[ModuleInfo]) -> Sequence[Text]:
    return [*pages, *(lesson for module in modules for lesson in module.lessons)]


@kept(16)
def course_book(course_id: int, version: str, slugs: tuple[str, ...]) -> Volume:
    """Make an EPUB of the pages and these modules of a course."""
    pages, everything = queries.pages(course_id, version), queries.course_modules(course_id, version)
    modules = [module for module in everything if module.slug in slugs]
    files = _figures(pictures_used(_texts_of(pages, modules)))
    shape = Shape(separate=True, pictures={url: _file_name(url) for url in files})
    book = _bind(course_id, version, pages, modules, shape)
    items = [*_texts(book, shape), *_resources(files)]
    identifier = uuid5(NAMESPACE_URL, f"{book.title.slug} {version} {' '.join(slugs)}").urn
    package = _draw("modules/package.xml", book=book, items=items, identifier=identifier, modified=epub.modified(book.title.updated))
    some = "" if len(modules) == len(everything) else f"-modules-{'-'.join(str(module.number) for module in modules)}"
    return _volume(f"{_name(book.title)}{some}.epub", slugs, epub.MIMETYPE, epub.pack(package, items))


def _bind(course_id: int, version: str, pages: Sequence[PageText], modules: Sequence[ModuleInfo], shape: Shape) -> Book:
    everything = queries.course_modules(course_id, version)
    own = frozenset(term.slug for module in modules for term in queries.glossary(course_id, version, module.id))
    terms = explained(queries.glossary(course_id, version), terms_used(_texts_of(pages, modules)), own)
    numbers = {module.slug: module.number for module in everything}
    binder = Binder(shape, numbers, pages, modules, frozenset(term.slug for term in terms))
    missing = tuple(module.number for module in everything if module not in modules)
    return Book(_title(course_id, version), *binder.bind(), terms, missing)


def _title(course_id: int, version: str) -> Title:
    query = select(Course.slug, Course.title, Course.short_title, Course.summary, Course.language, Course.licence, Course.updated)
    slug, title, short_title, summary, language, licence, updated = db.session.execute(query.where(Course.id == course_id)).one()
    return Title(slug, title, short_title, summary, language, licence_named(licence), updated, version[:12])


def _texts(book: Book, shape: Shape) -> Iterator[epub.Item]:
    def leaf(path: str, what: str, title: str, properties: str = "", **values: Any) -> epub.Item:
        text = _draw("modules/leaf.xhtml", book=book, shape=shape, what=what, heading=title, **values)
        return epub.Item(path, text.encode(), properties, spine=True)

    yield leaf("title.xhtml", "title", book.title.title)
    yield leaf("nav.xhtml", "contents", "Contents", "nav")
    for page in book.pages:
        yield leaf(f"{page.id}.xhtml", "chapter", page.title, chapter=page)
    for part in book.parts:
        yield leaf(f"{part.id}.xhtml", "part", f"Module {part.number}: {part.title}", part=part)
        for chapter in part.chapters:
            yield leaf(f"{chapter.id}.xhtml", "chapter", chapter.title, chapter=chapter)
    if book.terms:
        yield leaf("glossary.xhtml", "glossary", "Glossary")
    if any(chapter.notes for chapter in book.chapters):
        yield leaf("references.xhtml", "references", "References")


def _resources(files: Mapping[str, bytes]) -> Iterator[epub.Item]:
    yield epub.Item("book.css", "\n".join(_css("book.css", "book_file.css")).encode())
    for url, body in files.items():
        yield epub.Item(_file_name(url), body)


def _figures(urls: Sequence[str]) -> dict[str, bytes]:
    """Read the figures with these addresses."""
    digests = {found[1]: url for url in urls if (found := _ADDRESS.fullmatch(url))}
    rows = db.session.execute(select(Figure.digest, Figure.body).where(Figure.digest.in_(digests)))
    bodies = {digests[digest]: body for digest, body in rows}
    return {url: bodies[url] for url in urls}


def _file_name(url: str) -> str:
    return _ADDRESS.sub(r"figures/\1-\2", url)


def _data_url(url: str, body: bytes) -> str:
    kind = mimetypes.guess_type(url)[0]
    return f"data:{kind},{quote(body, safe=' !$&()*+,-./:;=?@_~|{}')}"


def _draw(template: str, **values: Any) -> str:
    return current_app.jinja_env.get_template(template).render(values)


@cache
def _css(*names: str) -> tuple[str, ...]:
    return tuple((_TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names)


def _style(*names: str) -> Markup:
    css = "\n".join(_css(*names))
    return Markup(f"<style>\n{css}\n</style>")  # noqa: S704 - our own style sheets; the page stands alone


def _name(title: Title) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.short_title.lower()).strip("-") or title.slug


def _volume(name: str, modules: tuple[str, ...], mimetype: str, body: bytes) -> Volume:
    return Volume(name, modules, mimetype, body, hashlib.sha256(body).hexdigest()[:20])
