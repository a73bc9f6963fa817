"""Who is at risk, and why, in plain words: decided on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

AWAY_DAYS = 8
AWAY = timedelta(days=AWAY_DAYS)
GRACE_DAYS = 3
GRACE = timedelta(days=GRACE_DAYS)
FAR = Decimal(10)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that has been open for some days, and whether a learner has begun it."""

    kind: str
    title: str
    alone: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a learner; `away_for` is `None` for who has never signed in."""

    away_for: timedelta | None
    so_far: Decimal | None
    steps: tuple[Step, ...] = ()


def reasons(facts: Facts, mark: Decimal) -> Iterator[str]:
    """Say why a learner is at risk; nothing for who is not."""
    if facts.away_for is None:
        yield "Has never signed in."
    elif facts.away_for >= AWAY:
        yield f"No sign-in for {facts.away_for.days} days."
    yield from _not_begun(facts.steps)
    if facts.so_far is not None and facts.so_far <= mark - FAR:
        yield f"Average so far {_shown(facts.so_far)} %, {_shown(mark - facts.so_far)} points below the pass mark."


def _not_begun(steps: Iterable[Step]) -> Iterator[str]:
    steps = tuple(steps)
    if missing := [step.title for step in steps if step.alone and not step.begun]:
        yield f"Not begun: {', '.join(missing)}."
    for kind in dict.fromkeys(step.kind for step in steps if not step.alone):
        own = [step.begun for step in steps if step.kind == kind]
        if not any(own):
            yield f"No {kind} attempted of {len(own)} open."


def _shown(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def away_for(seen_at: datetime, never: datetime, now: datetime) -> timedelta | None:
    """Tell for how long somebody has been away."""
    return None if seen_at == never else now - seen_at
