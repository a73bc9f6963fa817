"""Comparing what was typed with the records: numbers, rates, and what is referred to. Rules on plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from lms.core.figures import Figure, Kind, shown, value
from lms.core.reporting import STEPS
from lms.core.templating import rounded
from lms.reports import references
from lms.reports.rules import Contents, in_full

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: number for number, word in enumerate((*_UNITS, *_TEENS))}
WORDS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
WORDS |= {f"{ten}-{unit}": WORDS[ten] + WORDS[unit] for ten in _TENS for unit in _UNITS[1:]}
_NUMBER = rf"(?<![\w.,/-])(\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(sorted(WORDS, key=len, reverse=True))})(?![\w%]|[.,]\d|-\w)"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_OTHERS = "countries|modules|lessons|days|weeks|months|years|hours|minutes|institutions|ministries"
# A number speaks of what is at most two words away, with no such word between them.
_BETWEEN = rf"(?:\s+(?!(?:of|and|to|or|in|out|from|per|until|{_MONTHS}|{_OTHERS})\b)[A-Za-z-]+){{0,2}}?"
_PERCENT = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_GENDERED = re.compile(rf"{_NUMBER}\s+(women|men)\b", re.IGNORECASE)
_LABELLED = re.compile(r"\b(Figure|Graphic|Chart|Table|Annex)\s+(\d+)\b", re.IGNORECASE)
_ALIAS = {"graphic": "Figure", "chart": "Figure"}
_GENDER = {"women": "woman", "men": "man"}
_YEARS = range(1900, 2100)
_NEAR = 60
_MOST = 4
_SENTENCE = re.compile(r"[.!?]\s|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something typed that the records contradict, or that leads nowhere."""

    line: int
    text: str
    message: str


def findings(text: str, contents: Contents, numbered: Mapping[str, str]) -> list[Finding]:
    """Check what was written for a chapter, in the order in which it stands there."""
    known = references.known(contents, dict(numbered))
    found = [Finding(one.line, one.text, one.message) for one in references.unknown(text, known)]
    typed = references.PATTERN.sub(lambda match: "\x00" * len(match[0]), text)
    found += [*_counts(typed, contents), *_women_and_men(typed, contents), *_rates(typed, contents), *_labels(typed, numbered)]
    return sorted(found, key=lambda one: one.line)


def _counts(text: str, contents: Contents) -> Iterator[Finding]:
    """Find numbers beside a word by which a count is spoken of."""
    spoken = {word.lower(): figure for figure in contents.figures if figure.kind == Kind.COUNT for word in figure.words}
    if not spoken:
        return
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(spoken, key=len, reverse=True))
    for match in re.finditer(rf"{_NUMBER}({_BETWEEN})\s+({words})\b", text, re.IGNORECASE):
        number, figure = _number(match[1]), spoken[" ".join(match[3].lower().split())]
        if number not in _counted(figure) and number not in _YEARS:
            yield _finding(text, match, f"{figure.label}: the records have {_in_full(figure)}, not {number}.")


def _number(typed: str) -> int:
    return WORDS[typed.lower()] if typed.lower() in WORDS else int(typed.replace(",", "")[:18])


def _counted(figure: Figure) -> set[Decimal]:
    """Give all that a count may truly say: itself, and each of its rows."""
    numbers = (figure.numerator, *(part.numerator for part in figure.all_parts()))
    return {Decimal(number) for number in numbers if number is not None}


def _women_and_men(text: str, contents: Contents) -> Iterator[Finding]:
    counts = [figure for figure in contents.figures if figure.kind == Kind.COUNT]
    for match in _GENDERED.finditer(text):
        gender, across = _GENDER[match[2].lower()], f"country_{match[2].lower()}"
        parts = [(figure, part) for figure in counts if (part := figure.part("gender", gender))]
        rows = [*(part for _, part in parts), *(part for figure in counts for part in figure.by.get(across, ()))]
        known = {Decimal(part.numerator) for part in rows if part.numerator is not None}
        if parts and _number(match[1]) not in known:
            said = ", ".join(f"{figure.label.lower()} {shown(figure.kind, part.numerator)}" for figure, part in parts)
            yield _finding(text, match, f"No step has {_number(match[1])} {match[2].lower()}: {said}.")


