"""Marking answers: exact credit from 0 to 1, what to say, and the right answer in words.

Credit in parts: a multiple choice earns (right choices - wrong choices) / right options, never below 0;
matching earns the share of pairs that are right; ordering compares every two items and earns (pairs in the
right order - pairs in the wrong order) / all pairs, never below 0, so that one swap of neighbours costs
little, a reversed order earns nothing, and items without a place of their own count neither way. Everything
else is right or not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from lms.core.questions import (
    Answer,
    Choice,
    Judged,
    Matching,
    Numeric,
    Ordering,
    Question,
    Short,
)

_DIGITS = re.compile(r"(\d*)(?:[.,](\d*))?")
_GROUPED = re.compile(r"[1-9]\d{0,2}([., '])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u066b": ".", "\u066c": ","})
_PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_PER_CENT = ("per cent", "percent")


def credit(question: Question, answer: Answer | None) -> Fraction:
    """Tell how much of a question an answer got right, from 0 to 1."""
    if answer is None:
        return Fraction(0)
    match question:
        case Choice(options=options):
            right = {n for n, option in enumerate(options) if option.correct}
            chosen = set(answer)
            return max(Fraction(len(chosen & right) - len(chosen - right), len(right)), Fraction(0))
        case Numeric():
            return Fraction(_close(question, str(answer)))
        case Short(answers=answers):
            return Fraction(fold(str(answer)) in {fold(text) for text in answers})
        case Matching(pairs=pairs):
            return Fraction(sum(fits(question, n, answer) for n in range(len(pairs))), len(pairs))
        case Ordering(items=items):
            return _in_order(len(items), answer)
    message = f"no marking for {question.kind!r}"
    raise TypeError(message)


def _close(question: Numeric, text: str) -> bool:
    return any(abs(number - question.answer) <= question.tolerance for number in numbers(text, question.unit))


def fits(question: Matching, number: int, answer: Answer) -> bool:
    """Tell whether one of the left sides has its match."""
    rights, picked = question.rights, answer[number] if number < len(answer) else None
    return isinstance(picked, int) and picked < len(rights) and rights[picked] == question.pairs[number].right


def _in_order(count: int, answer: Answer) -> Fraction:
    places = [answer[n] if n < len(answer) else None for n in range(count)]
    steps = [
        after - before
        for before, after in combinations(places, 2)
        if isinstance(before, int) and isinstance(after, int)
    ]
    rising = sum(step > 0 for step in steps) - sum(step < 0 for step in steps)
    return max(Fraction(rising, count * (count - 1) // 2), Fraction(0))


def numbers(text: str, unit: str = "") -> frozenset[Decimal]:
    """Give every number that a text can mean: '1,234' is 1.234 to some and 1234 to others; none if none.

    Digits of any script, a decimal comma, the unit, and thousands set apart by blanks, commas, points or
    apostrophes are accepted.
    """
    latin = "".join(str(unicodedata.decimal(c, c)) for c in text.translate(_SIGNS))
    body = _without_unit(" ".join(latin.casefold().split()), " ".join(unit.casefold().split()))
    sign, body = (-1, body[1:].lstrip()) if body.startswith("-") else (1, body.removeprefix("+").lstrip())
    return frozenset(sign * number for number in _readings(body))


def _readings(body: str) -> Iterator[Decimal]:
    if not body.isascii() or not any(c.isdigit() for c in body):
        return
    if match := _DIGITS.fullmatch(body):
        yield Decimal(f"{match[1] or 0}.{match[2] or 0}")
    if match := _GROUPED.fullmatch(body):
        yield Decimal(body.replace(match[1], "").replace(",", "."))


def _without_unit(body: str, unit: str) -> str:
    for name in filter(None, _names(unit)):
        if body.endswith(name):
            return body.removesuffix(name).rstrip()
        if body.startswith(name):
            return body.removeprefix(name).lstrip()
    return body


def _names(unit: str) -> tuple[str, ...]:
    signs = (c for c in unit if unicodedata.category(c) == "Sc")
    return (unit, unit.removesuffix("s"), *signs, *(_PER_CENT if unit == "%" else ()))


def fold(text: str) -> str:
    """Reduce a text to what counts in a short answer.

    Case, accents on Latin letters, blanks, hyphens, quotes and points don't.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_PLAIN)
    kept = (
        c for c in bare if not c.isspace() and unicodedata.category(c) not in {"Pd", "Pi", "Pf", "Po", "Cf"}
    )
    return unicodedata.normalize("NFC", "".join(kept))


def oddity(question: Question, answer: Answer | None) -> str:
    """Say what is doubtful about an answer, not whether it is right; empty if nothing is."""
    if answer is None:
        return ""
    match question:
        case Numeric(unit=unit):
            return "" if numbers(str(answer), unit) else "This can't be read as a number."
        case Matching() if None in answer:
            return "Not every row has its match yet."
        case Ordering() if None in answer:
            return "Not every item has its place yet."
        case Ordering() if len(set(answer)) < len(answer):
            return "Two items have the same place."
    return ""


def feedback(question: Question, answer: Answer | None) -> tuple[str, ...]:
    """Give what the author says to who answered so, as lines of Markdown."""
    match question:
        case Choice(options=options, several=several):
            chosen = set(answer or ())
            said = [o for n, o in enumerate(options) if n in chosen or (several and o.correct)]
            return tuple(f"{o.text}: {o.feedback}" if several else o.feedback for o in said)
        case Judged():
            return (question.feedback_right if credit(question, answer) == 1 else question.feedback_wrong,)
        case Matching(pairs=pairs):
            return tuple(f"{pair.left} → {pair.right.rstrip('.')}. {pair.feedback}" for pair in pairs)
    return ()


def solution(question: Question) -> tuple[str, ...]:
    """Give the right answer for display, as lines of Markdown."""
    match question:
        case Choice(options=options):
            return tuple(option.text for option in options if option.correct)
        case Numeric(answer=answer, tolerance=tolerance, unit=unit):
            margin = f" (± {tolerance:f})" if tolerance else ""
            return (f"{answer:f} {unit}".strip() + margin,)
        case Short(answers=answers):
            return (answers[0],)
        case Matching(pairs=pairs):
            return tuple(f"{pair.left} → {pair.right}" for pair in pairs)
        case Ordering(items=items):
            return items
    return ()


def right_answer(question: Question) -> Answer:
    """Give an answer that earns full credit."""
    match question:
        case Choice(options=options):
            return [n for n, option in enumerate(options) if option.correct]
        case Numeric(answer=answer):
            return f"{answer:f}"
        case Short(answers=answers):
            return answers[0]
        case Matching(pairs=pairs, rights=rights):
            return [rights.index(pair.right) for pair in pairs]
        case Ordering(items=items):
            return list(range(len(items)))
    message = f"no answer for {question.kind!r}"
    raise TypeError(message)


def wrong_answer(question: Question) -> Answer | None:
    """Give an answer that earns nothing; no answer where everything else would earn something."""
    match question:
        case Choice(options=options, several=several):
            wrong: list[int | None] = [n for n, option in enumerate(options) if not option.correct]
            return (wrong if several else wrong[:1]) or None
        case Numeric(answer=answer, tolerance=tolerance):
            return f"{abs(answer) + 2 * tolerance + 1:.0f}0"
        case Short():
            return "?"
        case Matching(pairs=pairs, rights=rights):
            return [next(n for n, right in enumerate(rights) if right != pair.right) for pair in pairs]
        case Ordering(items=items):
            return list(reversed(range(len(items))))
    return None
