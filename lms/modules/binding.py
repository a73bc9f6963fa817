"""Lessons bound to a book: links lead to places in it, notes go to its end, pictures are those that it brings along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from markupsafe import Markup

from lms.modules import markup
from lms.modules.queries import LessonText, ModuleInfo, Term

REFERENCES, GLOSSARY = "references", "glossary"
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
    """A lesson; its notes are numbered from `first_note` on."""

    id: str
    number: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    html: Markup
    notes: tuple[Note, ...]
    first_note: int


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
    """How a book is made: on one page or as a file a chapter; `pictures` maps a figure's address to the one it has in the book."""

    separate: bool
    pictures: Mapping[str, str]

    def address(self, file: str, anchor: str) -> str:
        """Give the address of a place in the book."""
        return f"{file}.xhtml#{anchor}" if self.separate else f"#{anchor}"


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds modules of a course; `numbers` holds those of all modules, `terms` what the book's glossary explains."""

    shape: Shape
    numbers: Mapping[str, int]
    modules: Sequence[ModuleInfo]
    terms: frozenset[str]

    def parts(self) -> Iterator[Part]:
        """Bind every module; notes are numbered throughout."""
        first = 1
        for module in self.modules:
            chapters = []
            for lesson in module.lessons:
                chapters.append(self._chapter(module, lesson, first))
                first += len(chapters[-1].notes)
            yield Part(module.slug, module.number, module.title, module.summary, module.minutes, tuple(chapters))

    def _chapter(self, module: ModuleInfo, lesson: LessonText, first: int) -> Chapter:
        page = _Page(self, module.slug, lesson.slug, first)
        root = markup.tree(lesson.html)
        page.adapt(root)
        syntax: markup.Syntax = "xml" if self.shape.separate else "html"
        notes = tuple(Note(item.get("id", ""), markup.inside(item, syntax)) for item in _cut_notes(root))
        number, html = f"{module.number}.{lesson.number}", markup.inside(root, syntax)
        return Chapter(page.id, number, lesson.title, lesson.minutes, lesson.objectives, html, notes, first)

    def find(self, module: str, lesson: str) -> str | None:
        """Give the chapter of a lesson that is in the book."""
        there = any(part.slug == module and any(text.slug == lesson for text in part.lessons) for part in self.modules)
        return chapter_id(module, lesson) if there else None


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
        if not self.binder.shape.separate:
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


def chapter_id(module: str, lesson: str) -> str:
    """Name the chapter of a lesson."""
    return f"{module}-{lesson}"


def term_id(term: str) -> str:
    """Name the place of a term in the glossary."""
    return f"term.{term}"


def _anchor(chapter: str, name: str) -> str:
    return f"{chapter}.{name}".replace(":", "-")


def terms_used(modules: Iterable[ModuleInfo]) -> frozenset[str]:
    """Name the terms to which the lessons of modules link."""
    return frozenset(term for module in modules for lesson in module.lessons for term in _TERM.findall(lesson.html))


def pictures_used(modules: Iterable[ModuleInfo]) -> list[str]:
    """List the addresses of the figures in modules, each once, in order."""
    return list(dict.fromkeys(url for module in modules for lesson in module.lessons for url in _PICTURE.findall(lesson.html)))


def explained(terms: Iterable[Term], used: frozenset[str], own: frozenset[str]) -> tuple[Term, ...]:
    """Choose the terms for a book's glossary: those of its modules and those that they use from others."""
    return tuple(term for term in terms if term.slug in used | own)
