"""What can become of an invitation, and what stands in the way: decided on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.invitations.values import Act, GatheringInfo, Journey, Standing, State

PROPOSED, INVITED, ACCEPTED, DECLINED, EXPIRED, REPLACED, CONFIRMED, ATTENDED, ABSENT = State
BECOMES: Mapping[Act, State] = {
    Act.INVITE: INVITED,
    Act.ACCEPT: ACCEPTED,
    Act.DECLINE: DECLINED,
    Act.EXPIRE: EXPIRED,
    Act.LEAVE: DECLINED,
    Act.REPLACE: REPLACED,
    Act.ASK: ACCEPTED,
    Act.CONFIRM: CONFIRMED,
    Act.ATTEND: ATTENDED,
    Act.MISS: ABSENT,
}
FROM: Mapping[Act, frozenset[State]] = {
    Act.INVITE: frozenset({PROPOSED, DECLINED, EXPIRED, REPLACED}),
    Act.ACCEPT: frozenset({INVITED}),
    Act.DECLINE: frozenset({INVITED, ACCEPTED, CONFIRMED}),
    Act.EXPIRE: frozenset({INVITED}),
    Act.LEAVE: frozenset({PROPOSED, INVITED, ACCEPTED, CONFIRMED}),
    Act.REPLACE: frozenset({PROPOSED, DECLINED, EXPIRED}),
    Act.ASK: frozenset({ACCEPTED, CONFIRMED}),
    Act.CONFIRM: frozenset({ACCEPTED}),
    Act.ATTEND: frozenset({ACCEPTED, CONFIRMED, ABSENT}),
    Act.MISS: frozenset({ACCEPTED, CONFIRMED, ATTENDED}),
}
COMING = frozenset({ACCEPTED, CONFIRMED, ATTENDED, ABSENT})
HOLDING = COMING | {PROPOSED, INVITED}
EXPECTED = frozenset({INVITED, ACCEPTED, CONFIRMED})
FREED = frozenset({DECLINED, EXPIRED})
AGAIN = timedelta(days=7)
REMINDED = (AGAIN, timedelta(days=3))
BEFORE_DEADLINE = timedelta(days=2)
AROUND = timedelta(days=28)
LARGEST_PAGE = 4_000_000
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
GROUPS, GROUP = 5, 4
KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))
NEEDED = {
    "passport_name": "the name in your passport",
    "passport_number": "the number of your passport",
    "visa": "whether you need a visa",
    "arrives_on": "the day on which you arrive",
    "leaves_on": "the day on which you leave",
    "emergency": "whom to call in an emergency",
}
IN_WORDS: Mapping[State, str] = {
    PROPOSED: "proposed, and not invited yet",
    INVITED: "invited, and has not answered yet",
    ACCEPTED: "has accepted",
    DECLINED: "has declined",
    EXPIRED: "did not answer in time",
    REPLACED: "was replaced",
    CONFIRMED: "has confirmed to come",
    ATTENDED: "was there",
    ABSENT: "was not there",
}

TOLD: Mapping[State, str] = {
    PROPOSED: "Proposed for the workshop",
    INVITED: "Invited to the workshop",
    ACCEPTED: "Accepted the invitation to the workshop",
    DECLINED: "Does not come to the workshop",
    EXPIRED: "Did not answer the invitation in time",
    REPLACED: "The seat at the workshop went to somebody else",
    CONFIRMED: "Confirmed to come to the workshop",
    ATTENDED: "Was at the workshop",
    ABSENT: "Was not at the workshop",
}


def told(before: str, after: str) -> str:
    """Say in words what became of an invitation."""
    asked = before in FROM[Act.ASK] and after == BECOMES[Act.ASK]
    return "Asked to confirm again to come to the workshop" if asked else TOLD[State(after)]


def repeated(act: Act, state: State) -> bool:
    """Tell whether an act was done already, so that doing it again changes nothing."""
    return state == BECOMES[act] or (act == Act.ACCEPT and state in COMING)


def obstacle(act: Act, standing: Standing, now: datetime) -> str:
    """Say in words why an act can't be done; empty if it can."""
    if standing.state not in FROM[act]:
        return IN_WORDS[standing.state]
    if act in {Act.INVITE, Act.ACCEPT} and not standing.enrolled:
        return "has no place in the edition any more"
    if act == Act.INVITE and standing.state != PROPOSED and standing.free < 1:
        return f"{IN_WORDS[standing.state]}, and no seat is free"
    if act == Act.ACCEPT and late(standing.answer_by, now):
        return "did not answer in time"
    if act == Act.EXPIRE and not late(standing.answer_by, now):
        return "can still answer"
    return ""


