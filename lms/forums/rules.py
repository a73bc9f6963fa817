"""What may be done with topics and posts, and when: pure decisions on plain values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

ANNOUNCEMENTS = "announcements"
RESERVED = frozenset({ANNOUNCEMENTS, "flags", "posts", "preview", "read", "unread"})
MINUTES = 30
WINDOW = timedelta(minutes=MINUTES)
POSTS_A_PAGE = 30
TOPICS_A_PAGE = 20
# Posts a person may send in so many seconds.
MOST_POSTS, POSTS_SECONDS = 20, 600

_SCRIPTS = {
    "km": "\u1780-\u17ff\u19e0-\u19ff",
    "lo": "\u0e80-\u0eff",
    "th": "\u0e01-\u0e7f",
    "my": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
}
_ANY_SCRIPT = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_IN_SCRIPT = {language: re.compile(f"[{letters}]") for language, letters in _SCRIPTS.items()}
_LETTER = re.compile(r"[^\W\d_]")


class PostState(StrEnum):
    """Whether others see a post."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    FROZEN = "frozen"


class FlagState(StrEnum):
    """What became of a flag."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


CATEGORIES = {
    "rude": "It is rude, insulting or threatening",
    "advertising": "It is advertising or has nothing to do with the course",
    "personal": "It tells private things about somebody",
    "copied": "It is copied from somewhere without saying so",
    "wrong": "It is false or misleading",
    "other": "Something else",
}


def within_window(created_at: datetime, now: datetime) -> bool:
    """Tell whether a post is young enough for its author to change it or take it back."""
    return now < created_at + WINDOW


def why_no_reply(*, closed: bool, hidden: bool, locked: bool, lock_reason: str) -> str:
    """Say why nobody can write in a topic; empty if people can."""
    if closed:
        return "This edition is over: its forums can be read, but nothing new can be written."
    if hidden:
        return "This topic is hidden: nothing new can be written in it."
    if locked:
        return f"A tutor has locked this topic: {lock_reason}"
    return ""


def why_no_edit(state: str, created_at: datetime, now: datetime) -> str:
    """Say why an author can't change a post; empty if that is possible."""
    if state != PostState.VISIBLE:
        return "This post is not visible at the moment, so it can't be changed."
    if not within_window(created_at, now):
        return f"A post can be changed in its first {MINUTES} minutes. Please write a reply instead."
    return ""


def why_no_withdrawal(state: str, created_at: datetime, now: datetime, *, answered: bool) -> str:
    """Say why an author can't take a post back; empty if that is possible."""
    if state != PostState.VISIBLE:
        return "This post is not visible at the moment, so there is nothing to withdraw."
    if answered:
        return "Somebody has written after this post, so it stays. Ask a tutor if it does harm."
    if not within_window(created_at, now):
        return f"A post can be withdrawn in its first {MINUTES} minutes. Ask a tutor if it does harm."
    return ""


UNSEEN = {
    PostState.HIDDEN: "This post is hidden already.",
    PostState.WITHDRAWN: "The author has withdrawn this post: others do not see it.",
    PostState.FROZEN: "The author's account is frozen: others do not see this post.",
}


def why_no_hiding(state: str) -> str:
    """Say why a post can't be hidden; empty if that is possible."""
    return UNSEEN.get(PostState(state), "")


def why_no_flag(state: str, *, flagged: bool) -> str:
    """Say why a participant can't report a post; empty if that is possible."""
    if flagged:
        return "You have reported this post before. A tutor reads it, and you get a mail with the outcome."
    return "" if state == PostState.VISIBLE else "This post is not visible any more."


def language(text: str) -> str | None:
    """Tell the language of a text by its script, if most letters are Khmer, Lao, Thai or Burmese."""
    if not _ANY_SCRIPT.search(text):
        return None
    letters = "".join(_LETTER.findall(text))
    counts = {name: len(pattern.findall(letters)) for name, pattern in _IN_SCRIPT.items()}
    best = max(counts, key=counts.__getitem__)
    return best if 2 * counts[best] > len(letters) else None