def _rates(text: str, contents: Contents) -> Iterator[Finding]:
    rates = [figure for figure in contents.figures if figure.kind != Kind.COUNT]
    for match in _PERCENT.finditer(text):
        typed = Decimal(match[1].replace(",", "."))
        meant = _meant(text, match, rates)
        held = _values(meant) if meant else set().union(*map(_values, rates), (rate for rate, *_ in _pairs(contents)))
        if not any(_same(found, typed) for found in held):
            yield _finding(text, match, _explained(typed, meant, contents))


def _meant(text: str, match: re.Match[str], rates: Sequence[Figure]) -> Figure | None:
    """Find the rate that a sentence speaks of before the number, or right after it."""
    before = _SENTENCE.split(text[max(0, match.start() - _NEAR) : match.start()])[-1].lower()
    after = _SENTENCE.split(text[match.end() : match.end() + _NEAR // 2])[0].lower()
    spoken = [(before.rfind(word.lower()), figure) for figure in rates for word in figure.words if word.lower() in before]
    if spoken:
        return max(spoken, key=lambda pair: pair[0])[1]
    following = ((figure, rf"\W*(?:\w+\s+)?{re.escape(word.lower())}\b") for figure in rates for word in figure.words)
    return next((figure for figure, pattern in following if re.match(pattern, after)), None)


def _values(figure: Figure) -> set[Decimal]:
    rows = [(figure.numerator, figure.denominator), *((part.numerator, part.denominator) for part in figure.all_parts())]
    return {found for numerator, denominator in rows if (found := value(figure.kind, numerator, denominator)) is not None}


def _same(found: Decimal, typed: Decimal) -> bool:
    """Tell whether a value reads as it was typed, with as many places."""
    return rounded(found, max(0, -int(typed.as_tuple().exponent))) == typed


def _pairs(contents: Contents) -> list[tuple[Decimal, Figure, Figure]]:
    """Divide each count of the funnel by each that is at least as large; pairs of the same numbers once."""
    steps = [figure for name in STEPS if (figure := contents.figure(name)) and figure.numerator]
    found: dict[tuple[object, object], tuple[Decimal, Figure, Figure]] = {}
    for some, whole in permutations(steps, 2):
        if Decimal(some.numerator or 0) < Decimal(whole.numerator or 0):
            rate = value(Kind.RATE, some.numerator, whole.numerator) or Decimal()
            found.setdefault((some.numerator, whole.numerator), (rate, some, whole))
    return list(found.values())


def _explained(typed: Decimal, meant: Figure | None, contents: Contents) -> str:
    pairs = _pairs(contents)
    giving = [_said(*found) for found in pairs if _same(found[0], typed)]
    near = [_said(*found) for found in sorted(pairs, key=lambda found: abs(found[0] - typed))[:_MOST]]
    start = f"{meant.label}: the records have {_in_full(meant)}, not {typed} %. " if meant else f"No figure of the register is {typed} %. "
    if giving:
        return f"{start}{typed} % is {'; '.join(giving)}."
    return start + (f"No two counts give it; the nearest are {'; '.join(near)}." if near else "No two counts give it.")


def _said(rate: Decimal, some: Figure, whole: Figure) -> str:
    return f"{some.label.lower()} of {whole.label.lower()}, {some.numerator} / {whole.numerator} = {rounded(rate, 2)} %"


def _labels(text: str, numbered: Mapping[str, str]) -> Iterator[Finding]:
    """Find figures, tables and annexes that are spoken of and don't exist."""
    for match in _LABELLED.finditer(text):
        kind = _ALIAS.get(match[1].lower(), match[1].capitalize())
        there = [label for label in numbered.values() if label.startswith(f"{kind} ")]
        if f"{kind} {int(match[2][:9])}" not in there:
            last = f"the last is {there[-1]}" if there else "there is none"
            yield _finding(text, match, f"There is no {kind} {match[2][:9]}: {last}.")


def _in_full(figure: Figure) -> str:
    return in_full(figure.kind, figure.numerator, figure.denominator)


def _finding(text: str, match: re.Match[str], message: str) -> Finding:
    return Finding(references.line_of(text, match.start()), " ".join(match[0].split()), message)
