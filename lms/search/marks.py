"""Where the words of a question stand in a text, and the piece of the text that shows them best."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lms.search.rules import LETTER, Phrase, Question, Word, fold, folded_offsets, stem

LENGTH = 220  # characters of a snippet
BEFORE = 60  # of them before the first hit
QUOTE = 30  # characters that find a place again
_LONGEST_QUOTE = 80
_WORD_END = re.compile(r"[^\W_](?![^\W_])")
_MOST_HITS = 300
_LETTER = re.compile(LETTER)
_JOINTS = ("\u17d2", "\u1039")  # Khmer and Burmese letters are stacked by these

Piece = tuple[str, bool]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text as (words, whether they were looked for); `quote` is what the text says from the first hit on, which is `at`."""

    pieces: tuple[Piece, ...]
    at: int = 0
    quote: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    phrase: int


def marked(text: str, question: Question) -> tuple[Piece, ...]:
    """Divide a whole text into what was looked for and the rest."""
    return _pieces(text, 0, len(text), _merged(_hits(text, question)))


def snippet(text: str, question: Question) -> Snippet:
    """Choose the piece of a text in which most of the question stands."""
    hits = _hits(text, question)
    if not hits:
        return Snippet(_pieces(text, 0, _cut(text, LENGTH), ()))
    best = max(hits, key=lambda hit: (_phrases_near(hits, hit), -hit.start))
    start = _begin(text, max(0, best.start - BEFORE), best.start)
    end = _cut(text, max(start + LENGTH, best.end))
    return Snippet(_pieces(text, start, end, _merged(hits)), best.start, _quote(text, best))


def _quote(text: str, hit: _Hit) -> str:
    """Give the words from a hit on to the end of the line, or as many as make the place unmistakable."""
    line, _, _ = text[hit.start : hit.start + _LONGEST_QUOTE].partition("\n")
    ends = [match.end() for match in _WORD_END.finditer(line)]
    return line[: next((end for end in ends if end >= QUOTE), ends[-1] if ends else 0)]


def _phrases_near(hits: Sequence[_Hit], first: _Hit) -> int:
    reach = first.start + LENGTH - BEFORE
    return len({hit.phrase for hit in hits if first.start <= hit.start and hit.end <= reach})


def _hits(text: str, question: Question) -> list[_Hit]:
    folded, offsets = _folded(text)
    found = []
    for number, phrase in enumerate(question.phrases):
        for start, end in _spans(folded, phrase):
            here, there = (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)
            found.append(_Hit(here, _whole(text, there), number))
            if len(found) >= _MOST_HITS:
                return found
    return sorted(found, key=lambda hit: hit.start)


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, list[int] | None]:
    """Fold a text; lessons, which are long, are found again and again."""
    return fold(text), folded_offsets(text)


def _spans(folded: str, phrase: Phrase) -> Iterator[Span]:
    last = len(phrase.words) - 1
    for match in _pattern(phrase).finditer(folded):
        if not phrase.words[0].run and match.start() and _LETTER.match(folded, match.start() - 1):
            continue  # it begins in the middle of a word
        same = (_meets(word, match[number + 1], begun=phrase.beginning and number == last) for number, word in enumerate(phrase.words))
        if all(same):
            yield match.span()


def _meets(word: Word, found: str, *, begun: bool) -> bool:
    return word.run or stem(found) == stem(word.text) or (begun and found.startswith(word.text))


@lru_cache(maxsize=256)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """Find every place where a phrase may stand; which of them it is, the stems tell."""
    pattern = ""
    for number, word in enumerate(phrase.words):
        if number:
            pattern += r"[\W_]*" if word.run or phrase.words[number - 1].run else r"[\W_]+"
        beginning = word.text if word.run else stem(word.text).removesuffix("i")  # which stands for a y, too
        pattern += f"({re.escape(beginning)})" if word.run else f"({re.escape(beginning)}{LETTER}*)"
    return re.compile(pattern)


def _merged(hits: Sequence[_Hit]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        if spans and hit.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return tuple(spans)


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> tuple[Piece, ...]:
    pieces: list[Piece] = [("… ", False)] if start else []
    at = start
    for here, there in spans:
        if here >= start and there <= end:
            pieces += [(text[at:here], False), (text[here:there], True)]
            at = there
    pieces += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    return tuple((words.replace("\n", " "), hit) for words, hit in pieces if words)


def _begin(text: str, at: int, latest: int) -> int:
    """Move on to where a word begins, but not past the hit."""
    space = text.find(" ", at, latest) if at else -1
    return space + 1 if space >= 0 else _whole(text, at)


def _cut(text: str, at: int) -> int:
    """Move back to where a word ends, if that is near."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 30, at)
    return space if space >= 0 else _whole(text, at)


def _whole(text: str, at: int) -> int:
    """Move on to where a character ends together with its marks."""
    while 0 < at < len(text) and (unicodedata.category(text[at]).startswith("M") or text[at - 1] in _JOINTS):
        at += 1
    return at
