"""What a course asks of its own texts: the table `[check]` of `course.toml`, with defaults that suit most courses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Criteria:
    """How long lessons are, how fast they are read, and how large and varied banks of questions are.

    A pair is the fewest and the most; a single number is the fewest. `words_per_minute` of 0 leaves minutes and words alone.
    """

    words: tuple[int, int] = (200, 2500)
    words_per_minute: int = 150
    figures_per_module: int = 0
    terms_per_module: tuple[int, int] = (0, 100)
    questions_per_module: int = 10
    questions_per_objective: int = 3
    question_types: int = 3
    situations_percent: int = 0


def criteria(table: object) -> Criteria:
    """Read the table; what is wrong in it counts as not given, since `faults` reports it."""
    given = table if isinstance(table, Mapping) else {}
    known = {name: given[name] for name in asdict(Criteria()) if name in given and _fits(name, given[name])}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return replace(Criteria(), **values)


def faults(table: object) -> Iterator[tuple[str, str]]:
    """Name each key of the table that is unknown or has a value that can't be: (key, what is wrong)."""
    if not isinstance(table, Mapping):
        yield "check", "'check' must be a table"
        return
    names = [field.name for field in fields(Criteria)]
    for key, value in table.items():
        if key not in names:
            yield key, f"unknown key {key!r} in [check]; there are {', '.join(names)}"
        elif not _fits(key, value):
            kind = "a pair like [3, 5], the fewest and the most" if _is_pair(key) else "a whole number"
            yield key, f"{key!r} must be {kind}"


def _is_pair(name: str) -> bool:
    return isinstance(getattr(Criteria(), name), tuple)


def _fits(name: str, value: Any) -> bool:
    if not _is_pair(name):
        return _is_count(value)
    return isinstance(value, list) and len(value) == 2 and all(map(_is_count, value)) and value[0] <= value[1]  # noqa: PLR2004 - a pair


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
