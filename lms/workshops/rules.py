"""What attendance is, how marks from several hands meet, and what the workshop's certificate takes: decided on plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no signs that look like others
CODE = 6
EARLY = timedelta(minutes=10)
MOST_DAYS = 20
REASON = 500


class State(StrEnum):
    """Whether somebody is there; who is excused is not."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


class How(StrEnum):
    """Where a mark comes from: the desk's list, the code that participants type, a paper sheet, a device that was offline."""

    LIST = "list"
    CODE = "code"
    PAPER = "paper"
    DEVICE = "device"


class Standing(StrEnum):
    """What became of a mark: it was taken, said the same as before, waits for somebody to decide, or was decided against."""

    TAKEN = "taken"
    SAME = "same"
    CONFLICT = "conflict"
    DROPPED = "dropped"


class Part(StrEnum):
    """The half of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


Hours = Mapping[Part, tuple[time, time]]
HOURS: Hours = {Part.MORNING: (time(9), time(12, 30)), Part.AFTERNOON: (time(14), time(17))}


@dataclass(frozen=True, slots=True)
class Half:
    """A half-day that is to be: the number of the day, which half, when."""

    day: int
    part: Part
    on: date
    opens_at: datetime
    closes_at: datetime


def halves(days: Sequence[date], hours: Hours, zone: str) -> tuple[Half, ...]:
    """Lay out the half-days of some days, at the hours of the named zone; raise `ValueError` for days or hours that can't be."""
    if not days or len(days) > MOST_DAYS or sorted(set(days)) != list(days):
        message = f"A workshop has from 1 to {MOST_DAYS} days, in order."
        raise ValueError(message)
    spans = list(hours.values())
    if not spans or any(start >= end for start, end in spans) or any(first[1] > then[0] for first, then in pairwise(spans)):
        message = "Each half-day must end after it begins, and the morning before the afternoon."
        raise ValueError(message)
    local = ZoneInfo(zone)
    return tuple(
        Half(number, part, day, datetime.combine(day, start, local), datetime.combine(day, end, local))
        for number, day in enumerate(days, 1)
        for part, (start, end) in hours.items()
    )


def code(random: int) -> str:
    """Make a code to type of a random number."""
    return "".join(ALPHABET[random // len(ALPHABET) ** place % len(ALPHABET)] for place in range(CODE))


def typed(text: str) -> str:
    """Give the code that somebody meant: in small letters, with blanks or dashes."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())[: CODE + 1]


def counts_at(opens_at: datetime, closes_at: datetime, now: datetime) -> datetime | None:
    """Tell from when on a code that is typed now counts: at the opening for who is early, not at all outside the half-day."""
    if not opens_at - EARLY <= now <= closes_at:
        return None
    return max(opens_at, now)


def meet(before: State | None, after: State, how: How, reason: str) -> Standing | None:
    """Decide what becomes of a mark where one may be there already; `None` if it takes a reason.

    Whoever is at the desk corrects with a reason. A code or a device that says otherwise decides nothing: somebody has to look.
    """
    if before is None:
        return Standing.TAKEN
    if before == after:
        return Standing.SAME
    if how in {How.CODE, How.DEVICE}:
        return Standing.CONFLICT
    return Standing.TAKEN if reason else None


class Need(StrEnum):
    """What the certificate of the workshop takes."""

    ATTENDANCE = "attendance"
    CASE_STUDY = "case study"
    QUESTIONNAIRE = "questionnaire"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a participant: the half-days there were and those attended, the case study, the overall questionnaire.

    `waived` are the needs for which two administrators have granted a waiver.
    """

    half_days: int
    attended: int
    graded: bool
    answered: bool
    waived: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class Met:
    """A need: whether it is met, by a waiver perhaps, and in words how it stands."""

    need: Need
    done: bool
    waived: bool
    words: str


def needs(facts: Facts) -> tuple[Met, ...]:
    """Say of each need of the certificate how it stands."""
    share = f"{100 * facts.attended // facts.half_days} %" if facts.half_days else "0 %"
    present = f"{facts.attended} of {facts.half_days} half-days attended ({share})"
    everywhere = 0 < facts.half_days == facts.attended
    found = {
        Need.ATTENDANCE: (everywhere, present if everywhere else f"{present}; it takes all, or a waiver"),
        Need.CASE_STUDY: (facts.graded, "The case study is graded" if facts.graded else "No case study with a released grade"),
        Need.QUESTIONNAIRE: (facts.answered, f"The overall questionnaire is {'' if facts.answered else 'not '}answered"),
    }
    return tuple(
        Met(need, done or need in facts.waived, not done and need in facts.waived, words) for need, (done, words) in found.items()
    )


def earns(facts: Facts) -> bool:
    """Tell whether every need is met or waived."""
    return all(met.done for met in needs(facts))


def why_not(facts: Facts) -> str:
    """Say in words what is missing; empty if nothing is."""
    return ". ".join(met.words for met in needs(facts) if not met.done)
