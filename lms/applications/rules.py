"""What can become of an application, and what stands in the way: decided on plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from lms.applications.values import Candidate, Decision
from lms.core.domain import EnrolmentState

POSITION = 120
MOTIVATION = 2000
WORDS = 1000
AT_ONCE = 500
APPLIED, WAITLISTED, CONFIRMED, REJECTED, WITHDRAWN = (
    EnrolmentState.APPLIED,
    EnrolmentState.WAITLISTED,
    EnrolmentState.CONFIRMED,
    EnrolmentState.REJECTED,
    EnrolmentState.WITHDRAWN,
)
BECOMES = {Decision.CONFIRM: CONFIRMED, Decision.WAITLIST: WAITLISTED, Decision.REJECT: REJECTED, Decision.REOPEN: APPLIED}
FROM = {
    Decision.CONFIRM: {APPLIED, WAITLISTED, REJECTED},
    Decision.WAITLIST: {APPLIED, REJECTED},
    Decision.REJECT: {APPLIED, WAITLISTED},
    Decision.REOPEN: {WAITLISTED, REJECTED, CONFIRMED},
}
IN_WORDS = {
    APPLIED: "Applied: waits for a decision",
    WAITLISTED: "On the wait-list",
    CONFIRMED: "Confirmed: has a place",
    REJECTED: "Rejected",
    WITHDRAWN: "Withdrawn by the applicant",
}
REASONS = {
    "": "",
    "places": "There were more applications than places, and we had to choose.",
    "audience": "The course is meant for people whose work has to do with its subject, which we could not see from your application.",
    "country": "The places for your country are taken.",
    "incomplete": "Your application does not say enough about your position and your motivation.",
}


def obstacle(decision: Decision, candidate: Candidate) -> str:
    """Say in words why a decision leaves an application out; empty if it doesn't."""
    if candidate.state == BECOMES[decision]:
        return f"is {candidate.state} already"
    if candidate.state == WITHDRAWN:
        return "has withdrawn"
    if candidate.state not in FROM[decision]:
        return "has a place: take the application back to applied first"
    if not candidate.known:
        return "has not confirmed the e-mail address yet"
    if candidate.state == CONFIRMED and candidate.studied:
        return "has begun to study"
    return ""


def mark(ready: Iterable[Candidate], skipped: Iterable[Candidate], *said: str) -> str:
    """Give what tells whether a preview still holds: who is decided about, who is left out, what each says by now, and the words."""
    parts = [",".join(f"{c.id}.{c.version}.{c.state}" for c in candidates) for candidates in (ready, skipped)]
    return hashlib.sha256("|".join([*parts, *said]).encode()).hexdigest()[:32]


def letter_words(reason: str, own: str) -> str:
    """Put a ready-made reason and an administrator's own words together."""
    return "\n\n".join(part for part in (REASONS.get(reason, ""), own.strip()) if part)


def may_edit(state: str, decided_at: datetime | None) -> bool:
    """Tell whether the applicant can still change an application: until somebody has decided."""
    return state in {APPLIED, WAITLISTED} and decided_at is None


def may_withdraw(state: str, *, begun: bool) -> bool:
    """Tell whether the applicant can withdraw: until the course begins for who has a place."""
    return state in {APPLIED, WAITLISTED} or (state == CONFIRMED and not begun)
