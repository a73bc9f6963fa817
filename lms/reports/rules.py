"""Snapshots as text: written in one way only, read back, and compared."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.core.figures import Annex, Figure, Kind, Number, Part, Phase, pair, shown

FORMAT = 1
NAME = re.compile(r"[a-z][a-z0-9_]*")


class RegisterError(Exception):
    """A feature names a figure as another does, or as nobody can refer to."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A value that is not what a snapshot says any more."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot holds: facts of the edition, the figures, the tables."""

    edition: Mapping[str, str]
    figures: tuple[Figure, ...]
    annexes: tuple[Annex, ...]

    def figure(self, name: str) -> Figure | None:
        """Find a figure of the register."""
        return next((figure for figure in self.figures if figure.name == name), None)

    def annex(self, name: str) -> Annex | None:
        """Find a table."""
        return next((annex for annex in self.annexes if annex.name == name), None)


def register(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Make sure that each figure has a name of its own; raise `RegisterError`."""
    found: dict[str, Figure] = {}
    for figure in figures:
        if figure.name in found or not NAME.fullmatch(figure.name):
            message = f"The figure {figure.name!r} is declared twice, or its name is not of small letters, digits and underscores."
            raise RegisterError(message)
        found[figure.name] = figure
    return tuple(found.values())


def canonical(contents: Contents) -> str:
    """Write a snapshot's contents: the same contents give the same text."""
    data = {
        "format": FORMAT,
        "edition": dict(contents.edition),
        "figures": [_figure(figure) for figure in contents.figures],
        "annexes": [_annex(annex) for annex in contents.annexes],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Give the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "phase": figure.phase.value,
        "label": figure.label,
        "definition": figure.definition,
        "numerator": _written(figure.numerator),
        "denominator": _written(figure.denominator),
        "kind": figure.kind.value,
        "by": [[name, [_part(part) for part in parts]] for name, parts in figure.by.items()],
        "words": list(figure.words),
    }


def _part(part: Part) -> list[Any]:
    return [part.value, part.label, _written(part.numerator), _written(part.denominator)]


def _written(number: Number | None) -> int | str | None:
    return f"{number.normalize():f}" if isinstance(number, Decimal) else number


def _annex(annex: Annex) -> dict[str, Any]:
    return {
        "name": annex.name,
        "title": annex.title,
        "heads": list(annex.heads),
        "rows": [list(row) for row in annex.rows],
        "note": annex.note,
        "prose": annex.prose,
    }


def contents(text: str) -> Contents:
    """Read a snapshot back."""
    data = json.loads(text)
    figures, annexes = map(_read_figure, data["figures"]), map(_read_annex, data["annexes"])
    return Contents(data["edition"], tuple(figures), tuple(annexes))


def _read_annex(row: Mapping[str, Any]) -> Annex:
    rows = tuple(tuple(cells) for cells in row["rows"])
    return Annex(row["name"], row["title"], tuple(row["heads"]), rows, row["note"], row["prose"])


def _read_figure(row: Mapping[str, Any]) -> Figure:
    by = {name: tuple(Part(p[0], p[1], _read(p[2]), _read(p[3])) for p in parts) for name, parts in row["by"]}
    numbers = _read(row["numerator"]), _read(row["denominator"])
    head = row["name"], Phase(row["phase"]), row["label"], row["definition"]
    return Figure(*head, *numbers, Kind(row["kind"]), by, tuple(row["words"]))


def _read(number: int | str | None) -> Number | None:
    return Decimal(number) if isinstance(number, str) else number


def moved(before: Contents, now: Contents) -> Iterator[Moved]:
    """Tell what is not as it was: each figure and each of its rows, and tables with the number of their rows."""
    yield from _moved(dict(_values(before)), dict(_values(now)))
    was, are = ({annex.name: annex for annex in found.annexes} for found in (before, now))
    for name in {**was, **are}:
        if was.get(name) != are.get(name):
            title = (are.get(name) or was[name]).title
            yield Moved(title, *(f"{len(found[name].rows)} rows" if name in found else "–" for found in (was, are)))
    for key in {**before.edition, **now.edition}:
        if before.edition.get(key) != now.edition.get(key):
            yield Moved(f"Edition: {key}", before.edition.get(key, "–"), now.edition.get(key, "–"))


def _values(found: Contents) -> Iterator[tuple[str, str]]:
    for figure in found.figures:
        yield figure.label, in_full(figure.kind, figure.numerator, figure.denominator)
        for by, parts in figure.by.items():
            for part in parts:
                yield f"{figure.label}, {by} {part.label}", in_full(figure.kind, part.numerator, part.denominator)


def _moved(was: Mapping[str, str], are: Mapping[str, str]) -> Iterator[Moved]:
    for what in {**was, **are}:
        if was.get(what) != are.get(what):
            yield Moved(what, was.get(what, "–"), are.get(what, "–"))


def in_full(kind: Kind, numerator: Number | None, denominator: Number | None) -> str:
    """Write a value with what it was drawn from: '52.13 % (98 / 188)'."""
    drawn = pair(kind, numerator, denominator)
    return shown(kind, numerator, denominator) + (f" ({drawn})" if drawn else "")
