"""What a quiz allows and what it is worth: pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction

from lms.core.asking import shuffled

GRACE = timedelta(seconds=30)
EARLY = timedelta(seconds=5)
LAST_HOURS = timedelta(hours=12)
_PLACES = Decimal(1).scaleb(-6)


class Keep(StrEnum):
    """Which score of several attempts counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class Feedback(StrEnum):
    """When a learner sees what was right: after handing in, after the module closes, or never."""

    SUBMITTED = "submitted"
    CLOSED = "closed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of a quiz as its author wrote them."""

    title: str
    draw: int
    minutes: int | None
    attempts: int
    keep: str
    pass_mark: Decimal
    feedback: str


@dataclass(frozen=True, slots=True)
class Window:
    """When a quiz can be taken in an edition."""

    opens_at: datetime
    closes_at: datetime | None
    edition_open: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody could use the platform, or nobody in a country, given by its code."""

    since: datetime
    until: datetime
    country: str | None = None


def may_attempt(terms: Terms, window: Window, used: int, now: datetime) -> bool:
    """Tell whether another attempt may begin after so many `used` ones."""
    return not refusal(terms, window, used, now)


def refusal(terms: Terms, window: Window, used: int, now: datetime) -> str:
    """Say why no further attempt may begin; empty if one may."""
    if not window.edition_open:
        return "The edition is over, so this quiz can no longer be taken."
    if now < window.opens_at:
        return "This quiz is not open yet."
    if window.closes_at is not None and now >= window.closes_at:
        return "This quiz is closed: its last day is over."
    if used >= terms.attempts:
        spent = "your only attempt" if terms.attempts == 1 else f"all {terms.attempts} attempts"
        return f"You have used {spent} at this quiz."
    return ""


def deadline(started_at: datetime, minutes: int | None, closes_at: datetime | None) -> datetime | None:
    """Tell when an attempt ends: its minutes are over or the module closes; `None` for never."""
    ends = [closes_at] if closes_at else []
    if minutes is not None:
        ends.append(started_at + timedelta(minutes=minutes))
    return min(ends, default=None)


def time_left(ends_at: datetime | None, now: datetime) -> timedelta | None:
    """Tell how much time an attempt has left, never below zero; `None` if it has no end."""
    return None if ends_at is None else max(ends_at - now, timedelta(0))


def is_up(ends_at: datetime | None, now: datetime) -> bool:
    """Tell whether the countdown of a page is at zero, allowing for a clock that runs a little fast."""
    return ends_at is not None and now >= ends_at - EARLY


def is_over(ends_at: datetime | None, now: datetime) -> bool:
    """Tell whether nothing is accepted any more: deadline and grace, for what is on its way, have passed."""
    return ends_at is not None and now > ends_at + GRACE


def draw(bank: Mapping[str, Sequence[int]], count: int, seed: str) -> list[int]:
    """Draw questions evenly over the objectives of a bank (objective to questions), in an order of their own.

    The seed alone decides. Every objective is covered when `count` allows; none has two questions more than
    another that has some left.
    """
    names = [name for name in sorted(bank) if bank[name]]
    piles = [[sorted(bank[name])[n] for n in shuffled(len(bank[name]), f"{seed}/{name}")] for name in names]
    turns = [piles[n] for n in shuffled(len(piles), f"{seed}/objectives")]
    rounds = range(max(map(len, turns), default=0))
    drawn = [pile[at] for at in rounds for pile in turns if at < len(pile)][:count]
    return [drawn[n] for n in shuffled(len(drawn), f"{seed}/order")]


def score(parts: Sequence[Fraction]) -> Decimal:
    """Give the percentage that the credits for an attempt's questions come to, exact to six places."""
    return as_decimal(100 * sum(parts, Fraction(0)) / len(parts)) if parts else Decimal(0)


def kept(keep: str, scores: Sequence[Decimal]) -> Decimal | None:
    """Tell which of the scores, in the order of the attempts, counts; `None` without any."""
    if not scores:
        return None
    if keep == Keep.AVERAGE:
        return as_decimal(sum(map(Fraction, scores), Fraction(0)) / len(scores))
    return {Keep.BEST: max(scores), Keep.LAST: scores[-1], Keep.FIRST: scores[0]}[Keep(keep)]


def counting(keep: str, tries: Iterable[tuple[Decimal, bool]]) -> Decimal | None:
    """Tell which score counts of attempts, each with whether an outage cut it short: one of those counts only to the learner's good."""
    tries = list(tries)
    found = kept(keep, [score for score, _ in tries]), kept(keep, [score for score, cut_short in tries if not cut_short])
    return max((score for score in found if score is not None), default=None)


def done(terms: Terms, score: Decimal | None, used: int) -> bool:
    """Tell whether a quiz is passed, or no attempt is left at it."""
    return score is not None and (score >= terms.pass_mark or used >= terms.attempts)


def lost(started_at: datetime, ends_at: datetime, gap: Gap) -> timedelta:
    """Tell how much of an attempt's time went by in a gap."""
    return max(min(ends_at, gap.until) - max(started_at, gap.since), timedelta(0))


def spoils(closes_at: datetime | None, gap: Gap) -> bool:
    """Tell whether a gap took some of the last hours before a quiz closed, or closes."""
    return closes_at is not None and gap.since < closes_at <= gap.until + LAST_HOURS


def as_decimal(value: Fraction) -> Decimal:
    """Give a fraction as it is stored, exact to six places."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES, ROUND_HALF_EVEN)


def shows_feedback(policy: str, window: Window, now: datetime) -> bool:
    """Tell whether a learner may see what was right in an attempt that is handed in."""
    closed = not window.edition_open or (window.closes_at is not None and now >= window.closes_at)
    return policy == Feedback.SUBMITTED or (policy == Feedback.CLOSED and closed)


def replaces(sent: str, shown: str, stored: str, *, own: bool, pressed: bool) -> bool:
    """Tell whether what a whole page sends of a question replaces what is stored; all are fingerprints.

    `shown` is what the page was opened with, `own` whether the stored answer came from this opening of the
    page. So a page that was left open elsewhere never overwrites newer answers by the old ones it shows; what
    somebody changed on it counts if they `pressed` a button, and if the page sent itself, only where nothing
    was answered elsewhere since.
    """
    if own:
        return sent != stored
    return sent != shown and (pressed or stored == shown)
