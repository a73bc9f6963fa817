"""Lessons bound to a book: links lead to places in it, notes go to its end, pictures are those that it brings along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from markupsafe import Markup

from lms.modules import markup
from lms.modules.queries import LessonText, ModuleInfo, PageText, Term
from lms.modules.sources import PAGES

REFERENCES, GLOSSARY = "references", "glossary"
Text = LessonText | PageText
_TERM = re.compile(r'glossary#([a-z0-9-]+)"')
_PICTURE = re.compile(r'src="(/figures/[^"]+)"')
_LOWER = {"h2": "h3", "h3": "h4", "h4": "h5"}
_ONLINE_ONLY = ("loading", "decoding", "data-def", "align")
_SCROLLING = ("tabindex", "role", "aria-label")


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, which stands among the references at the end."""

    id: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Chapter:
    """A lesson, or a page outside the modules, which has no number; its notes are numbered from `first_note` on."""

    id: str
    number: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    html: Markup
    notes: tuple[Note, ...]
    first_note: int

    @property
    def heading(self) -> str:
        """Its title after its number, if it has one."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Part:
    """A module."""

    id: str
    number: int
    title: str
    summary: str
    minutes: int
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a book is made: on one page or as a file a chapter; `pictures` maps a figure's address to the one it has in the book.

    `sunk` says whether a text's own headings stand below the heading of its chapter, and that below the title of the page.
    """

    separate: bool
    pictures: Mapping[str, str]
    sunk: bool = False

    def address(self, file: str, anchor: str) -> str:
        """Give the address of a place in the book."""
        return f"{file}.xhtml#{anchor}" if self.separate else f"#{anchor}"


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds pages and modules of a course; `numbers` holds those of all modules, `terms` what the book's glossary explains."""

    shape: Shape
    numbers: Mapping[str, int]
    pages: Sequence[PageText]
    modules: Sequence[ModuleInfo]
    terms: frozenset[str]

    def bind(self) -> tuple[tuple[Chapter, ...], tuple[Part, ...]]:
        """Bind the pages, then every module; notes are numbered throughout."""
        pages, first = self._chapters(PAGES, [("", page) for page in self.pages], 1)
        parts = []
        for module in self.modules:
            chapters, first = self._chapters(module.slug, [(f"{module.number}.{text.number}", text) for text in module.lessons], first)
            parts.append(Part(module.slug, module.number, module.title, module.summary, module.minutes, chapters))
        return pages, tuple(parts)

    def _chapters(self, where: str, texts: Iterable[tuple[str, Text]], first: int) -> tuple[tuple[Chapter, ...], int]:
        """Bind texts of one module; give the number of the next note too."""
        chapters = []
        for number, text in texts:
            chapters.append(self._chapter(where, number, text, first))
            first += len(chapters[-1].notes)
        return tuple(chapters), first

    def _chapter(self, where: str, number: str, text: Text, first: int) -> Chapter:
        page = _Page(self, where, text.slug, first)
        root = markup.tree(text.html)
        page.adapt(root)
        syntax: markup.Syntax = "xml" if self.shape.separate else "html"
        notes = tuple(Note(item.get("id", ""), markup.inside(item, syntax)) for item in _cut_notes(root))
        return Chapter(page.id, number, text.title, text.minutes, text.objectives, markup.inside(root, syntax), notes, first)

    def find(self, where: str, slug: str) -> str | None:
        """Give the chapter of a lesson or page that is in the book."""
        texts = {part.slug: [text.slug for text in part.lessons] for part in self.modules} | {PAGES: [page.slug for page in self.pages]}
        return chapter_id(where, slug) if slug in texts.get(where, ()) else None


