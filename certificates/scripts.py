"""The scripts a text is written in: its parts by language, and where it begins to read."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

# First and last code point, language. Latin is left out: it takes the language of the document.
_BLOCKS = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0600, 0x06FF, "ar"),
    (0x0750, 0x077F, "ar"),
    (0x08A0, 0x08FF, "ar"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x1000, 0x109F, "my"),
    (0x1780, 0x17FF, "km"),
    (0x19E0, 0x19FF, "km"),
    (0x1F00, 0x1FFF, "el"),
    (0x3040, 0x30FF, "ja"),
    (0x3400, 0x9FFF, "zh"),
    (0xAA60, 0xAA7F, "my"),
    (0xF900, 0xFAFF, "zh"),
    (0xFB50, 0xFDFF, "ar"),
    (0xFE70, 0xFEFC, "ar"),
    (0x20000, 0x323AF, "zh"),
)
_RIGHT_TO_LEFT = ("R", "AL")
_DIRECTED = ("L", *_RIGHT_TO_LEFT)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text in one script, with the language tag that suits it."""

    text: str
    lang: str


def parts_of(text: str, otherwise: str) -> list[Part]:
    """Divide a text by script; signs, digits and spaces stay with the letters before them, Latin gets the given tag."""
    tags: list[str] = []
    for character in text:
        follows = tags and not unicodedata.category(character).startswith("L")
        tags.append(tags[-1] if follows else _language(character, otherwise))
    pairs = zip(text, tags, strict=True)
    return [Part("".join(c for c, _ in run), tag) for tag, run in groupby(pairs, key=lambda pair: pair[1])]


def reads_right_to_left(text: str) -> bool:
    """Say whether a line of its own that holds this text starts at the right."""
    directions = (unicodedata.bidirectional(c) for c in text)
    return next((d for d in directions if d in _DIRECTED), "L") in _RIGHT_TO_LEFT


@lru_cache(maxsize=4096)
def _language(character: str, otherwise: str) -> str:
    code = ord(character)
    return next((tag for first, last, tag in _BLOCKS if first <= code <= last), otherwise)