def late(answer_by: datetime | None, now: datetime) -> bool:
    """Tell whether the last moment to answer is over."""
    return answer_by is not None and now > answer_by


def end_of_day(day: date, zone: str) -> datetime:
    """Give the last second of a day in the named zone."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))


def beginning_of_day(day: date, zone: str) -> datetime:
    """Give the first moment of a day in the named zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def last_deadline(gathering: GatheringInfo, today: date) -> date:
    """Give the last day on which an answer is of use: the day before the workshop, but never one that is over."""
    return max(today, gathering.starts_on - timedelta(days=1))


def usual_deadline(gathering: GatheringInfo, today: date) -> date:
    """Give the day by which somebody invited today is asked to answer: never later than the day before the workshop."""
    return min(today + timedelta(days=gathering.answer_days), last_deadline(gathering, today))


def asks_again(gathering: GatheringInfo, today: date) -> bool:
    """Tell whether those who accepted are asked once more whether they come: from seven days before until the first day."""
    return gathering.starts_on - AGAIN <= today <= gathering.starts_on


def confirms(standing: Standing, gathering: GatheringInfo, today: date) -> bool:
    """Tell whether somebody can confirm to come: who was asked to, and everybody in the last week."""
    return standing.state == ACCEPTED and (standing.confirm_by is not None or asks_again(gathering, today))


def reminding_day(gathering: GatheringInfo, today: date) -> date | None:
    """Give the newest day from which those who accepted before it, and have not confirmed since, are asked; `None` outside that week."""
    days = [gathering.starts_on - before for before in REMINDED]
    return max((day for day in days if day <= today <= gathering.starts_on), default=None)


def begun(gathering: GatheringInfo, today: date) -> bool:
    """Tell whether it can be said of somebody that they were there, or were not."""
    return today >= gathering.starts_on


def days_of(gathering: GatheringInfo) -> list[date]:
    """List the days of a workshop."""
    return [gathering.starts_on + timedelta(days=number) for number in range((gathering.ends_on - gathering.starts_on).days + 1)]


def moves_up(gathering: GatheringInfo, today: date) -> bool:
    """Tell whether a free seat still goes to a reserve: until the workshop begins."""
    return today < gathering.starts_on


def frozen(gathering: GatheringInfo, today: date) -> bool:
    """Tell whether a change of travel is a request, not an edit."""
    return today >= gathering.freeze_on


def deleted(gathering: GatheringInfo, today: date) -> bool:
    """Tell whether travel details are gone, and none are taken any more."""
    return today >= gathering.delete_on


def travel_faults(journey: Journey, gathering: GatheringInfo) -> list[tuple[str, str]]:
    """Say what is wrong with the days of a journey: (field, words)."""
    found = []
    first, last = gathering.starts_on - AROUND, gathering.ends_on + AROUND
    for field, day in (("arrives_on", journey.arrives_on), ("leaves_on", journey.leaves_on)):
        if day is not None and not first <= day <= last:
            found.append((field, "This is more than four weeks from the workshop."))
    if not found and journey.arrives_on and journey.leaves_on and journey.leaves_on < journey.arrives_on:
        found.append(("leaves_on", "You can't leave before you arrive."))
    return found


def missing(journey: Journey) -> list[str]:
    """Name what is still needed for the journey."""
    return [label for name, label in NEEDED.items() if not getattr(journey, name)]


def kind_of(body: bytes) -> str:
    """Give the media type of a picture or PDF by how it begins; empty for anything else."""
    return next((kind for begins, kind in KINDS if body.startswith(begins)), "")


def is_password(text: str) -> bool:
    """Tell whether this is a password as they are made here."""
    parts = text.split("-")
    return len(parts) == GROUPS and all(len(part) == GROUP and set(part) <= set(LETTERS) for part in parts)


def faults(gathering: GatheringInfo) -> list[tuple[str, str]]:
    """Say what is wrong with the dates of a workshop: (field, words)."""
    found = []
    if gathering.ends_on < gathering.starts_on:
        found.append(("ends_on", "The workshop can't end before it begins."))
    if gathering.freeze_on > gathering.starts_on:
        found.append(("freeze_on", "Choose a day before the workshop, or its first one."))
    if gathering.delete_on <= gathering.ends_on:
        found.append(("delete_on", "Choose a day after the workshop: the details are needed until its end."))
    return found
