"""Names made comparable, so that one is found however it is typed: with or without accents, capitals and punctuation."""

from __future__ import annotations

import unicodedata

ACCENT = 200  # combining classes from here on are accents; vowels and tones of Thai, Lao, Khmer and Burmese lie below
SILENT = "'’\u2018`\u02bb\u02bc"  # nothing stands where an apostrophe was: O’Neill is found as oneill
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"})


def plain(text: str) -> str:
    """Fold a text to what is compared: words of plain small letters and digits, in any script, one space between them."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept = (character for character in folded if unicodedata.combining(character) < ACCENT and character not in SILENT)
    spaced = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in kept)
    return " ".join(spaced.split())


def search_key(name: str, printed_name: str) -> str:
    """Give what a person is searched and sorted by: the name, then the printed one where it is spelled otherwise."""
    first, second = plain(name), plain(printed_name)
    return first if second in {"", first} else f"{first} {second}"
