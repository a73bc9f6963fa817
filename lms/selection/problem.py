"""What a selection is asked and what it answers, as plain values that travel as JSON; scores are thousandths of a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LIMITLESS = 10**9
PERSON = "person:"  # the group of one, for those who must or must not be selected


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be selected; `draw` is the place that chance gave, and `groups` are what quotas count them in."""

    id: int
    score: int
    draw: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `low` and at most `high` of the selected from each of some groups."""

    key: str
    groups: tuple[str, ...]
    low: int = 0
    high: int | None = None


def ranking(candidate: Candidate) -> tuple[int, int]:
    """Order candidates: the highest score first, those of one score as they were drawn."""
    return -candidate.score, candidate.draw


def limits(quota: Quota) -> tuple[int, int]:
    """Give the bounds of a quota."""
    return quota.low, LIMITLESS if quota.high is None else quota.high


@dataclass(frozen=True, slots=True)
class Problem:
    """Whom to choose from, how many, within which quotas."""

    seats: int
    reserves: int
    candidates: tuple[Candidate, ...]
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What a quota does: the points that it costs, whom it brings in and keeps out, and whether it is just met."""

    key: str
    points: int
    binding: bool
    brought: tuple[int, ...] = ()
    kept_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """By how many persons a quota would have to give way: its maximum goes `up`, or its minimum down."""

    key: str
    by: int
    up: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Quotas that can't be kept together, none of which is to blame alone, and what would help.

    Each of `alone` is enough by itself; all of `together` are the fewest persons by which quotas have to give way.
    """

    keys: tuple[str, ...]
    alone: tuple[Relaxation, ...]
    together: tuple[Relaxation, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best list, ordered by score and draw, with its reserves and reasons; or the conflict that leaves none.

    `missing` says for who is not selected how many points that took; `None` where no score would do. `drawn` owe their place to the draw.
    """

    selected: tuple[int, ...] = ()
    reserves: tuple[int, ...] = ()
    total: int = 0
    unbound: int = 0
    prices: tuple[Price, ...] = ()
    missing: Mapping[int, int | None] | None = None
    drawn: tuple[int, ...] = ()
    conflict: Conflict | None = None


def problem_from(data: Mapping[str, Any]) -> Problem:
    """Read a problem as `dataclasses.asdict` and JSON have written it."""
    return Problem(
        data["seats"],
        data["reserves"],
        tuple(Candidate(c["id"], c["score"], c["draw"], tuple(c["groups"])) for c in data["candidates"]),
        tuple(Quota(q["key"], tuple(q["groups"]), q["low"], q["high"]) for q in data["quotas"]),
    )


def outcome_from(data: Mapping[str, Any]) -> Outcome:
    """Read an outcome as `dataclasses.asdict` and JSON have written it."""
    prices = (Price(**{**p, "brought": tuple(p["brought"]), "kept_out": tuple(p["kept_out"])}) for p in data["prices"])
    return Outcome(
        selected=tuple(data["selected"]),
        reserves=tuple(data["reserves"]),
        total=data["total"],
        unbound=data["unbound"],
        prices=tuple(prices),
        missing=None if data["missing"] is None else {int(key): value for key, value in data["missing"].items()},
        drawn=tuple(data["drawn"]),
        conflict=_conflict(data["conflict"]),
    )


def _conflict(data: Mapping[str, Any] | None) -> Conflict | None:
    if data is None:
        return None
    alone, together = (tuple(Relaxation(**r) for r in data[name]) for name in ("alone", "together"))
    return Conflict(tuple(data["keys"]), alone, together)
