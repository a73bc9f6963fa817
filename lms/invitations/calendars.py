"""A workshop as an entry for calendars (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lms.invitations.values import GatheringInfo

LONGEST = 75  # octets of a line


def calendar(gathering: GatheringInfo, uid: str, url: str, now: datetime) -> str:
    """Write a calendar of one entry: all days of the workshop."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//lms//invitations//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{gathering.version}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{gathering.starts_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{gathering.ends_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(gathering.title)}",
        f"LOCATION:{_text(gathering.place)}",
        f"URL:{url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _text(value: str) -> str:
    for character, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(character, written)
    return value


def _folded(line: str) -> Iterator[str]:
    """Break a line after so many octets at most, never inside of a character; what follows begins with a blank."""
    part = ""
    for character in line:
        if len((part + character).encode()) > LONGEST:
            yield part
            part = " "
        part += character
    yield part
