"""How an installation that runs is doing, as its database and its worker tell; each check gives a sentence or raises `Wrong`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask import current_app
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import func, select

from lms import schema
from lms.core import clock, pulse
from lms.core.content import read_course
from lms.core.db import Model, db
from lms.core.domain import Course, Edition
from lms.core.work import GIVEN_UP, WAITING, Work
from lms.settings import Settings

PATIENCE = 2.0


class Wrong(Exception):
    """What was looked at is not as it should be; the message says how, and what to do."""


def migrations(settings: Settings) -> str:
    """Compare the version of the database with the newest."""
    del settings
    current, newest = schema.versions()
    if current != newest:
        message = f"the database is at {current or 'no version'}, the newest is {newest}: run `lms db upgrade`"
        raise Wrong(message)
    return f"at the newest version, {newest}"


def courses(settings: Settings) -> str:
    """Compare what is loaded with the course folders."""
    loaded = {slug: version for slug, version in db.session.execute(select(Course.slug, Course.version))}  # noqa: C416 - rows are no tuples to mypy
    found = [read_course(folder) for folder in settings.content]
    stale = [course.slug for course in found if loaded.get(course.slug) != course.version()]
    if stale:
        message = f"{', '.join(stale)} changed in its folder or was never loaded: run `lms content load`"
        raise Wrong(message)
    editions = db.session.scalar(select(func.count()).select_from(Edition))
    return f"{', '.join(sorted(loaded)) or 'none'} loaded, {editions} editions"


def worker(settings: Settings) -> str:
    """Ask the workers to answer."""
    del settings
    try:
        answers = current_app.extensions["celery"].control.ping(timeout=PATIENCE)
    except BrokerError as error:
        message = f"can't be asked, the broker does not answer: {error}"
        raise Wrong(message) from error
    if not answers:
        message = "none answers: mail and certificates wait until `lms worker` (or `lms run`) runs"
        raise Wrong(message)
    return ", ".join(sorted(name for answer in answers for name in answer)) + " answers"


def sweep(settings: Settings) -> str:
    """Look when the periodic tasks last came through to a worker."""
    del settings
    at = pulse.last_beat()
    if at is None or clock.now() - at > pulse.SILENCE:
        when = f"since {at:%Y-%m-%d %H:%M} UTC" if at else "yet"
        message = f"no periodic task ran {when}: one `lms worker` must run without --no-sweep"
        raise Wrong(message)
    return f"last seen {max(0.0, (clock.now() - at).total_seconds()):.0f} seconds ago"


def backlog(settings: Settings) -> str:
    """Count the work that waits or was given up."""
    del settings
    parts = list(_counts())
    lines = ", ".join(f"{name}: {waiting} waiting, {given_up} given up" for name, waiting, _, given_up in parts)
    if late := sum(part[2] for part in parts):
        message = f"{lines}; {late} should have been done long ago: is a worker running, does it get through?"
        raise Wrong(message)
    return lines


def _counts() -> Iterator[tuple[str, int, int, int]]:
    """Give each kind of work: name, how much waits, how much of that was due long ago, how much was given up."""
    long_ago = clock.now() - pulse.SILENCE
    for mapper in sorted(Model.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        kind, name = mapper.class_, mapper.class_.__tablename__
        if issubclass(kind, Work):
            waiting = kind.state == WAITING
            sums = [func.count().filter(rule) for rule in (waiting, waiting & (kind.due_at < long_ago), kind.state == GIVEN_UP)]
            counts: Sequence[int] = db.session.execute(select(*sums)).one()
            yield name.replace("_", " "), counts[0], counts[1], counts[2]


RUNNING: dict[str, Callable[[Settings], str]] = {
    "migrations": migrations,
    "courses": courses,
    "worker": worker,
    "sweep": sweep,
    "backlog": backlog,
}
