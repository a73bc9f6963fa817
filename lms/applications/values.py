"""Plain values about applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """What an administrator can do with an application."""

    CONFIRM = "confirm"
    WAITLIST = "wait-list"
    REJECT = "reject"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Answers:
    """What an applicant says besides the account."""

    position: str
    motivation: str
    country: str
    sector: str
    institution: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application as a decision sees it; `known` says that the address is confirmed, or that an administrator gave it."""

    id: int
    person_id: int
    name: str
    email: str
    state: str
    version: int
    known: bool
    studied: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None
