"""Forms about workshops: checking in, marking, deciding, days, sessions, records, waivers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, DateTimeLocalField, Field, HiddenField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from lms.core.forms import Form, line, paragraphs, ticks
from lms.workshops import rules, talks
from lms.workshops.agenda import Plan, Report
from lms.workshops.rules import Hours, Need, Part
from lms.workshops.talks import Consent, Kind, Quote, Record, Speaker, Talk
from lms.workshops.values import HalfDayInfo

LONGEST = 10
FIRST_YEAR, LAST_YEAR = 2000, 2200
NEEDED = "Please fill this in."
MINUTE = "%Y-%m-%dT%H:%M"
MOST_LINES = 40
BETWEEN = "|"


def whole(said: str | int | None) -> int:
    """Read a number that a page carries along; 0 for what can't be one."""
    text = str(said or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


def _readable(_form: object, field: Field) -> None:
    if field.process_errors:
        field.errors = []
        message = "Please write it as the example shows."
        raise StopValidation(message)
    if isinstance(field.data, date) and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        message = f"Please give a date from {FIRST_YEAR} to {LAST_YEAR}."
        raise StopValidation(message)


class CheckIn(Form):
    """The code of a half-day as a participant types it."""

    code = line("Code of this half-day", most=20, hint="Six signs; the desk shows them.")


class Marks(Form):
    """What the desk marks of many; the states are read beside it."""

    reason = line("Reason for corrections and excuses", most=rules.REASON, required=False)


class Deciding(Form):
    """What somebody decides about a mark, and how they know."""

    reason = line("How you know", most=rules.REASON)


class WalkInForm(Form):
    """Somebody who came and is not on the list."""

    name = line("Name", most=200)
    institution = line("Institution", most=200, required=False)


class Days(Form):
    """The days of a workshop and the hours of its half-days."""

    first = DateField("First day", [InputRequired(NEEDED), _readable], description="Such as 2027-10-29.")
    last = DateField("Last day", [InputRequired(NEEDED), _readable])
    morning_from = TimeField("Morning from", [InputRequired(NEEDED), _readable], description="Such as 09:00, at the place of the workshop.")
    morning_to = TimeField("to", [InputRequired(NEEDED), _readable])
    afternoon_from = TimeField("Afternoon from", [InputRequired(NEEDED), _readable])
    afternoon_to = TimeField("to", [InputRequired(NEEDED), _readable])

    def validate_last(self, field: Field) -> None:
        """Refuse an end before the beginning, and more days than a workshop has."""
        count = (field.data - self.first.data).days + 1 if field.data and self.first.data else 1
        if not 1 <= count <= rules.MOST_DAYS:
            message = f"A workshop has from 1 to {rules.MOST_DAYS} days."
            raise ValidationError(message)

    def days(self) -> list[date]:
        """Give the days of a valid form."""
        first, last = self.first.data or date.min, self.last.data or date.min
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def hours(self) -> Hours:
        """Give the hours of a valid form."""
        spans = (self.morning_from.data, self.morning_to.data), (self.afternoon_from.data, self.afternoon_to.data)
        return dict(zip(Part, ((start or time(), end or time()) for start, end in spans), strict=True))


def days_as_they_are(halves: Sequence[HalfDayInfo], zone: str) -> dict[str, Any]:
    """Fill the form about the days in with what is laid out, or what is usual."""
    local, hours = ZoneInfo(zone), dict(rules.HOURS)
    for half in halves:
        hours[half.part] = half.opens_at.astimezone(local).time(), half.closes_at.astimezone(local).time()
    found = {f"{part}_{end}": hours[part][number] for part in Part for number, end in enumerate(("from", "to"))}
    return found | ({"first": halves[0].on, "last": halves[-1].on} if halves else {})


class WaiverForm(Form):
    """What a participant need not have, and why."""

    need = SelectField("What is waived", [InputRequired(NEEDED)], choices=[SelectChoice(one.value, one.value.capitalize()) for one in Need])
    reason = paragraphs("Reason", most=rules.REASON)


class Keeping(Form):
    """Why a certificate stands though attendance does not bear it any more."""

    why = line("Why it stands", most=rules.REASON)


def moment(label: str, *, required: bool = True) -> DateTimeLocalField:
    """Make a field for a moment on the clocks of the place."""
    needed = [InputRequired(NEEDED)] if required else [Optional()]
    hint = "Such as 2027-10-29T09:00, on the clocks of the place."
    return DateTimeLocalField(label, [*needed, _readable], format=[MINUTE, f"{MINUTE}:%S", "%Y-%m-%d %H:%M"], description=hint)


def _lines_of_speakers(_form: object, field: Field) -> None:
    rows = _rows(field.data)
    if len(rows) > MOST_LINES or any(not row[0] or len(row[0]) > talks.PLACE or len(row) > 3 for row in rows):  # noqa: PLR2004 - name, affiliation, remote
        message = f"Please write one a line: name | affiliation | remote. At most {MOST_LINES} lines."
        raise ValidationError(message)


def _rows(text: str | None) -> list[list[str]]:
    """Give the parts of the lines that are not empty."""
    return [[part.strip() for part in row.split(BETWEEN)] for row in (text or "").splitlines() if row.strip()]


def _speakers(text: str | None, *, planned: bool) -> tuple[Speaker, ...]:
    found = []
    for row in _rows(text):
        name, affiliation, remote = [*row, "", ""][:3]
        found.append(Speaker(name, affiliation, remote.lower() in {"remote", "yes"}, planned, None if planned else True))
    return tuple(found)


def _written(speakers: Iterable[Speaker]) -> str:
    rows = [[one.name, one.affiliation, *(["remote"] if one.remote else [])] for one in speakers]
    return "\n".join(f" {BETWEEN} ".join(row).rstrip(f" {BETWEEN}") for row in rows)


class SessionForm(Form):
    """A session as it is planned."""

    title = line("Title", most=talks.TITLE)
    kind = SelectField("Kind", [InputRequired(NEEDED)], choices=[SelectChoice(kind.value, kind.value.capitalize()) for kind in Kind])
    starts = moment("Begins")
    ends = moment("Ends")
    room = line("Room", most=talks.PLACE, required=False)
    about = paragraphs("About", most=talks.ABOUT, required=False)
    speakers = paragraphs(
        "Speakers", most=talks.ABOUT, required=False, hint="One a line: name | affiliation | remote. They need not be participants."
    )
    version = HiddenField("This page is out of date")

    def validate_speakers(self, field: Field) -> None:
        """Take lines of the right shape."""
        _lines_of_speakers(self, field)

    def plan(self, zone: str) -> Plan:
        """Give what a valid form says."""
        return Plan(
            title=self.title.data or "",
            kind=Kind(self.kind.data),
            starts_at=at_place(self.starts.data, zone),
            ends_at=at_place(self.ends.data, zone),
            room=self.room.data or "",
            about=self.about.data or "",
            speakers=_speakers(self.speakers.data, planned=True),
        )

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def at_place(naive: datetime | None, zone: str) -> datetime:
    """Say which moment the clocks of the place mean."""
    if naive is None:
        raise ValueError(NEEDED)
    return naive.replace(tzinfo=ZoneInfo(zone))


def session_as_it_is(talk: Talk, zone: str) -> dict[str, Any]:
    """Fill the form about a session in with what is planned."""
    local = ZoneInfo(zone)
    return {
        "title": talk.title,
        "kind": talk.kind,
        "starts": talk.starts_at.astimezone(local),
        "ends": talk.ends_at.astimezone(local),
        "room": talk.room,
        "about": talk.about,
        "speakers": _written(talk.planned),
        "version": str(talk.version),
    }


class Placing(Form):
    """Which case studies are presented in a session."""

    studies = ticks("Case studies", hint="Each has one slot: ticking it here takes it out of another session.", coerce=whole)

    def offer(self, studies: Iterable[tuple[int, str]]) -> None:
        """Offer these case studies, by id and title."""
        self.studies.choices = [SelectChoice(identity, title) for identity, title in studies]


class RecordForm(Form):
    """What a session brought, when it really was, who really spoke, what was said."""

    highlights = paragraphs("Highlights", most=talks.HIGHLIGHTS)
    began = moment("Actually began", required=False)
    ended = moment("Actually ended", required=False)
    spoke = ticks("Of those planned, these spoke")
    stand_ins = paragraphs("Others who spoke", most=talks.ABOUT, required=False, hint="One a line: name | affiliation | remote.")
    quotes = paragraphs(
        "Quotes",
        most=talks.HIGHLIGHTS,
        required=False,
        hint="One a line: who | asked, given or refused | what was said. Only those with given consent go into the report.",
    )
    version = HiddenField("This page is out of date")

    def offer(self, talk: Talk) -> None:
        """Offer those who are planned."""
        self.spoke.choices = [SelectChoice(one.name, one.name) for one in talk.planned]

    def validate_stand_ins(self, field: Field) -> None:
        """Take lines of the right shape."""
        _lines_of_speakers(self, field)

    def validate_quotes(self, field: Field) -> None:
        """Take lines of the right shape, each with a state of consent."""
        rows = [row.split(BETWEEN, 2) for row in (field.data or "").splitlines() if row.strip()]
        ok = all(len(row) == 3 and row[1].strip() in set(Consent) and all(part.strip() for part in row) for row in rows)  # noqa: PLR2004 - three parts
        if not ok or len(rows) > MOST_LINES or any(len(row[2]) > talks.QUOTE for row in rows):
            message = f"Please write one a line: who | asked, given or refused | what was said. At most {MOST_LINES} lines."
            raise ValidationError(message)

    def report(self, zone: str) -> Report:
        """Give what a valid form says."""
        quotes = [row.split(BETWEEN, 2) for row in (self.quotes.data or "").splitlines() if row.strip()]
        return Report(
            highlights=self.highlights.data or "",
            began_at=at_place(self.began.data, zone) if self.began.data else None,
            ended_at=at_place(self.ended.data, zone) if self.ended.data else None,
            spoke=tuple(self.spoke.data or ()),
            stand_ins=_speakers(self.stand_ins.data, planned=False),
            quotes=tuple(Quote(text.strip(), who.strip(), Consent(consent.strip())) for who, consent, text in quotes),
        )

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def record_as_it_is(talk: Talk, found: Record | None, zone: str) -> dict[str, Any]:
    """Fill the form about a record in: with what is written, or with what was planned."""
    local = ZoneInfo(zone)
    return {
        "highlights": found.highlights if found else "",
        "began": (talk.began_at or talk.starts_at).astimezone(local),
        "ended": (talk.ended_at or talk.ends_at).astimezone(local),
        "spoke": [one.name for one in talk.planned if one.spoke is not False],
        "stand_ins": _written(one for one in talk.speakers if not one.planned),
        "quotes": "\n".join(f"{quote.who} {BETWEEN} {quote.consent} {BETWEEN} {quote.text}" for quote in found.quotes) if found else "",
        "version": str(found.version if found else 0),
    }
