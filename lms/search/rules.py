"""Words: how texts and questions become the same plain terms, whatever the accents, the case or the script.

The terms are ASCII letters and digits alone, so that each database stores and compares them as they are, and both answer alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_QUESTION = 200
MOST_PHRASES = 10
HITS_A_PAGE = 20
MOST_PAGES = 10
INDEX = 1  # of these rules: documents that were indexed by other ones are indexed anew
_LONGEST_WORD = 64
_SHORTEST_BEGINNING = 2
_SHORTEST_PLURAL = 4

# Letters that no decomposition brings back to those which people type instead of them.
_LIKE = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "\u0131": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# Scripts that are written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_RUN = (
    "\u0e00-\u0eff\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17dc-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Words with their vowel signs, which Python does not count among letters (Tamil, Hindi and their kin).
LETTER = rf"(?:[^\W_{_RUN}]|[\u0900-\u0963\u0966-\u0dff])"
_WORD = re.compile(rf"(?P<run>[{_RUN}]+)|{LETTER}+")
_QUOTES = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')


class _Folding(dict[int, str]):
    """What each character is folded to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) == "Cf":  # invisible: where a word may break, which way it runs
            folded = ""
        elif not (char.isalnum() or unicodedata.combining(char)):
            folded = char
        else:
            plain = unicodedata.normalize("NFKC", char).casefold()
            bare = _ACCENT.sub("", unicodedata.normalize("NFD", plain))
            folded = "".join(_LIKE.get(c, c) for c in unicodedata.normalize("NFC", bare))
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Give a text in small letters without accents."""
    return text.translate(_FOLDING)


def folded_offsets(text: str) -> list[int] | None:
    """Tell from which character of a text each one of its folded form comes; `None` where they are the same."""
    if text.isascii() or all(len(_FOLDING[ord(char)]) == 1 for char in set(text)):
        return None
    offsets = [at for at, char in enumerate(text) for _ in _FOLDING[ord(char)]]
    return [*offsets, len(text)]


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, or a `run` of a script that is written without spaces."""

    text: str
    run: bool

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that it is found by: its stem, or its pairs of characters and the last one."""
        if self.run:
            return tuple(self.text[at : at + 2] for at in range(len(self.text)))
        return (stem(self.text[:_LONGEST_WORD]),)


def words(folded: str) -> Iterator[Word]:
    """Take a folded text apart."""
    for match in _WORD.finditer(folded):
        yield Word(match[0], match["run"] is not None)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Let English words meet their plurals: 'registries', 'registry'; other words stay as they are."""
    if len(word) < _SHORTEST_PLURAL or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and word[-2] not in "aeiou" else word


def plain_term(term: str) -> str:
    """Write a term in ASCII; terms that begin alike still do."""
    return term if term.isascii() else "x" + "".join(f"{ord(char):05x}" for char in term)


def index_terms(text: str) -> str:
    """Give the terms by which a text is found, in order."""
    return " ".join(plain_term(term) for word in words(fold(text)) for term in word.terms)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; the last one may be the `beginning` of a word."""

    words: tuple[Word, ...]
    beginning: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """Its terms in order; where a run ends the phrase, other characters may follow it."""
        found = tuple(term for word in self.words for term in word.terms)
        last = self.words[-1]
        return found[:-1] if last.run and len(last.text) > 1 else found


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for: all of these phrases."""

    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.phrases)


def parse(text: str) -> Question:
    """Read what somebody typed: words, and phrases in quotation marks; nothing in it can be wrong."""
    parts = _QUOTES.split(text[:LONGEST_QUESTION])
    phrases: dict[Phrase, None] = {}
    for number, part in enumerate(parts):
        quoted = number % 2 == 1 and number < len(parts) - 1
        for chunk in (part,) if quoted else part.split():
            if found := tuple(words(fold(chunk))):
                phrases[Phrase(found)] = None
    kept = list(phrases)[:MOST_PHRASES]
    if kept and parts[-1].split()[-1:] and tuple(words(fold(parts[-1].split()[-1]))) == kept[-1].words:
        kept[-1] = Phrase(kept[-1].words, _may_begin(kept[-1].words[-1]))
    return Question(tuple(kept))


def _may_begin(last: Word) -> bool:
    return len(last.text) == 1 if last.run else len(last.text) >= _SHORTEST_BEGINNING


def fts5(question: Question) -> str:
    """Write a question for SQLite's FTS5."""
    return " AND ".join(_fts5(phrase) for phrase in question.phrases)


def _fts5(phrase: Phrase) -> str:
    exact = f'"{" ".join(map(plain_term, phrase.terms))}"'
    if not phrase.beginning:
        return exact
    return f'({exact} OR "{" ".join(_begun(phrase))}" *)'


def tsquery(question: Question, weight: str = "") -> str:
    """Write a question for PostgreSQL; `weight` 'A' looks at titles alone."""
    return " & ".join(_tsquery(phrase, weight) for phrase in question.phrases)


def _tsquery(phrase: Phrase, weight: str) -> str:
    mark = f":{weight}" if weight else ""
    exact = " <-> ".join(f"'{plain_term(term)}'{mark}" for term in phrase.terms)
    if not phrase.beginning:
        return f"({exact})"
    begun = [f"'{term}'{mark}" for term in _begun(phrase)]
    begun[-1] = f"{begun[-1].partition(':')[0]}:*{weight}"
    return f"(({exact}) | ({' <-> '.join(begun)}))"


def _begun(phrase: Phrase) -> list[str]:
    """Give the terms of a phrase whose last word is only begun: that one as it was typed."""
    return [plain_term(term) for term in (*phrase.terms[:-1], phrase.words[-1].text[:_LONGEST_WORD])]
