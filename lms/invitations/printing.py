"""Badges, sheets to sign, the list of participants and the lists for the journey as PDF; names in any script."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import segno

from lms.core import countries, press
from lms.invitations.emails import days
from lms.invitations.travel_lists import TravelList
from lms.invitations.values import HEADINGS, GatheringInfo, Participant, Sheet

DESIGNS = Path(__file__).parent / "designs"


def sheet(kind: Sheet, gathering: GatheringInfo, people: Sequence[Participant], signed: Sequence[str], today: date) -> bytes:
    """Print a sheet on A4; of those to sign, one for each of the half-days that are `signed`."""
    data = {
        "kind": kind,
        "heading": HEADINGS[kind],
        **_about(gathering),
        "halves": signed,
        "people": [_person(kind, one) for one in people],
    }
    return press.pdf(DESIGNS / "sheets.typ", data, today)


def _person(kind: Sheet, one: Participant) -> dict[str, str]:
    """Give what is printed of somebody; on badges, the code that the desk reads, too."""
    facts = {"name": one.name, "institution": one.institution, "country": countries.name(one.country)}
    if kind != Sheet.BADGES:
        return facts
    drawing = io.BytesIO()
    segno.make_qr(one.badge, error="m").save(drawing, kind="svg", border=0, xmldecl=False)
    return {**facts, "badge": one.badge, "qr": drawing.getvalue().decode()}


def travel(found: TravelList, gathering: GatheringInfo, today: date) -> bytes:
    """Print a list for the journey on A4, lying."""
    data = {"heading": found.heading, **_about(gathering), "heads": found.heads, "rows": found.rows, "widths": found.widths}
    return press.pdf(DESIGNS / "travel.typ", data, today)


def _about(gathering: GatheringInfo) -> dict[str, str]:
    return {"title": gathering.title, "place": gathering.place, "days": days(gathering)}
