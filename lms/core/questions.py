"""Questions as plain values, and how an author's table becomes one.

Answers are plain too, so that they can be kept as JSON: for a choice the numbers of the chosen options, for a
number or a short answer the text as typed, for matching the number of the right side beside each left one,
for ordering the place given to each item. Numbers count from 0 in the author's order, whatever order somebody
saw; `None` stands for no answer.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

Answer = str | list[int | None]
COMMON_KEYS = frozenset({"type", "stem", "situation"})
FEWEST, MOST, MOST_OPTIONS = 3, 6, 8
_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen, and what is said to who chose it."""

    text: str
    correct: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together."""

    left: str
    right: str
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What every question has; texts are one line of Markdown each."""

    kind: ClassVar[str] = ""
    stem: str
    situation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    """A question with options to choose from."""

    several: ClassVar[bool] = False
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Single(Choice):
    """Exactly one option is right."""

    kind: ClassVar[str] = "single"


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple(Choice):
    """One or more options are right."""

    kind: ClassVar[str] = "multiple"
    several: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Choice):
    """A statement to judge; the first option is 'True'."""

    kind: ClassVar[str] = "true-false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Question):
    """A question that says one of two things afterwards."""

    feedback_right: str
    feedback_wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Judged):
    """A number, right when it is no further from the answer than the tolerance."""

    kind: ClassVar[str] = "numeric"
    answer: Decimal
    tolerance: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short(Judged):
    """A word or two; any of the answers is right."""

    kind: ClassVar[str] = "short"
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Judged):
    """Things to put in order; `items` are in the right one."""

    kind: ClassVar[str] = "ordering"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Question):
    """Things to match; `extra` are right sides that fit nothing."""

    kind: ClassVar[str] = "matching"
    pairs: tuple[Pair, ...]
    extra: tuple[str, ...] = ()

    @property
    def rights(self) -> tuple[str, ...]:
        """Every right side once."""
        return tuple(dict.fromkeys([*(pair.right for pair in self.pairs), *self.extra]))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a table; `near` is a key or text that stands where it is."""

    message: str
    near: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a table: a question, or faults."""

    question: Question | None
    faults: tuple[Fault, ...] = ()


def parse(table: Mapping[str, Any], besides: frozenset[str] = frozenset()) -> Parsed:
    """Read a question from an author's table; `besides` are keys that somebody else looks at."""
    kind = table.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return Parsed(None, (Fault(f"'type' must be one of {', '.join(_TYPES)}, not {kind!r}", "type"),))
    keys, build = _TYPES[kind]
    reader = _Reader(table)
    reader.only(COMMON_KEYS | keys | besides)
    stem, situation = reader.text("stem"), reader.text("situation", needed=False)
    question = build(reader, {"stem": stem, "situation": situation})
    return Parsed(None if reader.faults else question, tuple(reader.faults))


def invisible(text: str) -> str:
    """Give the first character that can't be shown or stored, or turns the direction; empty if none."""
    found = (c for c in text if c in _DIRECTIONS or unicodedata.category(c) in _INVISIBLE)
    return next(found, "")


