"""Books to print or keep: a module as one page that needs nothing else, and a course as an EPUB; made once per version of the course."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from lms.modules.binding import Binder, Part, Shape, explained, pictures_used, terms_used
from lms.modules.models import Figure
from lms.modules.queries import ModuleInfo, Term

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
    """What stands on the title page."""

    slug: str
    title: str
    short_title: str
    summary: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Book:
    """A book ready to be laid out; `missing` are the numbers of modules that are not in it."""

    title: Title
    parts: tuple[Part, ...]
    terms: tuple[Term, ...]
    missing: tuple[int, ...]


@kept(64)
def module_page(course_id: int, version: str, slug: str) -> Volume:
    """Make the page of a module."""
    modules = [module for module in queries.course_modules(course_id, version) if module.slug == slug]
    files = _figures(pictures_used(modules))
    shape = Shape(separate=False, pictures={url: _data_url(url, body) for url, body in files.items()})
    book = _bind(course_id, version, modules, shape)
    html = _draw("modules/book.html", book=book, part=book.parts[0], style=_style("book.css", "book_page.css"), shape=shape)
    return _volume(f"{_name(book.title)}-module-{modules[0].number}.html", (slug,), "text/html", html.encode())


@kept(16)
def course_book(course_id: int, version: str, slugs: tuple[str, ...]) -> Volume:
    """Make an EPUB of these modules of a course."""
    everything = queries.course_modules(course_id, version)
    modules = [module for module in everything if module.slug in slugs]
    files = _figures(pictures_used(modules))
    shape = Shape(separate=True, pictures={url: _file_name(url) for url in files})
    book = _bind(course_id, version, modules, shape)
    items = [*_texts(book, shape), *_resources(files)]
    identifier = uuid5(NAMESPACE_URL, f"{book.title.slug} {version} {' '.join(slugs)}").urn
    package = _draw("modules/package.xml", book=book, items=items, identifier=identifier, modified=epub.MODIFIED)
    some = "" if len(modules) == len(everything) else f"-modules-{'-'.join(str(module.number) for module in modules)}"
    return _volume(f"{_name(book.title)}{some}.epub", slugs, epub.MIMETYPE, epub.pack(package, items))


def _bind(course_id: int, version: str, modules: Sequence[ModuleInfo], shape: Shape) -> Book:
    everything = queries.course_modules(course_id, version)
    own = frozenset(term.slug for module in modules for term in queries.glossary(course_id, version, module.id))
    terms = explained(queries.glossary(course_id, version), terms_used(modules), own)
    numbers = {module.slug: module.number for module in everything}
    binder = Binder(shape, numbers, modules, frozenset(term.slug for term in terms))
    missing = tuple(module.number for module in everything if module not in modules)
    return Book(_title(course_id, version), tuple(binder.parts()), terms, missing)


def _title(course_id: int, version: str) -> Title:
    query = select(Course.slug, Course.title, Course.short_title, Course.summary, Course.language)
    slug, title, short_title, summary, language = db.session.execute(query.where(Course.id == course_id)).one()
    return Title(slug, title, short_title, summary, language, version[:12])


def _texts(book: Book, shape: Shape) -> Iterator[epub.Item]:
    def leaf(path: str, what: str, title: str, properties: str = "", **values: Any) -> epub.Item:
        text = _draw("modules/leaf.xhtml", book=book, shape=shape, what=what, heading=title, **values)
        return epub.Item(path, text.encode(), properties, spine=True)

    yield leaf("title.xhtml", "title", book.title.title)
    yield leaf("nav.xhtml", "contents", "Contents", "nav")
    for part in book.parts:
        yield leaf(f"{part.id}.xhtml", "part", f"Module {part.number}: {part.title}", part=part)
        for chapter in part.chapters:
            yield leaf(f"{chapter.id}.xhtml", "chapter", chapter.title, chapter=chapter)
    yield leaf("glossary.xhtml", "glossary", "Glossary")
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
