"""Calendar files (RFC 5545): moments in UTC or whole days, texts escaped, lines folded at 75 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Response

BYTES = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows; days instead of moments mean all day, and the last is the day after. `version` grows with each change."""

    uid: str
    starts: date | datetime
    ends: date | datetime
    title: str
    place: str = ""
    words: str = ""
    url: str = ""
    version: int = 0


def calendar(entries: Iterable[Entry], name: str, now: datetime) -> bytes:
    """Write entries as a calendar of this name."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lms//calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for entry in entries:
        lines += _event(entry, now)
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def sent(body: bytes, name: str) -> Response:
    """Send a calendar as a file of this name."""
    response = Response(body, mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _event(entry: Entry, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"SEQUENCE:{entry.version}"
    yield f"DTSTART{_when(entry.starts)}"
    yield f"DTEND{_when(entry.ends)}"
    yield f"SUMMARY:{_text(entry.title)}"
    for field, words in (("LOCATION", entry.place), ("DESCRIPTION", entry.words)):
        if words:
            yield f"{field}:{_text(words)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _when(value: date | datetime) -> str:
    return f":{_moment(value)}" if isinstance(value, datetime) else f";VALUE=DATE:{value:%Y%m%d}"


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