@dataclass(slots=True)
class _Reader:
    """An author's table while it is read; faults are collected."""

    table: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)
    near: str = ""

    def fault(self, message: str, near: str = "") -> None:
        self.faults.append(Fault(message, self.near or near))

    def only(self, known: frozenset[str]) -> None:
        for key in sorted(self.table.keys() - known):
            self.fault(f"unknown key {key!r}", key)

    def text(self, key: str, *, needed: bool = True) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.fault(f"{key!r} is missing or not a text", key if key in self.table else "")
            return ""
        if odd := invisible(value.replace("\n", " ").replace("\t", " ")):
            self.fault(f"{key!r} holds the invisible character U+{ord(odd):04X}", key)
        return value.strip()

    def number(self, key: str, default: int | None = None) -> Decimal:
        value = self.table.get(key, default)
        endless = isinstance(value, float) and not math.isfinite(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or endless:
            self.fault(f"{key!r} is missing or not a number", key if key in self.table else "")
            return Decimal(0)
        return Decimal(str(value))

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{key!r} must be true or false", key if key in self.table else "")
        return value is True

    def texts(self, key: str, low: int, high: int) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            self.fault(f"{key!r} must be a list of texts", key)
            return ()
        found = tuple(text.strip() for text in value)
        self.counted(key, found, low, high)
        return found

    def rows(self, key: str, low: int, high: int, name: str) -> list[_Reader]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.fault(f"{key!r} must be a list of tables", key)
            return []
        self.counted(key, tuple(str(row.get(name, "")).strip() for row in value), low, high)
        return [_Reader(row, self.faults, str(row.get(name, "")).strip() or key) for row in value]

    def counted(self, key: str, found: tuple[str, ...], low: int, high: int) -> None:
        if not low <= len(found) <= high:
            self.fault(f"{key!r} needs {low} to {high} entries, not {len(found)}", key)
        for text in sorted({text for text in found if text and found.count(text) > 1}):
            self.fault(f"{text!r} is there twice in {key!r}", text)


_Common = dict[str, str]


def _options(reader: _Reader, most: int) -> tuple[Option, ...]:
    options = []
    for row in reader.rows("options", FEWEST, most, "text"):
        row.only(frozenset({"text", "correct", "feedback"}))
        options.append(Option(row.text("text"), row.truth("correct", default=False), row.text("feedback")))
    return tuple(options)


def _single(reader: _Reader, common: _Common) -> Question:
    options = _options(reader, MOST)
    if sum(option.correct for option in options) != 1:
        reader.fault("exactly one option must have correct = true", "options")
    return Single(options=options, **common)


def _multiple(reader: _Reader, common: _Common) -> Question:
    options = _options(reader, MOST_OPTIONS)
    if not any(option.correct for option in options):
        reader.fault("at least one option must have correct = true", "options")
    return Multiple(options=options, **common)


def _true_false(reader: _Reader, common: _Common) -> Question:
    answer = reader.truth("answer")
    yes = Option("True", answer, reader.text("feedback_true"))
    no = Option("False", not answer, reader.text("feedback_false"))
    return TrueFalse(options=(yes, no), **common)


def _judged(reader: _Reader, common: _Common) -> dict[str, str]:
    return {
        **common,
        "feedback_right": reader.text("feedback_right"),
        "feedback_wrong": reader.text("feedback_wrong"),
    }


def _numeric(reader: _Reader, common: _Common) -> Question:
    answer, tolerance = reader.number("answer"), reader.number("tolerance", 0)
    if tolerance < 0:
        reader.fault("'tolerance' can't be below 0", "tolerance")
    unit = reader.text("unit", needed=False)
    return Numeric(answer=answer, tolerance=tolerance, unit=unit, **_judged(reader, common))


def _short(reader: _Reader, common: _Common) -> Question:
    answers = reader.texts("answers", 1, 30)
    if any(not any(c.isalnum() for c in answer) for answer in answers):
        reader.fault("an answer needs at least one letter or digit", "answers")
    return Short(answers=answers, **_judged(reader, common))


def _ordering(reader: _Reader, common: _Common) -> Question:
    return Ordering(items=reader.texts("items", FEWEST, MOST), **_judged(reader, common))


def _matching(reader: _Reader, common: _Common) -> Question:
    pairs = []
    for row in reader.rows("pairs", FEWEST, MOST, "left"):
        row.only(frozenset({"left", "right", "feedback"}))
        pairs.append(Pair(row.text("left"), row.text("right"), row.text("feedback")))
    extra = reader.texts("extra", 0, MOST)
    for text in sorted(set(extra) & {pair.right for pair in pairs}):
        reader.fault(f"{text!r} is in 'extra' but fits a pair", text)
    if pairs and len({pair.right for pair in pairs} | set(extra)) == 1:
        reader.fault("all right sides are the same", "pairs")
    return Matching(pairs=tuple(pairs), extra=extra, **common)


_JUDGED = {"feedback_right", "feedback_wrong"}
_TYPES: dict[str, tuple[frozenset[str], Callable[[_Reader, _Common], Question]]] = {
    "single": (frozenset({"options"}), _single),
    "multiple": (frozenset({"options"}), _multiple),
    "true-false": (frozenset({"answer", "feedback_true", "feedback_false"}), _true_false),
    "numeric": (frozenset({"answer", "tolerance", "unit", *_JUDGED}), _numeric),
    "short": (frozenset({"answers", *_JUDGED}), _short),
    "matching": (frozenset({"pairs", "extra"}), _matching),
    "ordering": (frozenset({"items", *_JUDGED}), _ordering),
}
KINDS = tuple(_TYPES)
