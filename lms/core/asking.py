"""Asking a question: shuffled by a seed, shown as controls, answered by form fields whatever they hold.

The seed stays on the server: whoever knew it could tell from the order what comes first.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lms.core.questions import (
    Answer,
    Choice,
    Matching,
    Ordering,
    Question,
    TrueFalse,
    invisible,
)

LONGEST = 200
NOT_OFFERED = "Something in this answer was not among what was offered. Please load the page again."
Fields = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the order in which somebody sees it: `order[shown]` is the author's number."""

    question: Question
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What form fields say: an answer, no answer, or a fault that keeps it from being one."""

    answer: Answer | None = None
    fault: str = ""


class Box(NamedTuple):
    """An option to choose; `number` is the author's."""

    value: str
    text: str
    number: int
    chosen: bool


class Row(NamedTuple):
    """Something beside which one of the choices is picked; `number` is the author's."""

    name: str
    label: str
    number: int
    choices: tuple[tuple[str, str], ...]
    value: str


def shuffled(count: int, seed: str) -> tuple[int, ...]:
    """Put the numbers below `count` into an order that depends on the seed alone, on every machine."""
    marks = [hashlib.blake2b(f"{seed}/{number}".encode(), digest_size=8).digest() for number in range(count)]
    return tuple(sorted(range(count), key=marks.__getitem__))


def ask(question: Question, seed: str) -> Asked:
    """Shuffle what can be shuffled; things to order are never shown in the right order."""
    match question:
        case TrueFalse():
            return Asked(question, (0, 1))
        case Choice(options=options):
            return Asked(question, shuffled(len(options), seed))
        case Matching(rights=rights):
            return Asked(question, shuffled(len(rights), seed))
        case Ordering(items=items):
            order = shuffled(len(items), seed)
            return Asked(question, order if order != tuple(range(len(items))) else (*order[1:], order[0]))
    return Asked(question)


def boxes(asked: Asked, answer: Answer | None) -> tuple[Box, ...]:
    """List the options of a choice as shown."""
    if not isinstance(asked.question, Choice):
        return ()
    options, chosen = asked.question.options, answer or ()
    return tuple(Box(str(at), options[n].text, n, n in chosen) for at, n in enumerate(asked.order))


def rows(asked: Asked, name: str, answer: Answer | None) -> tuple[Row, ...]:
    """List the rows of matching (left sides) or ordering (items, each with its place) as shown."""
    picked = answer if isinstance(answer, list) else []
    match asked.question:
        case Matching(pairs=pairs, rights=rights):
            choices = tuple((str(at), rights[n]) for at, n in enumerate(asked.order))
            shown = {n: str(at) for at, n in enumerate(asked.order)}
            return tuple(
                Row(f"{name}-{n}", pair.left, n, choices, _value(picked, n, shown))
                for n, pair in enumerate(pairs)
            )
        case Ordering(items=items):
            places = {n: str(n + 1) for n in range(len(items))}
            choices = tuple((value, value) for value in places.values())
            return tuple(
                Row(f"{name}-{at}", items[n], n, choices, _value(picked, n, places))
                for at, n in enumerate(asked.order)
            )
    return ()


def _value(picked: Sequence[int | None], number: int, values: dict[int, str]) -> str:
    found = picked[number] if number < len(picked) else None
    return "" if found is None else values.get(found, "")


def read(asked: Asked, name: str, fields: Fields) -> Reply:
    """Read the answer that form fields beginning with `name` give; never raises, whatever they hold."""
    match asked.question:
        case Choice(several=several):
            return _chosen(asked.order, fields(name), several=several)
        case Matching(pairs=pairs):
            given = {str(at): n for at, n in enumerate(asked.order)}
            return _picked([fields(f"{name}-{n}") for n in range(len(pairs))], given)
        case Ordering(items=items):
            places = {str(n + 1): n for n in range(len(items))}
            shown = {n: at for at, n in enumerate(asked.order)}
            return _picked([fields(f"{name}-{shown[n]}") for n in range(len(items))], places)
    return _typed(fields(name))


def _chosen(order: tuple[int, ...], values: Sequence[str], *, several: bool) -> Reply:
    offered = {str(at): n for at, n in enumerate(order)}
    given = {value for value in values if value}
    if not given <= offered.keys() or (len(given) > 1 and not several):
        return Reply(fault=NOT_OFFERED)
    return Reply([*sorted(offered[value] for value in given)] or None)


def _picked(values: Sequence[Sequence[str]], offered: dict[str, int]) -> Reply:
    found: list[int | None] = []
    for given in values:
        picks = {value for value in given if value}
        if len(picks) > 1 or not picks <= offered.keys():
            return Reply(fault=NOT_OFFERED)
        found.append(offered[picks.pop()] if picks else None)
    return Reply(None if all(pick is None for pick in found) else found)


def _typed(values: Sequence[str]) -> Reply:
    if len(values) > 1:
        return Reply(fault=NOT_OFFERED)
    text = unicodedata.normalize("NFC", values[0]).strip() if values else ""
    if odd := invisible(text):
        return Reply(fault=f"Please remove the invisible character U+{ord(odd):04X}.")
    if len(text) > LONGEST:
        return Reply(fault=f"Please use at most {LONGEST} characters.")
    return Reply(text or None)
