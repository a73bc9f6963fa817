"""Who was where: attendance as the desk, participants, certificates and reports read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.invitations.api import participants
from lms.workshops import days
from lms.workshops.models import Attendance, AttendanceMark, HalfDay, WalkIn
from lms.workshops.rules import How, Part, Standing, State
from lms.workshops.values import AttendanceSheet, Attendee, Dispute, HalfDayInfo, Mark, Past, Visitor

_MARKS = select(
    Attendance.half_day_id, Attendance.enrolment_id, Attendance.state, Attendance.how, Attendance.at, Attendance.reason
).join(HalfDay, HalfDay.id == Attendance.half_day_id)
_HALF = (HalfDay.id, HalfDay.day, HalfDay.part, HalfDay.on, HalfDay.opens_at, HalfDay.closes_at)


def attendance(edition_id: int) -> AttendanceSheet:
    """Read the half-days of a workshop, and its participants by name with what is marked."""
    found: dict[int, dict[int, Mark]] = {}
    for half, enrolment, state, how, at, reason in db.session.execute(_MARKS.where(HalfDay.edition_id == edition_id)):
        found.setdefault(enrolment, {})[half] = Mark(half, enrolment, State(state), How(how), at, reason)
    lines = [
        Attendee(one.enrolment_id, one.name, one.country, one.gender, one.institution, one.badge, found.get(one.enrolment_id, {}))
        for one in participants(edition_id)
    ]
    return AttendanceSheet(days.half_days(edition_id), tuple(lines), clock.now())


def marks_of(enrolment_id: int) -> dict[int, Mark]:
    """Read how somebody's attendance stands, by half-day."""
    rows = db.session.execute(_MARKS.where(Attendance.enrolment_id == enrolment_id))
    return {half: Mark(half, enrolment, State(state), How(how), at, reason) for half, enrolment, state, how, at, reason in rows}


def history(edition_id: int, enrolment_id: int) -> tuple[Past, ...]:
    """Read everything that was marked of somebody, newest first."""
    mark = AttendanceMark
    query = select(*_HALF, mark.state, mark.how, mark.at, mark.noted_at, Person.name, mark.reason, mark.standing)
    query = query.select_from(mark).join(HalfDay, HalfDay.id == mark.half_day_id).outerjoin(Person, Person.id == mark.by_id)
    rows = db.session.execute(query.where(HalfDay.edition_id == edition_id, mark.enrolment_id == enrolment_id).order_by(mark.id.desc()))
    return tuple(
        Past(_half(row[:6]), State(row[6]), How(row[7]), row[8], row[9], row[10] or "", row[11], Standing(row[12])) for row in rows
    )


def _half(row: Sequence[Any]) -> HalfDayInfo:
    identity, day, part, on, opens_at, closes_at = row
    return HalfDayInfo(identity, day, Part(part), on, opens_at, closes_at)


def disputes(edition_id: int) -> tuple[Dispute, ...]:
    """List the marks that say otherwise than what stands, oldest first."""
    mark, stands = AttendanceMark, Attendance
    both = (stands.half_day_id == mark.half_day_id) & (stands.enrolment_id == mark.enrolment_id)
    named = select(Person.name).join(Enrolment, Enrolment.person_id == Person.id).where(Enrolment.id == mark.enrolment_id)
    by = select(Person.name).where(Person.id == mark.by_id).scalar_subquery()
    query = select(*_HALF, mark.id, mark.enrolment_id, named.scalar_subquery(), by)
    query = query.add_columns(stands.state, stands.how, stands.at, mark.state, mark.how, mark.at)
    query = query.select_from(mark).join(HalfDay, HalfDay.id == mark.half_day_id).join(stands, both)
    rows = db.session.execute(query.where(HalfDay.edition_id == edition_id, mark.standing == Standing.CONFLICT).order_by(mark.id))
    return tuple(_dispute(*row) for row in rows)


def _dispute(*row: Any) -> Dispute:
    identity, enrolment, name, by, state, how, at, says, says_how, says_at = row[len(_HALF) :]
    return Dispute(
        id=identity,
        half_day=_half(row[: len(_HALF)]),
        enrolment_id=enrolment,
        name=name,
        stands=State(state),
        stands_how=How(how),
        stands_at=at,
        says=State(says),
        says_how=How(says_how),
        says_at=says_at,
        says_by=by or "",
    )


def visitors(edition_id: int) -> tuple[Visitor, ...]:
    """List those who came and are not on the list, and of whom nobody has said who they are."""
    query = select(*_HALF, WalkIn.id, WalkIn.name, WalkIn.institution, WalkIn.at).join(HalfDay, HalfDay.id == WalkIn.half_day_id)
    waiting = HalfDay.edition_id == edition_id, WalkIn.settled_at.is_(None)
    rows: Iterable[Any] = db.session.execute(query.where(*waiting).order_by(WalkIn.id))
    return tuple(Visitor(identity, _half(half), name, works_at, at) for *half, identity, name, works_at, at in rows)


def there_on(edition_id: int, day: int) -> tuple[int, ...]:
    """Tell who was there on a day, by enrolment."""
    present = Attendance.state == State.PRESENT, Attendance.at <= clock.now()
    query: Select[int] = select(Attendance.enrolment_id).join(HalfDay, HalfDay.id == Attendance.half_day_id)
    return tuple(db.session.scalars(query.where(HalfDay.edition_id == edition_id, HalfDay.day == day, *present).distinct()))
