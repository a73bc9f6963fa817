"""What features tell about learners where staff look after them, so that those pages know no feature by name.

The slots that take these values are open to every feature, whether or not one is there that shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.domain import Enrolment
from lms.core.figures import Phase
from lms.core.viewer import EditionInfo

# Keys of the usual stages, in order.
STEPS = ("registered", "active", "passing", "certified", "selected", "invited", "accepted", "attended", "awarded")


def done(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell in a query about enrolments who has a row like this, looked up in an index for each enrolment that is read.

    Without the offset PostgreSQL may read the rows of everybody beforehand, for a page that shows fifty.
    """
    return select(1).where(*conditions).offset(0).correlate(Enrolment).exists()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose story is told: a person in an edition; `private` says that mails and acts of the staff belong into it."""

    enrolment_id: int
    person_id: int
    edition: EditionInfo
    private: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to or was done by a learner: `what` in words, the `text` that goes with it, who did it.

    Slot `people.timeline`, called with a subject, a moment and a number: the newest so many that are not after the moment.
    """

    at: datetime
    kind: str
    what: str
    text: str = ""
    by: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something by which a learner takes part: `enrolment_id` is the column of the rows that say so. Slot `people.deeds`."""

    label: str
    enrolment_id: InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class StageRate:
    """What it is called, in reports, that so many of an earlier stage (its key is `of`) have come as far as this one."""

    name: str
    label: str
    of: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """How far learners come: `reached` is a condition on `Enrolment`, `definition` says it in words. Slot `people.stages`.

    Reports have a figure for each stage, named by its key, and for each of its rates; `words` are those by which texts speak of it.
    """

    key: str
    label: str
    definition: str
    reached: ColumnElement[bool]
    phase: Phase = Phase.ONLINE
    words: tuple[str, ...] = ()
    rates: tuple[StageRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that a learner should have begun since it opened; `begun` is a condition on `Enrolment`. Slot `people.milestones`.

    Where it is not `alone`, only having begun nothing of its kind tells something.
    """

    kind: str
    title: str
    module: str
    opened_at: datetime
    begun: ColumnElement[bool]
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Extra:
    """A fact that administrators can add to lists of people: `read` gives its text by enrolment, in one query. Slot `people.columns`."""

    key: str
    label: str
    read: Callable[[Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of the things that wait."""

    title: str
    url: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for staff: how many, since when the oldest does, and the first few of them. Slot `people.queues`."""

    label: str
    count: int
    oldest_at: datetime | None
    empty: str
    url: str = ""
    first: tuple[Waiting, ...] = ()


def newest(
    query: Select[*tuple[Any, ...]], at: InstrumentedAttribute[Any], key: InstrumentedAttribute[int], until: datetime, most: int
) -> Any:
    """Bound a query to its newest rows that are not after a moment."""
    return query.where(at <= until).order_by(at.desc(), key.desc()).limit(most)
