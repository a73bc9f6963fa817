"""Plain values about invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.invitations.badges import code


class State(StrEnum):
    """How far an invitation has come; `CONFIRMED` means accepted, and said again before the journey."""

    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    ABSENT = "absent"


class Act(StrEnum):
    """What can be done with an invitation.

    Leaving is what becomes of somebody who has no place in the edition any more; who comes is asked to confirm it when the days move.
    """

    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    LEAVE = "leave"
    REPLACE = "replace"
    ASK = "ask"
    CONFIRM = "confirm"
    ATTEND = "attend"
    MISS = "miss"


class Sheet(StrEnum):
    """What can be printed of those who come."""

    BADGES = "badges"
    SIGN_IN = "sign-in"
    PARTICIPANTS = "participants"


HEADINGS = {Sheet.BADGES: "Badges", Sheet.SIGN_IN: "Sheets to sign", Sheet.PARTICIPANTS: "Participants"}


class Receiver(StrEnum):
    """For whom a list is."""

    HOTEL = "rooms"
    CONSULATE = "visas"


@dataclass(frozen=True, slots=True)
class Standing:
    """An invitation as a rule sees it.

    `enrolled` says that the person still has a place in the edition, `free` how many seats nobody holds; `confirm_by` is until when
    somebody who comes was asked to confirm it, and has not.
    """

    state: State
    answer_by: datetime | None = None
    enrolled: bool = True
    free: int = 0
    confirm_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class GatheringInfo:
    """A workshop as those are told who are invited; days are those of the edition's zone.

    Answers are asked for within `answer_days`; from `freeze_on` a change of travel is a request; on `delete_on` travel details go.
    """

    title: str
    place: str
    starts_on: date
    ends_on: date
    answer_days: int
    freeze_on: date
    delete_on: date
    automatic: bool
    version: int = 0


@dataclass(frozen=True, slots=True)
class Journey:
    """What somebody says for the journey; `visa` is whether one is needed."""

    passport_name: str = ""
    passport_number: str = ""
    visa: str = ""
    arrives_on: date | None = None
    arrival: str = ""
    leaves_on: date | None = None
    departure: str = ""
    diet: str = ""
    access: str = ""
    emergency: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who has accepted, whatever came later; the facts are those that reports use."""

    enrolment_id: int
    name: str
    country: str
    gender: str
    institution: str
    state: State

    @property
    def badge(self) -> str:
        """The code on their badge."""
        return code(self.enrolment_id)
