"""What the pages about editions show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select

from lms.core import clock
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
from lms.core.viewer import EditionInfo
from lms.editions import rules
from lms.editions.rules import Plan
from lms.editions.values import ModuleDays


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


PAGE = 50
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


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in the administrators' list."""

    id: int
    slug: str
    title: str
    course: str
    starts_on: date
    ends_on: date
    state: str
    learners: int


def all_editions(after: int | None = None) -> tuple[Sequence[EditionLine], int | None]:
    """List editions, those made last first, and say after which the next page begins."""
    count = (
        select(func.count())
        .where(Enrolment.edition_id == Edition.id, Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
        .scalar_subquery()
    )
    columns = (Edition.id, Edition.slug, Edition.title, Course.title, Edition.starts_on, Edition.ends_on, Edition.state, count)
    query = select(*columns).join(Course, Course.id == Edition.course_id).order_by(Edition.id.desc()).limit(PAGE + 1)
    rows = db.session.execute(query.where(Edition.id < after) if after else query).all()
    found = [EditionLine(*row) for row in rows[:PAGE]]
    return found, found[-1].id if len(rows) > PAGE else None


def courses() -> Sequence[tuple[str, str]]:
    """List the courses that there are: (slug, title)."""
    return [(slug, title) for slug, title in db.session.execute(select(Course.slug, Course.title).order_by(Course.title))]


def free_slug(wanted: str) -> str:
    """Give an address that no edition has, beginning as wanted."""
    wanted = wanted[: rules.LONGEST_SLUG - 4]
    taken = set(db.session.scalars(select(Edition.slug).where(Edition.slug.startswith(wanted, autoescape=True))))
    return next(slug for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)


def proposal(course: Course, modules: Sequence[ModuleDays], starts_on: date, zone: str) -> Plan:
    """Propose an edition of a course that starts on a day: the rest follows from the course."""
    last = max((day for module in modules for day in (module.opens, module.closes) if day is not None), default=0)
    opens = clock.day_starts(min(clock.today(zone), starts_on), zone)
    return Plan(
        slug=free_slug(f"{course.slug}-{starts_on.year}"),
        title=f"{course.short_title} {starts_on:%B %Y}",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=last),
        zone=zone,
        pass_mark=course.pass_mark,
        countries=(),
        registration_opens_at=opens,
        registration_closes_at=clock.day_starts(starts_on + timedelta(days=1), zone),
        attempts=None,
        schedule={module.slug: (module.opens, module.closes) for module in modules},
        demo=False,
        by_decision=True,
    )


@dataclass(frozen=True, slots=True)
class ModuleDates:
    """When a module opens and closes in an edition; days count from 1."""

    title: str
    opens_day: int
    opens_at: datetime
    closes_day: int | None
    closes_at: datetime | None


def scheduled(edition: EditionInfo, modules: Iterable[ModuleDays]) -> Sequence[ModuleDates]:
    """Give the days of modules in an edition as moments."""
    return [_dates(edition, module) for module in modules]


def _dates(edition: EditionInfo, module: ModuleDays) -> ModuleDates:
    opens, closes = edition.schedule.get(module.slug, (module.opens, module.closes))
    start, zone = edition.starts_on, edition.zone
    begin, end = rules.day_begins(start, zone, opens), None if closes is None else rules.day_ends(start, zone, closes)
    return ModuleDates(module.title, opens + 1, begin, None if closes is None else closes + 1, end)


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
