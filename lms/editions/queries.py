"""What the pages about editions show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select

from lms.core.db import db
from lms.core.domain import (
    Course,
    Edition,
    EditionState,
    Enrolment,
    EnrolmentState,
    Role,
)
from lms.core.progress import Activity


@dataclass(frozen=True, slots=True)
class EditionCard:
    """An edition in a list."""

    slug: str
    title: str
    course_title: str
    summary: str
    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True, slots=True)
class Group:
    """A module's activities and how far they are done."""

    title: str
    url: str
    activities: tuple[Activity, ...]
    opens_at: datetime | None

    @property
    def done(self) -> int:
        """How many of the activities are done."""
        return sum(activity.done for activity in self.activities)

    @property
    def total(self) -> int:
        """How many activities there are."""
        return len(self.activities)


_CARD = (
    Edition.slug,
    Edition.title,
    Course.title,
    Course.summary,
    Edition.starts_on,
    Edition.ends_on,
    Edition.state,
)


def public_editions() -> Sequence[EditionCard]:
    """List the editions that anybody may read about, newest first."""
    query = select(*_CARD).join(Course).where(Edition.state != EditionState.DRAFT)
    return [EditionCard(*row) for row in db.session.execute(query.order_by(Edition.starts_on.desc(), Edition.id).limit(50))]


def editions_of(person_id: int) -> Sequence[EditionCard]:
    """List the editions that a person belongs to, newest first."""
    query = (
        select(*_CARD)
        .join(Course)
        .join(Enrolment, Enrolment.edition_id == Edition.id)
        .where(Enrolment.person_id == person_id, Enrolment.state == EnrolmentState.CONFIRMED)
    )
    return [EditionCard(*row) for row in db.session.execute(query.order_by(Edition.starts_on.desc()))]


def countries_of(edition_id: int) -> tuple[str, ...]:
    """Give the codes of the countries that an edition is for; empty means all."""
    return tuple(db.session.scalar(select(Edition.countries).where(Edition.id == edition_id)) or ())


def learners(edition_id: int) -> int:
    """Count the confirmed learners of an edition."""
    query = select(func.count()).select_from(Enrolment).where(
        Enrolment.edition_id == edition_id,
        Enrolment.role == Role.LEARNER,
        Enrolment.state == EnrolmentState.CONFIRMED,
    )
    return db.session.scalar(query) or 0


def grouped(activities: Iterable[Activity]) -> tuple[Group, ...]:
    """Put activities that belong to a group together, in the order in which groups first appear."""
    order: dict[str, int] = {}
    belonging = [activity for activity in activities if activity.group]
    for activity in belonging:
        order.setdefault(activity.group, len(order))
    belonging.sort(key=lambda activity: order[activity.group])
    return tuple(_group(tuple(found)) for _, found in groupby(belonging, key=lambda a: a.group))


def _group(found: tuple[Activity, ...]) -> Group:
    return Group(found[0].group_title, found[0].group_url, found, found[0].opens_at)


def next_step(activities: Iterable[Activity], now: datetime) -> Activity | None:
    """Find the first thing that is open and not done; counted things that are due soonest come before nothing else."""
    for activity in activities:
        open_now = activity.opens_at is None or activity.opens_at <= now
        over = activity.due_at is not None and activity.due_at <= now
        if activity.url and not activity.done and open_now and not over:
            return activity
    return None


def deadlines(activities: Iterable[Activity], now: datetime, limit: int = 4) -> tuple[Activity, ...]:
    """List what is due next and not done, soonest first."""
    ahead = [a for a in activities if a.due_at is not None and a.due_at > now and not a.done]
    return tuple(sorted(ahead, key=lambda a: (a.due_at, a.group))[:limit])


def enrolment_of(edition_id: int, person_id: int) -> int:
    """Give the id of a person's enrolment in an edition."""
    query = select(Enrolment.id).where(Enrolment.edition_id == edition_id, Enrolment.person_id == person_id)
    return db.session.scalars(query).one()
