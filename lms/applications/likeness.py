"""Whether two applications may be of the same person, and why: decided on plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from lms.core.names import plain

CLOSE = 0.86
SHORTEST_LOCAL = 5
FEWEST_WORDS = 2
_SHARED = frozenset("info contact office admin secretariat mail training enquiry".split())  # noqa: SIM905 - reads better so


@dataclass(frozen=True, slots=True)
class Face:
    """What an application is recognised by; `key` holds the name and the printed one, which may be in another script."""

    id: int
    key: str
    email: str
    country: str
    institution: str


def reasons(one: Face, other: Face) -> Iterator[str]:
    """Say why two may be the same person; nothing if they are not alike."""
    close = _close(one.key, other.key)
    local = _local(one.email) == _local(other.email) and _telling(_local(one.email))
    if _same_words(one.key, other.key):
        yield "the same name, in another order or script"
    elif close and (local or (one.country == other.country and plain(one.institution) == plain(other.institution))):
        yield "a similar name at the same institution" if not local else "a similar name"
    if local and (close or one.country == other.country):
        yield "the same beginning of the e-mail address"


def _same_words(one: str, other: str) -> bool:
    """Tell whether all words of the shorter name stand in the longer; whoever wrote two scripts has more words."""
    few, many = sorted((set(one.split()), set(other.split())), key=len)
    return len(few) >= FEWEST_WORDS and few <= many


def _close(one: str, other: str) -> bool:
    first, second = (" ".join(sorted(key.split())) for key in (one, other))
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= CLOSE and matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


def _local(address: str) -> str:
    return address.partition("@")[0].partition("+")[0].replace(".", "").lower()


def _telling(local: str) -> bool:
    return len(local) >= SHORTEST_LOCAL and local not in _SHARED
