"""What was written, in Markdown, as parts of a report: made safe first, then taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from lms.core import markdown
from lms.reports.blocks import Block, Bullets, Heading, Item, Paragraph, Run, Table

LOOKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "code": "code"}
HEADINGS = {"h2": 3, "h3": 3, "h4": 4}
BREAKS = {"p", "li", "h2", "h3", "h4", "th", "td", "pre", "dt", "dd"}


def blocks(text: str) -> tuple[Block, ...]:
    """Take a text apart."""
    reader = _Reader()
    reader.feed(markdown.page(text))
    reader.close()
    return tuple(reader.found())


class _Reader(HTMLParser):
    """Reads the few elements that sanitised Markdown has."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.looks: list[str] = []
        self.hrefs: list[str] = []
        self.lists: list[tuple[bool, list[Item]]] = []
        self.rows: list[list[str]] = []
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in LOOKS:
            self.looks.append(LOOKS[tag])
        elif tag == "a":
            self.hrefs.append(dict(attrs).get("href") or "")
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag in {"ul", "ol"}:
            self._line()
            self.lists.append((tag == "ol", []))
        elif tag == "tr":
            self.rows.append([])
        elif tag == "blockquote":
            self.quotes += 1
        elif tag in BREAKS:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag in LOOKS and self.looks:
            self.looks.pop()
        elif tag == "a" and self.hrefs:
            self.hrefs.pop()
        elif tag in HEADINGS:
            self._heading(HEADINGS[tag])
        elif tag in {"th", "td"} and self.rows:
            self.rows[-1].append(self._text())
        elif tag == "table":
            self._table()
        elif tag in {"ul", "ol"} and self.lists:
            self._line()
            self._list(*self.lists.pop())
        elif tag == "blockquote":
            self._line()
            self.quotes -= 1
        elif tag in BREAKS:
            self._line()

    def handle_data(self, data: str) -> None:
        """Keep text with its look."""
        text = data if "\n" not in data else data.replace("\n", " ")
        if text.strip() or self.runs:
            self.runs.append(Run(text, self.looks[-1] if self.looks else "", self.hrefs[-1] if self.hrefs else ""))

    def found(self) -> Iterator[Block]:
        """Give what was read."""
        self._line()
        yield from self.blocks

    def _text(self) -> str:
        text = "".join(run.text for run in self.runs).strip()
        self.runs = []
        return text

    def _heading(self, level: int) -> None:
        if text := self._text():
            self.blocks.append(Heading(level, text))

    def _line(self) -> None:
        """End a paragraph, or a line of a list."""
        runs = _trimmed(self.runs)
        self.runs = []
        if not runs:
            return
        if self.lists:
            self.lists[-1][1].append(Item(runs))
        else:
            self.blocks.append(Paragraph(runs, quote=self.quotes > 0))

    def _list(self, ordered: bool, items: list[Item]) -> None:  # noqa: FBT001 - as the stack keeps it
        """End a list: it belongs into the line before it, or is a part of its own."""
        if not items:
            return
        found = Bullets(ordered, tuple(items))
        if self.lists:
            around = self.lists[-1][1]
            last = around.pop() if around else Item(())
            around.append(replace(last, inner=(*last.inner, found)))
        else:
            self.blocks.append(found)

    def _table(self) -> None:
        width = max(map(len, self.rows), default=0)
        if width and len(self.rows) > 1:
            rows = [(*row, *[""] * (width - len(row))) for row in self.rows]
            self.blocks.append(Table("", "Table in the text", rows[0], tuple(rows[1:])))
        self.rows = []


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Leave white space at both ends out."""
    while runs and not runs[0].text.strip():
        runs = runs[1:]
    while runs and not runs[-1].text.strip():
        runs = runs[:-1]
    return tuple(runs)
