"""The parts that a report is made of, whatever it is written as: page, PDF or DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one look; `look` is '', 'strong', 'em' or 'code'."""

    text: str
    look: str = ""
    href: str = ""


Runs = tuple[Run, ...]
NARROW, WIDE = 11, 60


def shares(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Give how wide the columns of a table are to each other: by the longest text in each, within bounds."""
    return tuple(min(WIDE, max(NARROW, *map(len, column))) for column in zip(*rows, strict=True))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter: level 3 or 4, as the chapter's own is 2."""

    level: int
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a quotation."""

    runs: Runs
    quote: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and the lists inside it."""

    runs: Runs
    inner: tuple[Bullets, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered or not."""

    ordered: bool
    items: tuple[Item, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first column are heads of rows; `numbers` are the places of columns of numbers, `notes` its footnotes."""

    label: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    id: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart; a value that is withheld has none."""

    label: str
    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of bars; its figures stand in a table beside it. `said` is for those who don't see it."""

    label: str
    title: str
    heads: tuple[str, str]
    bars: tuple[Bar, ...]
    maximum: Decimal
    said: str
    definition: str
    id: str = ""
    kind: str = "chart"


Block = Heading | Paragraph | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: what was written for it first, then what was computed."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report, ready to be written down; `made` tells from which snapshot."""

    title: str
    subtitle: str
    made: str
    day: tuple[int, int, int]
    chapters: tuple[Chapter, ...]
