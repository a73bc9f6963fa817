"""The learners who are at risk, those first who have been away longest, read page by page from an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, not_, or_, select, tuple_

from lms.core import clock
from lms.core.db import db
from lms.core.domain import NEVER, Enrolment, Person
from lms.core.reporting import Milestone
from lms.core.slots import collect
from lms.core.viewer import EditionInfo, Viewer
from lms.gradebook.api import Standing
from lms.people import rules
from lms.people.models import Note
from lms.people.stages import LEARNERS

PAGE = 50
MOST_COUNTED = 2000


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A learner at risk with the reasons, and when whom the last note is from."""

    id: int
    name: str
    reasons: tuple[str, ...]
    seen_at: datetime
    noted_at: datetime | None
    noted_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of learners at risk; `total` is `None` for more than are counted, `next` where the next page goes on."""

    learners: tuple[AtRisk, ...]
    total: int | None
    next: int | None


def page(edition: EditionInfo, viewer: Viewer, *, after: int | None = None, rows: int = PAGE) -> Page:
    """Read learners at risk: all for administrators, for a tutor as far as the own modules go."""
    steps = milestones(edition, viewer)
    at_risk = and_(Enrolment.edition_id == edition.id, LEARNERS, or_(*_signs(edition, steps)))
    query = _facts(steps).where(at_risk)
    if after is not None and (anchor := _anchor(edition.id, after)):
        query = query.where(tuple_(Enrolment.seen_at, Enrolment.id) > tuple_(literal(anchor, Enrolment.seen_at.type), literal(after)))
    found = db.session.execute(query.order_by(Enrolment.seen_at, Enrolment.id).limit(rows + 1)).all()
    notes = last_notes([row.id for row in found[:rows]])
    learners = tuple(_at_risk(row, steps, edition, notes) for row in found[:rows])
    return Page(learners, _total(at_risk), learners[-1].id if len(found) > rows else None)


def milestones(edition: EditionInfo, viewer: Viewer) -> tuple[Milestone, ...]:
    """List what should have been begun by now, in the modules that the viewer looks after."""
    opened: list[Milestone] = collect("people.milestones", edition)
    latest = clock.now() - rules.GRACE
    return tuple(step for step in opened if step.opened_at <= latest and viewer.leads(step.module))


def _signs(edition: EditionInfo, steps: Sequence[Milestone]) -> list[ColumnElement[bool]]:
    """Give the conditions each of which is a reason; `rules` says the same in words."""
    kinds = dict.fromkeys(step.kind for step in steps if not step.alone)
    nothing = [and_(*(not_(step.begun) for step in steps if step.kind == kind)) for kind in kinds]
    return [
        Enrolment.seen_at <= clock.now() - rules.AWAY,
        Standing.so_far <= edition.pass_mark - rules.FAR,
        *(not_(step.begun) for step in steps if step.alone),
        *nothing,
    ]


def _facts(steps: Sequence[Milestone]) -> Select[*tuple[Any, ...]]:
    begun = [step.begun.label(f"step{number}") for number, step in enumerate(steps)]
    query = select(Enrolment.id, Person.name, Enrolment.seen_at, Standing.so_far, *begun)
    return query.join(Person, Person.id == Enrolment.person_id).outerjoin(Standing, Standing.enrolment_id == Enrolment.id)


def _at_risk(
    row: Row[*tuple[Any, ...]], steps: Sequence[Milestone], edition: EditionInfo, notes: dict[int, tuple[datetime, str]]
) -> AtRisk:
    begun: Sequence[Any] = row[4:]
    facts = rules.Facts(
        away_for=rules.away_for(row.seen_at, NEVER, clock.now()),
        so_far=row.so_far,
        steps=tuple(rules.Step(s.kind, s.title, s.alone, bool(done)) for s, done in zip(steps, begun, strict=True)),
    )
    noted_at, noted_by = notes.get(row.id, (None, ""))
    return AtRisk(row.id, row.name, tuple(rules.reasons(facts, edition.pass_mark)), row.seen_at, noted_at, noted_by)


def _anchor(edition_id: int, enrolment_id: int) -> datetime | None:
    query = select(Enrolment.seen_at).where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)
    return db.session.scalar(query)


def _total(at_risk: ColumnElement[bool]) -> int | None:
    some = select(Enrolment.id).outerjoin(Standing, Standing.enrolment_id == Enrolment.id).where(at_risk)
    total = db.session.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery())) or 0
    return total if total <= MOST_COUNTED else None


def last_notes(enrolment_ids: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """Tell when, and by whom, each of some learners was last written to."""
    last = select(func.max(Note.id)).where(Note.enrolment_id.in_(enrolment_ids)).group_by(Note.enrolment_id)
    query = select(Note.enrolment_id, Note.at, Person.name).join(Person, Person.id == Note.author_id).where(Note.id.in_(last))
    return {enrolment_id: (at, name) for enrolment_id, at, name in db.session.execute(query)}