@dataclass(frozen=True, slots=True)
class _Page:
    """A lesson while it is adapted."""

    binder: Binder
    module: str
    lesson: str
    first: int

    @property
    def id(self) -> str:
        return chapter_id(self.module, self.lesson)

    def adapt(self, root: Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == "a":
                    self._link(parent, child)
        for element in root.iter():
            self._element(element)

    def _element(self, element: Element) -> None:
        if align := element.get("align"):
            element.set("class", f"to-{align}")
        pages = element.tag == "div" and self.binder.shape.separate
        for name in (*_ONLINE_ONLY, *(_SCROLLING if pages else ())):
            element.attrib.pop(name, None)
        if "id" in element.attrib:
            element.set("id", _anchor(self.id, element.attrib["id"]))
        if element.tag == "img":
            element.set("src", self.binder.shape.pictures[element.attrib["src"]])
        if self.binder.shape.sunk:
            element.tag = _LOWER.get(element.tag, element.tag)

    def _link(self, parent: Element, anchor: Element) -> None:
        href = anchor.get("href", "")
        kind = anchor.get("class", "")
        if kind.startswith("footnote"):
            self._note_link(anchor, kind, href.removeprefix("#"))
        elif urlsplit(href).scheme:
            return
        elif place := self._place(href):
            anchor.set("href", place)
        else:
            markup.replace(parent, anchor, self._elsewhere(href, anchor))

    def _note_link(self, anchor: Element, kind: str, target: str) -> None:
        file = REFERENCES if kind == "footnote-ref" else self.id
        anchor.set("href", self.binder.shape.address(file, _anchor(self.id, target)))
        anchor.set("role", "doc-noteref" if kind == "footnote-ref" else "doc-backlink")
        number = re.sub(r"\D", "", (anchor.text if kind == "footnote-ref" else anchor.get("title")) or "")
        shifted = str(int(number or 1) + self.first - 1)
        if kind == "footnote-ref":
            anchor.text = shifted
        else:
            anchor.set("title", f"Back to note {shifted} in the text")

    def _target(self, href: str) -> tuple[str, str, str]:
        """Give module, page and fragment that a relative link of a lesson means."""
        path = urlsplit(urljoin(f"/{self.module}/{self.lesson}", href))
        module, _, page = path.path.strip("/").partition("/")
        return module, page, path.fragment

    def _place(self, href: str) -> str | None:
        module, page, fragment = self._target(href)
        address = self.binder.shape.address
        if page == "glossary":
            return address(GLOSSARY, term_id(fragment)) if fragment in self.binder.terms else None
        chapter = self.binder.find(module, page)
        return address(chapter, _anchor(chapter, fragment) if fragment else chapter) if chapter else None

    def _elsewhere(self, href: str, anchor: Element) -> str:
        """Say where to look instead, unless the words of the link do."""
        number = self.binder.numbers.get(self._target(href)[0])
        said = f"module {number}" in "".join(anchor.itertext()).lower()
        return "" if number is None or said or self._target(href)[1] == "glossary" else f" (module {number})"


def _cut_notes(root: Element) -> list[Element]:
    """Take the footnotes out of a lesson."""
    for child in list(root):
        if child.get("class") == "footnote":
            root.remove(child)
            return list(child.iter("li"))
    return []


def chapter_id(where: str, slug: str) -> str:
    """Name the chapter of a lesson or page."""
    return f"{where}-{slug}"


def term_id(term: str) -> str:
    """Name the place of a term in the glossary."""
    return f"term.{term}"


def _anchor(chapter: str, name: str) -> str:
    return f"{chapter}.{name}".replace(":", "-")


def terms_used(texts: Iterable[Text]) -> frozenset[str]:
    """Name the terms to which texts link."""
    return frozenset(term for text in texts for term in _TERM.findall(text.html))


def pictures_used(texts: Iterable[Text]) -> list[str]:
    """List the addresses of the figures in texts, each once, in order."""
    return list(dict.fromkeys(url for text in texts for url in _PICTURE.findall(text.html)))


def explained(terms: Iterable[Term], used: frozenset[str], own: frozenset[str]) -> tuple[Term, ...]:
    """Choose the terms for a book's glossary: those of its modules and those that they use from others."""
    return tuple(term for term in terms if term.slug in used | own)
