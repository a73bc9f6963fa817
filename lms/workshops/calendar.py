"""The agenda as a calendar file (RFC 5545): moments in UTC, texts escaped, lines folded at 75 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from lms.workshops.talks import Talk

BYTES = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(talks: Iterable[Talk], name: str, host: str, now: datetime) -> bytes:
    """Write sessions as a calendar of this name; `host` makes the names of its entries unlike those of others."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lms//workshop//EN", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    for talk in talks:
        lines += _event(talk, host, now)
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(talk: Talk, host: str, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:session-{talk.id}@{host}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"SEQUENCE:{talk.version}"
    yield f"DTSTART:{_moment(talk.began_at or talk.starts_at)}"
    yield f"DTEND:{_moment(_end(talk))}"
    yield f"SUMMARY:{_text(talk.title)}"
    if talk.room:
        yield f"LOCATION:{_text(talk.room)}"
    named = [_named(one.name, one.affiliation) for one in talk.speakers if one.spoke is not False]
    if words := "\n".join(filter(None, [talk.about, *named])):
        yield f"DESCRIPTION:{_text(words)}"
    yield "END:VEVENT"


def _end(talk: Talk) -> datetime:
    """Give the end; never before the beginning, where only one of both is known as it was."""
    return max(talk.ended_at or talk.ends_at, talk.began_at or talk.starts_at)


def _named(name: str, affiliation: str) -> str:
    return f"{name}, {affiliation}" if affiliation else name


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """Break a line into pieces of at most 75 bytes, never inside a character."""
    pieces, room = [b""], BYTES
    for character in line:
        encoded = character.encode()
        if len(pieces[-1]) + len(encoded) > room:
            pieces.append(b"")
            room = BYTES - 1  # the blank at its beginning counts
        pieces[-1] += encoded
    return b"\r\n ".join(pieces) + b"\r\n"
