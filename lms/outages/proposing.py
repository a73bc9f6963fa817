"""Outages as administrators see them: the list, what is proposed for whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.reporting import Queue, Waiting
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer
from lms.core.work import DONE, GIVEN_UP
from lms.outages import rules
from lms.outages.models import Outage, OutageDecision, OutageRemedy
from lms.outages.values import Part
from lms.quizzes.api import Gap, Hindered, cut_short, hindered, spoilt

MOST, FIRST = 50, 5


@dataclass(frozen=True, slots=True)
class OutageInfo:
    """An outage, as far as it was decided about in an edition; `approved` is `None` before that."""

    id: int
    since: datetime
    until: datetime
    country: str | None
    note: str
    entered_by: str | None
    by_hand: bool
    decision_id: int | None
    approved: bool | None
    reason: str | None
    people: int | None
    decided_by: str | None
    decided_at: datetime | None
    concerned: bool = False

    @property
    def gap(self) -> Gap:
        """The time in which nobody, or nobody in the country, could use the platform."""
        return Gap(self.since, self.until, self.country)

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.until - self.since

    @property
    def waits(self) -> bool:
        """Whether somebody may be affected and nobody has decided."""
        return self.concerned and self.approved is None


@dataclass(frozen=True, slots=True)
class Affected:
    """A learner, and what is proposed."""

    enrolment_id: int
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed because of an outage: so many hours more, for whom; `mark` tells whether it is still what was shown."""

    hours: int
    people: tuple[Affected, ...]
    mark: str

    @property
    def dated(self) -> bool:
        """Whether a quiz would close later for anybody."""
        return any(part.hours for one in self.people for part in one.parts)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is with a decision, and what could not be given to whom, and why."""

    done: int
    total: int
    failed: tuple[tuple[str, str], ...]


def _query(edition_id: int) -> Select[*tuple[Any, ...]]:
    entered, decided = aliased(Person), aliased(Person)
    here = and_(OutageDecision.outage_id == Outage.id, OutageDecision.edition_id == edition_id)
    what = (Outage.id, Outage.since, Outage.until, Outage.country, Outage.note, entered.name, Outage.edition_id.is_not(None))
    then = (OutageDecision.id, OutageDecision.approved, OutageDecision.reason, OutageDecision.people)
    return (
        select(*what, *then, decided.name, OutageDecision.decided_at)
        .outerjoin(OutageDecision, here)
        .outerjoin(entered, entered.id == Outage.entered_by_id)
        .outerjoin(decided, decided.id == OutageDecision.decided_by_id)
        .where(or_(Outage.edition_id.is_(None), Outage.edition_id == edition_id))
    )


def one(edition_id: int, outage_id: int) -> OutageInfo:
    """Read an outage; raise `NotFound`."""
    row = db.session.execute(_query(edition_id).where(Outage.id == outage_id)).first()
    if row is None:
        message = "There is no such outage in this edition."
        raise NotFound(message)
    return OutageInfo(*row)


def listing(edition: EditionInfo) -> list[OutageInfo]:
    """List the newest outages since an edition began, newest first, each with whether it may concern somebody there."""
    query = _query(edition.id).add_columns(cut_short(edition.id, Outage.since, Outage.until, Outage.country))
    query = query.where(Outage.until > edition.starts_at()).order_by(Outage.until.desc(), Outage.id.desc()).limit(MOST)
    found = [OutageInfo(*row) for row in db.session.execute(query)]
    near = spoilt(edition, [outage.gap for outage in found])
    return [_concerning(outage, edition, closing=closing) for outage, closing in zip(found, near, strict=True)]


def _concerning(outage: OutageInfo, edition: EditionInfo, *, closing: bool) -> OutageInfo:
    values = {f.name: getattr(outage, f.name) for f in fields(outage)}
    return OutageInfo(**values | {"concerned": edition.is_open and (outage.concerned or closing)})


def queue(viewer: Viewer, edition: EditionInfo) -> Iterator[Queue]:
    """Tell administrators which outages wait for a decision."""
    if viewer.is_administrator and edition.is_open:
        waiting = [outage for outage in reversed(listing(edition)) if outage.waits]
        first = tuple(_waiting(outage, edition) for outage in waiting[:FIRST])
        url, oldest = path_for("outages.index", edition=edition.slug), waiting[0].until if waiting else None
        yield Queue("Outages", len(waiting), oldest, "No outage waits for a decision.", url, first)


def _waiting(outage: OutageInfo, edition: EditionInfo) -> Waiting:
    url = path_for("outages.outage", edition=edition.slug, outage=outage.id)
    return Waiting(f"Not reachable for {rules.in_words(outage.length)}", url, outage.until)


def hours_proposed(edition: EditionInfo, outage: OutageInfo) -> int:
    """Tell how many hours more are proposed."""
    now = clock.now()
    over = any(one.closes_at is not None and one.closes_at <= now for one in hindered(edition, outage.gap))
    return rules.proposed_hours(outage.length, over=over)


def proposal(edition: EditionInfo, outage: OutageInfo, hours: int) -> Proposal:
    """Propose so many hours more for everybody whom an outage kept from a quiz; nothing in an edition that is not open."""
    by_person: dict[int, list[Part]] = {}
    for found in hindered(edition, outage.gap) if edition.is_open else ():
        by_person.setdefault(found.enrolment_id, []).append(_part(found, hours))
    facts = [(number, part.module, bool(part.hours), part.attempt_id) for number, parts in sorted(by_person.items()) for part in parts]
    named = _names(edition.id, outage.country) if by_person else {}
    people = (Affected(number, named.get(number, ""), tuple(parts)) for number, parts in by_person.items())
    return Proposal(hours, tuple(sorted(people, key=lambda one: (one.name, one.enrolment_id))), rules.mark(facts))


def _part(found: Hindered, hours: int) -> Part:
    now, common, closes_at = clock.now(), found.common, found.closes_at
    until = None
    if common and closes_at and rules.needs_time(closes_at, closing=found.closing, cut=found.attempt_id is not None, now=now):
        until = rules.closes_later(closes_at, hours, now)
    more = rules.hours_beyond(common, until) if common and until else None
    shown = common + timedelta(hours=more) if common and more else None
    return Part(found.module, found.quiz, more, shown, found.attempt_id, found.going_on)


def _names(edition_id: int, country: str | None) -> dict[int, str]:
    query = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id).where(Enrolment.edition_id == edition_id)
    rows = db.session.execute(query.where(Enrolment.country == country) if country else query)
    return {row.id: row.name for row in rows}


def progress(decision_id: int) -> Progress:
    """Tell how far the worker is with what was approved."""
    done = func.count().filter(OutageRemedy.state == DONE)
    counts: Sequence[int] = db.session.execute(select(done, func.count()).where(OutageRemedy.decision_id == decision_id)).one()
    query = (
        select(Person.name, OutageRemedy.last_error)
        .join(Enrolment, Enrolment.id == OutageRemedy.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(OutageRemedy.decision_id == decision_id, OutageRemedy.state == GIVEN_UP)
    )
    rows = db.session.execute(query.order_by(Person.name, OutageRemedy.id).limit(MOST))
    return Progress(counts[0], counts[1], tuple((name, error.partition(": ")[2]) for name, error in rows))
