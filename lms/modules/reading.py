"""How much there is to read in a lesson: its words as a reader meets them, and the minutes that they take."""

from __future__ import annotations

import re

_NOTES = re.compile(r"^\[\^[^\]\s]+\]:.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*", re.MULTILINE)
_MARK = re.compile(r"\[\^[^\]\s]+\]")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]+(?:\s+\"([^\"]*)\")?\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]+(?:\s+\"[^\"]*\")?\)")
_WORD = re.compile(r"[^\W_]+(?:[-'’.,/][^\W_]+)*")
SLACK = 0.25


def words(markdown: str) -> int:
    """Count the words of a lesson's body: with headings, tables and captions, without footnotes, addresses and text alternatives."""
    text = _MARK.sub(" ", _NOTES.sub("", markdown))
    text = _PICTURE.sub(lambda match: match[1] or " ", text)
    return len(_WORD.findall(_LINK.sub(r"\1", text)))


def minutes(count: int, words_per_minute: int) -> int:
    """Tell how many whole minutes so many words take, at least one."""
    return max(1, round(count / words_per_minute))


def fits(stated: int, count: int, words_per_minute: int) -> bool:
    """Tell whether stated minutes are within a quarter, or a minute, of what so many words take."""
    needed = count / words_per_minute
    return abs(stated - needed) <= max(1, SLACK * needed)
