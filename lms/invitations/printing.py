"""Badges, sheets to sign and the list of participants as PDF, for those who come; names in any script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock

from typst import Compiler, Fonts

from certificates.coverage import FONTS
from lms.core import countries
from lms.invitations.emails import day, days
from lms.invitations.values import GatheringInfo, Participant

DESIGNS = Path(__file__).parent / "designs"
PARTS = ("morning", "afternoon")
_lock = Lock()


class Sheet(StrEnum):
    """What can be printed."""

    BADGES = "badges"
    SIGN_IN = "sign-in"
    PARTICIPANTS = "participants"


HEADINGS = {Sheet.BADGES: "Badges", Sheet.SIGN_IN: "Sheets to sign", Sheet.PARTICIPANTS: "Participants"}


def pdf(sheet: Sheet, gathering: GatheringInfo, people: Sequence[Participant], today: date) -> bytes:
    """Print a sheet on A4, tagged and accessible (PDF/UA-1); the same people on the same day give the same bytes."""
    data = {
        "kind": sheet,
        "heading": HEADINGS[sheet],
        "title": gathering.title,
        "place": gathering.place,
        "days": days(gathering),
        "halves": list(halves(gathering)),
        "people": [{"name": one.name, "institution": one.institution, "country": countries.name(one.country)} for one in people],
    }
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    with _lock:
        made = _compiler().compile(
            input=str(DESIGNS / "sheets.typ"),
            format="pdf",
            sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=midnight,
        )
    if not isinstance(made, bytes):
        message = "the typesetter returned no document"
        raise TypeError(message)
    return made


def halves(gathering: GatheringInfo) -> Iterator[str]:
    """Name every half-day of a workshop, in order."""
    for number in range((gathering.ends_on - gathering.starts_on).days + 1):
        words = day(gathering.starts_on + timedelta(days=number))
        yield from (f"{words}, {part}" for part in PARTS)


@cache
def _compiler() -> Compiler:
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return Compiler(root=str(DESIGNS), font_paths=fonts, ignore_system_fonts=True)
