"""Figures and tables that features put into reports: what was counted, by which definition, so that no rate stands alone.

Slot `reports.figures` is called with an edition's id and takes `Figure`s, `reports.annexes` likewise takes `Annex`es. Both are open
to every feature, whether or not one is there that writes reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lms.core.templating import rounded

Number = int | Decimal
PLACES = 2
WITHHELD = "not shown, fewer than 5"
WHY_WITHHELD = "Not shown: fewer than five people answered, and nobody should be able to tell who said what."


class Phase(StrEnum):
    """The part of an edition that a figure is about."""

    ONLINE = "online"
    WORKSHOP = "workshop"


class Kind(StrEnum):
    """What a figure is: a number of things, a rate in per cent, a mean of percentages, or a percentage that was set."""

    COUNT = "count"
    RATE = "rate"
    MEAN = "mean"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a breakdown, such as those of a country; without a numerator it is withheld."""

    value: str
    label: str
    numerator: Number | None
    denominator: Number | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its definition. `name` is that of the register: small letters, digits and underscores.

    A count has no denominator; a mean has the sum as its numerator. `by` names breakdowns, such as 'gender', 'country' or 'module',
    each with every row that there is, zero rows too. `words` are those by which a text speaks of it ('certified', 'success rate'):
    a report is checked for numbers beside them.
    """

    name: str
    phase: Phase
    label: str
    definition: str
    numerator: Number | None
    denominator: Number | None = None
    kind: Kind = Kind.COUNT
    by: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def part(self, by: str, value: str) -> Part | None:
        """Find a row of a breakdown."""
        return next((part for part in self.by.get(by, ()) if part.value == value), None)

    def all_parts(self) -> Iterator[Part]:
        """Go through the rows of all breakdowns."""
        for parts in self.by.values():
            yield from parts


@dataclass(frozen=True, slots=True)
class Annex:
    """A table of a report beyond the figures: an agenda, a list. With `prose` each row is a section: its title, facts, and text."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    prose: bool = False


def value(kind: Kind, numerator: Number | None, denominator: Number | None = None) -> Decimal | None:
    """Give a number, or a percentage; none where it is withheld or nothing was counted."""
    if numerator is None:
        return None
    if kind in {Kind.COUNT, Kind.SETTING}:
        return Decimal(numerator)
    if not denominator:
        return None
    return Decimal(numerator) * (100 if kind == Kind.RATE else 1) / Decimal(denominator)


def shown(kind: Kind, numerator: Number | None, denominator: Number | None = None) -> str:
    """Write a value as reports do: whole, or in per cent with two places."""
    found = value(kind, numerator, denominator)
    if found is None:
        return WITHHELD if numerator is None else "–"
    if kind == Kind.COUNT:
        return f"{found.normalize():f}"
    return f"{rounded(found, PLACES)} %"


def pair(kind: Kind, numerator: Number | None, denominator: Number | None = None) -> str:
    """Write what a rate or a mean was drawn from; nothing for a count."""
    if kind in {Kind.COUNT, Kind.SETTING} or numerator is None or denominator is None:
        return ""
    return f"{_plain(numerator)} / {_plain(denominator)}"


def _plain(number: Number) -> str:
    return f"{rounded(Decimal(number), PLACES).normalize():f}"
