"""Whom a gap, in which nobody could use the platform, kept from a quiz, and what makes up for it.

The time that an attempt lost is given back while it is under way. One that is over is not opened again, as its learner may have seen by
now what was right: it is not among those that can be used up, and its score counts only to the learner's good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Role
from lms.core.viewer import EditionInfo
from lms.editions.api import LaterClosings, later_closings
from lms.quizzes import papers, rules
from lms.quizzes.models import Attempt, Quiz
from lms.quizzes.papers import Place
from lms.quizzes.rules import Gap

Rows = Select[*tuple[Any, ...]]
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Hindered:
    """A learner whom a gap kept from a quiz.

    `common` is when the quiz closes for all and `closes_at` for this learner, `closing` says that some of its last hours were lost,
    `attempt_id` names an attempt with a time limit that was under way in the gap, `going_on` says that it still is.
    """

    enrolment_id: int
    module: str
    quiz: str
    common: datetime | None
    closes_at: datetime | None
    closing: bool
    attempt_id: int | None = None
    going_on: bool = False


def cut_short(edition_id: int, since: Column, until: Column, country: Column) -> ColumnElement[bool]:
    """Ask in a query of gaps, given by their columns, whether an attempt with a time limit was under way."""
    here = or_(country.is_(None), Enrolment.country == country)
    return _under_way(edition_id, since, until).with_only_columns(Attempt.id).where(here).exists()


def _under_way(edition_id: int, since: Any, until: Any) -> Rows:
    return (
        select(Attempt.enrolment_id, Attempt.quiz_id, Attempt.id, Attempt.submitted_at, Attempt.deadline, Enrolment.country)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(
            Enrolment.edition_id == edition_id,
            Enrolment.role == Role.LEARNER,
            Enrolment.state == EnrolmentState.CONFIRMED,
            Quiz.minutes.is_not(None),
            Attempt.deadline > since,
            Attempt.started_at < until,
            or_(Attempt.submitted_at.is_(None), Attempt.submitted_at > since),
            ~Attempt.cut_short,
        )
    )


def spoilt(edition: EditionInfo, gaps: Sequence[Gap]) -> list[bool]:
    """Tell of each gap whether it took some of the last hours of a quiz, be it only for somebody with more time than others."""
    later, places = later_closings(edition) if gaps else LaterClosings({}), [*_places(edition)]
    return [any(_spoilt(place, gap, later) for place in places) for gap in gaps]


def _places(edition: EditionInfo) -> Iterator[Place]:
    return (papers.place(edition, slug) for slug in papers.quizzes(edition))


def _spoilt(place: Place, gap: Gap, later: LaterClosings) -> bool:
    opens_at, closes_at = place.window.opens_at, place.window.closes_at
    ends = [closes_at + more for more in later.all_of(place.module.slug)] if closes_at else []
    return opens_at < gap.until and any(rules.spoils(end, gap) for end in ends)


def hindered(edition: EditionInfo, gap: Gap) -> list[Hindered]:
    """List whom a gap kept from a quiz, by quiz and enrolment."""
    later, found = later_closings(edition), list[Hindered]()
    rows = db.session.execute(_of_country(_under_way(edition.id, gap.since, gap.until), gap)).all()
    for place in _places(edition):
        cut = [row for row in rows if row.quiz_id == place.quiz.id]
        people = {row.enrolment_id: row.country for row in cut}
        if _spoilt(place, gap, later):
            people |= _unfinished(place, gap)
        attempts = {row.enrolment_id: (row.id, _goes_on(row)) for row in cut}
        for enrolment_id, country in sorted(people.items()):
            one = _one(place, gap, enrolment_id, later.of(enrolment_id, country, place.module.slug))
            if enrolment_id in attempts:
                one = replace(one, attempt_id=attempts[enrolment_id][0], going_on=attempts[enrolment_id][1])
            if one.closing or one.attempt_id is not None:
                found.append(one)
    return found


def _of_country(query: Rows, gap: Gap) -> Rows:
    return query.where(Enrolment.country == gap.country) if gap.country else query


def _goes_on(row: Any) -> bool:
    return row.submitted_at is None and not rules.is_over(row.deadline, clock.now())


def _one(place: Place, gap: Gap, enrolment_id: int, later: timedelta) -> Hindered:
    common = place.window.closes_at
    closes_at = common + later if common else None
    closing = place.window.opens_at < gap.until and rules.spoils(closes_at, gap)
    return Hindered(enrolment_id, place.module.slug, place.terms.title, common, closes_at, closing)


def _unfinished(place: Place, gap: Gap) -> dict[int, str]:
    """Give the learners who have neither passed a quiz nor used all attempts: the country by enrolment."""
    tries: dict[int, list[tuple[Decimal | None, bool]]] = {}
    query = select(Attempt.enrolment_id, Attempt.score, Attempt.cut_short).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    here = and_(Enrolment.edition_id == place.edition.id, Attempt.quiz_id == place.quiz.id)
    for enrolment_id, score, cut in db.session.execute(_of_country(query.where(here), gap).order_by(Attempt.number)):
        tries.setdefault(enrolment_id, []).append((score, cut))
    learners = select(Enrolment.id, Enrolment.country).where(
        Enrolment.edition_id == place.edition.id, Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED
    )
    rows = db.session.execute(_of_country(learners, gap))
    return {enrolment_id: country for enrolment_id, country in rows if not _done(place, tries.get(enrolment_id, ()))}


def _done(place: Place, tries: Sequence[tuple[Decimal | None, bool]]) -> bool:
    scored = [(score, cut) for score, cut in tries if score is not None]
    return rules.done(place.terms, rules.counting(place.terms.keep, scored), sum(not cut for _, cut in scored))
