"""What certificates are called, what state they are in and what may be done with them.

Numbers are random, so that knowing one tells nothing of others, and easy to read out: their alphabet is Crockford's base 32
(https://www.crockford.com/base32.html), which leaves out letters that look like others.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from certificates import AwardError, check_recipient

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 12
BITS = 5 * (SYMBOLS - 1)
MARKS = {"course": "", "workshop": "W"}  # what the number of each kind bears before its symbols
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


PLACES = 131_072  # in a status list: so many hide who looks at which


class Status(StrEnum):
    """What a certificate is worth."""

    WAITING = "being made"
    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Act(StrEnum):
    """What the staff may do with a certificate."""

    REVOKE = "revoke"
    RESTORE = "restore"
    REISSUE = "reissue"


_ACTS = {Status.VALID: {Act.REVOKE, Act.REISSUE}, Status.REVOKED: {Act.RESTORE}}


def status(issued_at: datetime | None, revoked_at: datetime | None, superseded_at: datetime | None) -> Status:
    """Tell what a certificate is worth; one that was superseded stays so."""
    if issued_at is None:
        return Status.WAITING
    if superseded_at is not None:
        return Status.SUPERSEDED
    return Status.VALID if revoked_at is None else Status.REVOKED


def acts(status: Status, *, replaced: bool) -> set[Act]:
    """List what may be done with a certificate; while its next version is being made nothing may."""
    return set() if replaced else set(_ACTS.get(status, ()))


def printable(printed_name: str, name: str) -> str:
    """Give the name for the certificate as it is printed, or the other one if that one can't be."""
    try:
        return check_recipient(printed_name)
    except AwardError:
        return name


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
