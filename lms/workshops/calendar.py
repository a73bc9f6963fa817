"""The agenda as entries of a calendar."""

from __future__ import annotations

from lms.core.calendars import Entry
from lms.workshops.talks import Talk


def entry(talk: Talk, host: str) -> Entry:
    """Give a session as it is in a calendar; `host` makes its name unlike those of others."""
    named = [_named(one.name, one.affiliation) for one in talk.speakers if one.spoke is not False]
    starts = talk.began_at or talk.starts_at
    # The end is never before the beginning, where only one of both is known as it was.
    ends = max(talk.ended_at or talk.ends_at, starts)
    words = "\n".join(filter(None, [talk.about, *named]))
    return Entry(f"session-{talk.id}@{host}", starts, ends, talk.title, talk.room, words, version=talk.version)


def _named(name: str, affiliation: str) -> str:
    return f"{name}, {affiliation}" if affiliation else name
