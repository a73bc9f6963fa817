"""Numbers of certificates: random, so that knowing one tells nothing of others, and easy to read out.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html), which leaves out letters that look like others.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def number(prefix: str, random: int) -> str:
    """Make a number such as DITD-7K3M-9Q2X-04TB of 60 random bits."""
    symbols = "".join(ALPHABET[(random >> (5 * place)) & 31] for place in range(SYMBOLS))
    head = "".join(letter for letter in prefix.upper() if letter.isascii() and letter.isalnum())[:12] or "C"
    return "-".join([head, symbols[:4], symbols[4:8], symbols[8:]])


def normal(typed: str) -> str:
    """Give the number that somebody meant who typed it with blanks, in small letters, or with O for 0."""
    plain = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    head, tail = plain[:-SYMBOLS], plain[-SYMBOLS:].translate(_ALIKE)
    return "-".join([head, tail[:4], tail[4:8], tail[8:]])
