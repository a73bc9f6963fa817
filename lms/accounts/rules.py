"""Which passwords are good enough; after NIST SP 800-63B-4, section 3.1.1: length and a block list, no character classes."""

from __future__ import annotations

import re
from itertools import pairwise

SHORTEST = 10
SHORTEST_KNOWN = 2
FEWEST_LETTERS = 5
# The commonest passwords, in small letters and without the digits and signs that people put behind them.
_COMMON = frozenset(
    "password passwort passw0rd p@ssw0rd p@ssword pass word welcome letmein admin administrator administrador root guest "  # noqa: SIM905 - a list of words reads better so
    "login qwerty qwertyuiop qwertyuiopasdf qwerty1234qwerty asdfghjkl asdfghjklz zxcvbnm azerty azertyuiop qazwsx qazwsxedc qazwsxedcrfv "
    "1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx zaq12wsxcde q1w2e3r4t5 q1w2e3r4t5y6 abcd abc abcdef abcdefghij a1b2c3d4e5 "
    "iloveyou iloveyouforever loveyou lovely princess sunshine rainbow butterfly football basketball baseball badminton superman batman "
    "spiderman pokemon dragon monkey master michael jennifer liverpool chelsea arsenal manchester barcelona computer internet samsung "
    "changeme default secret trustno1 trustno1trustno starwars whatever blessed jesus jesuschrist godisgood godbless "
    "summer winter spring autumn january february march april may june july august september october november december monday friday "
    "indonesia indonesiaraya singapore malaysia malaysiaboleh thailand philippines pilipinas vietnam cambodia laos myanmar brunei jakarta "
    "bangkok manila hanoi saigon anhyeuem emyeuanh matkhau sayang sayangku bismillah alhamdulillah doraemon mahalkita akocute "
    "correcthorsebatterystaple thequickbrownfox".split()
)
_BETWEEN = re.compile(r"[\s.,@_+'-]+")
_TAIL = "0123456789 !?.,@#$%&*_-+="


def password_fault(password: str, *known: str) -> str | None:
    """Say why a password can't be used; `known` are things others know of the person (name, address)."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters; a few words in a row are easy to remember."
    if _is_common(lowered):
        return "This password is among the first that others would try. Please choose another."
    if _is_known(lowered, known):
        return "This password is made of your name or address. Please choose another."
    return None


def _is_common(lowered: str) -> bool:
    joined = lowered.replace(" ", "")
    steps = {ord(after) - ord(before) for before, after in pairwise(joined)}
    repeated = joined in (joined + joined)[1:-1]
    words = {joined, joined.rstrip(_TAIL), joined.strip(_TAIL)}
    return len(set(lowered)) < FEWEST_LETTERS or len(steps) == 1 or repeated or bool(words & _COMMON) or joined.isdigit()


def _is_known(lowered: str, known: tuple[str, ...]) -> bool:
    """Tell whether too little is left of a password without the words that others know of the person."""
    words = {word for text in known for word in _BETWEEN.split(text.lower()) if len(word) >= SHORTEST_KNOWN}
    rest = lowered
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != lowered and len(_BETWEEN.sub("", rest)) < SHORTEST - 4
