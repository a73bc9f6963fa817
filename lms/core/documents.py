"""What people can look for: features hand their texts over as documents and know nothing of who finds them again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

_BLOCKS = frozenset(
    {"blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "section"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_HEADINGS = frozenset({"h2", "h3", "h4"})
_SPACE = re.compile(r"\s+")
_BACK = "↩"  # leads from a footnote to where it is called


@dataclass(frozen=True, slots=True)
class Document:
    """A text that has an address, and who may open it; it belongs either to a course or to one edition.

    `key` is the feature's own number for what the text comes from. `places` are (offset in the text, anchor) in order. `titled` tells
    whether it is found by its title, or the title is only shown. It is not for learners while its `module` is closed; a `restricted`
    one is for staff and the enrolment `owner_id` alone.
    """

    key: int
    kind: str
    title: str
    text: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    anchor: str = ""
    places: tuple[tuple[int, str], ...] = ()
    course_id: int | None = None
    edition_id: int | None = None
    module: str = ""
    titled: bool = True
    author_id: int | None = None
    at: datetime | None = None
    restricted: bool = False
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """A feature's documents: the kinds there are with their headings, all keys, and the documents that come from some keys."""

    kinds: Mapping[str, str]
    keys: Callable[[], Sequence[int]]
    read: Callable[[Collection[int]], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """The documents that come from these keys of a feature are new, different or gone."""

    feature: str
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlainText:
    """The words of a page without their markup, and (offset, id) of each heading in them."""

    text: str
    places: tuple[tuple[int, str], ...]


def plain(html: str) -> PlainText:
    """Take the words out of sanitised HTML; each block is a line."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return PlainText("".join(reader.parts).rstrip(), tuple(reader.places))


class _Reader(HTMLParser):
    """Gathers text with single spaces and line ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.places: list[tuple[int, str]] = []
        self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line()
        anchor = dict(attrs).get("id")
        if tag in _HEADINGS and anchor:
            self.places.append((self.length, anchor))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        text = _SPACE.sub(" ", data.replace(_BACK, ""))
        if not self.parts or self.parts[-1][-1].isspace():
            text = text.lstrip()
        self._add(text)

    def _end_line(self) -> None:
        if self.parts and self.parts[-1][-1] != "\n":
            self._add("\n")

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)
