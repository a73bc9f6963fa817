"""Numbers of certificates: random, so that knowing one tells nothing of others, and easy to read out.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html), which leaves out letters that look like others.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
BITS = 5 * (SYMBOLS - 1)
MARKS = {"course": "", "workshop": "W"}  # what the number of each kind bears before its symbols
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def number(prefix: str, random: int) -> str:
    """Make a number such as DITD-7K3M-9Q2X-04TB of 55 random bits; the last symbol checks the others."""
    symbols = "".join(ALPHABET[(random >> (5 * place)) & 31] for place in range(SYMBOLS - 1))
    symbols += _check(symbols)
    head = "".join(letter for letter in prefix.upper() if letter.isascii() and letter.isalnum())[:12] or "C"
    return "-".join([head, symbols[:4], symbols[4:8], symbols[8:]])


def normal(typed: str) -> str:
    """Give the number that somebody meant who typed it with blanks, in small letters, or with O for 0."""
    plain = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    head, tail = plain[:-SYMBOLS], plain[-SYMBOLS:].translate(_ALIKE)
    return "-".join([head, tail[:4], tail[4:8], tail[8:]])


def sound(number: str) -> bool:
    """Tell whether the last symbol fits the others: one wrong symbol, or two that changed places, never do."""
    symbols = number.replace("-", "")[-SYMBOLS:]
    return len(symbols) == SYMBOLS and set(symbols) <= set(ALPHABET) and _check(symbols[:-1]) == symbols[-1]


def _check(symbols: str) -> str:
    """Evaluate the symbols as a polynomial over the field of 32 elements, at 2: each place has a weight of its own."""
    value = 0
    for symbol in symbols:
        value = _doubled(value ^ ALPHABET.index(symbol))
    return ALPHABET[value]


def _doubled(value: int) -> int:
    return value << 1 if value < 16 else value << 1 ^ 0b100101  # noqa: PLR2004 - half of the field; x^5 + x^2 + 1
