"""What reports tell of a workshop: attendance by day, the agenda, who spoke, what sessions brought, what may be quoted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from lms.core.figures import Annex, Figure, Kind, Part, Phase
from lms.core.viewer import edition_by_id
from lms.workshops import programme, sheets
from lms.workshops.talks import Speaker, Talk


def figures(edition_id: int) -> Iterator[Figure]:
    """Give attendance by day and of all half-days, once there are any."""
    sheet = sheets.attendance(edition_id)
    if not sheet.half_days:
        return
    here = len(sheet.attended())
    days = sorted({half.day for half in sheet.half_days})
    parts = tuple(Part(str(day), f"Day {day}", len(sheet.attended(day)), here) for day in days)
    words = "Participants present on a day, at least for half of it, of those present at all; added up over the days."
    there = sum(len(sheet.attended(day)) for day in days)
    yield Figure("daily_attendance", Phase.WORKSHOP, "Daily attendance", words, there, here * len(days), Kind.RATE, {"day": parts})
    words = "Participants present in every half-day, of those present at all."
    spoken = ("full attendance",)
    yield Figure("full_attendance", Phase.WORKSHOP, "Full attendance", words, len(sheet.full), here, Kind.RATE, words=spoken)


def annexes(edition_id: int) -> Iterator[Annex]:
    """Give the agenda, the speakers, the records of sessions, and what was said by those who let themselves be quoted."""
    zone = ZoneInfo(edition_by_id(edition_id).zone)
    talks = programme.agenda(edition_id)
    if talks:
        rows = tuple((_when(talk, zone), talk.title, talk.room, _named(talk.actual or talk.planned)) for talk in talks)
        yield Annex("agenda", "Agenda", ("When", "Session", "Room", "Speakers"), rows)
    speakers = dict.fromkeys((one.name, one.affiliation) for talk in talks for one in talk.actual or talk.planned)
    if speakers:
        yield Annex("speakers", "Speakers", ("Name", "Affiliation"), tuple(sorted(speakers)))
    titles = {talk.id: talk for talk in talks}
    records = [record for record in programme.records(edition_id) if record.session_id in titles]
    if records:
        sessions = tuple((titles[one.session_id].title, _when(titles[one.session_id], zone), one.highlights) for one in records)
        yield Annex("session_records", "Records of the sessions", ("Session", "When", "Highlights"), sessions, prose=True)
    if quotes := programme.quotable(edition_id):
        note = "Quoted with the consent of those who said it."
        yield Annex("quotes", "Quotations", ("What was said", "By"), tuple((quote.text, quote.who) for quote in quotes), note)


def _when(talk: Talk, zone: ZoneInfo) -> str:
    begin, end = ((talk.began_at or talk.starts_at).astimezone(zone), (talk.ended_at or talk.ends_at).astimezone(zone))
    return f"{_day(begin)}, {begin:%H:%M} to {end:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B}"


def _named(speakers: tuple[Speaker, ...]) -> str:
    return ", ".join(f"{one.name}{' (remote)' if one.remote else ''}" for one in speakers)
