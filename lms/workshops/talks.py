"""Plain values about a workshop's sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TITLE, PLACE, ABOUT, HIGHLIGHTS, QUOTE = 200, 120, 2_000, 8_000, 1_000


class Kind(StrEnum):
    """What a session is for."""

    TALK = "talk"
    CASE_STUDIES = "case studies"
    GROUP_WORK = "group work"
    CEREMONY = "ceremony"
    BREAK = "break"


class Consent(StrEnum):
    """Whether who said something agrees to be quoted."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks and need not be a participant; `spoke` is not known before the session."""

    name: str
    affiliation: str = ""
    remote: bool = False
    planned: bool = True
    spoke: bool | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A case study that is presented in a session, by whom."""

    case_study_id: int
    title: str
    presenter: str
    country: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A session in the agenda: as planned, and when it really was."""

    id: int
    title: str
    kind: Kind
    room: str
    about: str
    starts_at: datetime
    ends_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    version: int
    speakers: tuple[Speaker, ...]
    slots: tuple[Slot, ...]
    recorded: bool

    @property
    def planned(self) -> tuple[Speaker, ...]:
        """Those who are to speak."""
        return tuple(one for one in self.speakers if one.planned)

    @property
    def actual(self) -> tuple[Speaker, ...]:
        """Those who spoke, as far as that is known."""
        return tuple(one for one in self.speakers if one.spoke)


@dataclass(frozen=True, slots=True)
class Quote:
    """Something that was said, by whom, and whether it may be quoted."""

    text: str
    who: str
    consent: Consent
    enrolment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a session brought."""

    session_id: int
    highlights: str
    quotes: tuple[Quote, ...]
    by: str
    submitted_at: datetime
    version: int
