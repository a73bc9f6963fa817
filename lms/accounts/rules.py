"""Which passwords are good enough; after NIST SP 800-63B-4, section 3.1.1: length and a block list, no character classes."""

from __future__ import annotations

SHORTEST = 10
_COMMON = frozenset(
    ["1234567890", "0123456789", "9876543210", "1q2w3e4r5t", "qwertyuiop", "qwerty12345", "qwerty1234", "asdfghjkl1", "password12", "password123", "password1234", "passw0rd123", "p@ssw0rd123", "iloveyou123", "welcome123", "welcome1234", "admin12345", "administrator", "letmein123", "abcdefghij", "abcd123456", "abc1234567", "1qaz2wsx3edc", "zaq12wsxcde", "11223344556", "indonesia123", "singapore123", "malaysia123", "thailand123", "philippines", "vietnam123", "cambodia123", "changeme123", "football123", "sunshine123", "princess123", "trustno1trustno1"]  # noqa: E501 - one pattern or list
)


def password_fault(password: str, *known: str) -> str | None:
    """Say why a password can't be used; `known` are things others know of the person (name, address)."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters; a few words in a row are easy to remember."
    if lowered in _COMMON or len(set(lowered)) < 5:  # noqa: PLR2004 - the number explains itself here
        return "This password is among the first that others would try. Please choose another."
    for word in known:
        if len(word) > 3 and word.lower() in lowered and len(password) - len(word) < SHORTEST - 4:  # noqa: PLR2004 - the number explains itself here
            return "This password is made of your name or address. Please choose another."
    return None
