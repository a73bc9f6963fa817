"""What features report of an enrolment, so that others can read all and know none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import current_app

from lms.core.db import remembered


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a learner does in an edition, done or not.

    `score` is a percentage from 0 to 100; `counts` says that it enters the final average with `weight`, a missing score as 0.
    `group` is what it belongs to (a module's slug), `url` an address on this installation.
    """

    feature: str
    key: str
    title: str
    group: str = ""
    group_title: str = ""
    group_url: str = ""
    done: bool = False
    counts: bool = False
    score: Decimal | None = None
    weight: Decimal = Decimal(1)
    url: str = ""
    minutes: int | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    detail: str = ""


Source = Callable[[int], Iterable[Activity]]


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """A counting activity of an enrolment has a new score; `why` says in plain words what happened."""

    enrolment_id: int
    actor_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class ScoreReleased:
    """An enrolment has a score that counts for no average, of something that may come after the course; `why` says what happened."""

    enrolment_id: int
    item: str
    title: str
    about: str
    score: Decimal
    why: str
    actor_id: int | None


def activities(enrolment_id: int) -> tuple[Activity, ...]:
    """Collect what every plugin reports of an enrolment, in the order of the plugins; once for a page, whose parts ask for it, too."""
    found = remembered()
    key = activities, enrolment_id
    if key not in found:
        found[key] = tuple(_reported(enrolment_id, counting=False))
    known: tuple[Activity, ...] = found[key]
    return known


def counting(enrolment_id: int) -> Iterator[Activity]:
    """Collect what counts for the average of an enrolment, asking only the plugins that report such things."""
    return (activity for activity in _reported(enrolment_id, counting=True) if activity.counts)


def _reported(enrolment_id: int, *, counting: bool) -> Iterator[Activity]:
    sources: Mapping[Source, bool] = current_app.extensions["lms"].activity_sources
    for source, counts in sources.items():
        for activity in source(enrolment_id) if counts or not counting else ():
            if activity.counts and not counts:
                message = f"{activity.feature} reports that {activity.key} counts, but its manifest says that nothing of it does."
                raise ValueError(message)
            yield activity
