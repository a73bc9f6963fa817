"""Marking who is there: from the list, by code, from paper, from a device that was offline; corrections and conflicts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from lms.core import clock
from lms.core.audit import record as put_on_record
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.events import publish
from lms.core.viewer import NOBODY, Viewer
from lms.invitations.api import participant
from lms.workshops import days, rules
from lms.workshops.events import AttendanceChanged
from lms.workshops.models import Attendance, AttendanceMark, HalfDay
from lms.workshops.rules import How, Standing, State
from lms.workshops.values import Entry, HalfDayInfo, Noted


def record(entry: Entry, viewer: Viewer = NOBODY) -> Noted:
    """Mark somebody in a half-day, and tell what became of the mark; the same mark of a device twice is one mark.

    Raise `Invalid` for who is not among the participants, and where another state stands already and no reason is given.
    """
    edition_id = _hold(entry)
    if entry.key is not None and (known := _known(entry)):
        return known
    row = db.session.scalars(select(Attendance).where(_of(entry))).one_or_none()
    standing = _decide(entry, State(row.state) if row else None)
    at = entry.at or clock.now()
    if standing != Standing.SAME or entry.key is not None:
        _note(entry, at, standing, viewer)
    if standing != Standing.TAKEN and row is not None:
        return Noted(standing, State(row.state), row.at)
    _set(row or Attendance(half_day_id=entry.half_day_id, enrolment_id=entry.enrolment_id), entry, at, viewer)
    _tell(edition_id, entry, viewer, before=State(row.state) if row else None)
    return Noted(standing, entry.state, at)


def _hold(entry: Entry) -> int:
    """Keep two marks of one participant apart, and give the edition; raise for a half-day or a person of another one."""
    found = db.session.scalar(select(Enrolment.edition_id).where(Enrolment.id == entry.enrolment_id).with_for_update(key_share=True))
    if found is None or db.session.scalar(select(HalfDay.edition_id).where(HalfDay.id == entry.half_day_id)) != found:
        message = "There is no such half-day for this person."
        raise NotFound(message)
    if participant(entry.enrolment_id) is None:
        message = "This person is not among the participants. Please note a walk-in instead."
        raise Invalid(message)
    return found


def _known(entry: Entry) -> Noted | None:
    """Give what became of a mark that a device sends once more; raise `Conflict` where its key stands for another."""
    mark = db.session.scalars(select(AttendanceMark).where(AttendanceMark.key == entry.key)).one_or_none()
    if mark is None:
        return None
    if (mark.half_day_id, mark.enrolment_id, mark.state) != (entry.half_day_id, entry.enrolment_id, entry.state):
        message = "The device has sent another mark under the same key."
        raise Conflict(message)
    return Noted(Standing(mark.standing), State(mark.state), mark.at)


def _of(entry: Entry) -> ColumnElement[bool]:
    return (Attendance.half_day_id == entry.half_day_id) & (Attendance.enrolment_id == entry.enrolment_id)


def _decide(entry: Entry, before: State | None) -> Standing:
    if entry.state == State.EXCUSED and before != State.EXCUSED and not entry.reason:
        message = "Please say why they are excused."
        raise Invalid(message, field="reason")
    standing = rules.meet(before, entry.state, entry.how, entry.reason)
    if standing is None:
        message = f"They are marked as {before} already. To correct that, please give the reason."
        raise Invalid(message, field="reason")
    return standing


def _note(entry: Entry, at: datetime, standing: Standing, viewer: Viewer) -> None:
    facts = {"state": entry.state, "how": entry.how, "reason": entry.reason, "key": entry.key}
    whom = {"half_day_id": entry.half_day_id, "enrolment_id": entry.enrolment_id}
    db.session.add(AttendanceMark(**whom, **facts, at=at, standing=standing, by_id=viewer.person_id))


def _set(row: Attendance, entry: Entry, at: datetime, viewer: Viewer) -> None:
    row.state, row.how, row.reason = entry.state, entry.how, entry.reason
    row.at, row.by_id, row.changed_at = at, viewer.person_id, clock.now()
    db.session.add(row)
    db.session.flush()


def _tell(edition_id: int, entry: Entry, viewer: Viewer, before: State | None) -> None:
    if viewer.is_staff:
        detail: dict[str, Any] = {"half_day": entry.half_day_id, "state": entry.state, "how": entry.how, "reason": entry.reason}
        what = "attendance.correct" if before else "attendance.mark"
        put_on_record(viewer, what, "enrolment", entry.enrolment_id, edition_id=edition_id, before=before, **detail)
    publish(AttendanceChanged(edition_id, entry.enrolment_id))


def check_in(edition_id: int, enrolment_id: int, code: str) -> tuple[HalfDayInfo, Noted]:
    """Mark who types the code of a half-day as present: from its opening on for who is early; raise `Invalid` for a wrong code."""
    found = days.by_code(edition_id, code)
    if found is None:
        message = "This is not the code of a half-day. Look at the desk's screen again, or ask the desk."
        raise Invalid(message, field="code")
    at = rules.counts_at(found.opens_at, found.closes_at, clock.now())
    if at is None:
        early = clock.now() < found.opens_at
        too_early = "It is too early: this code counts from ten minutes before the half-day."
        message = too_early if early else "This half-day is over. Please ask the desk."
        raise Invalid(message, field="code")
    noted = record(Entry(found.id, enrolment_id, State.PRESENT, How.CODE, at))
    return found, noted


def settle(edition_id: int, mark_id: int, viewer: Viewer, *, take: bool, reason: str) -> None:
    """Decide about a mark that said otherwise than what stands: take it, or leave what stands."""
    query = select(AttendanceMark).join(HalfDay, HalfDay.id == AttendanceMark.half_day_id)
    found = AttendanceMark.id == mark_id, HalfDay.edition_id == edition_id
    mark = db.session.scalars(query.where(*found).with_for_update(of=AttendanceMark)).one_or_none()
    if mark is None:
        message = "There is no such mark."
        raise NotFound(message)
    if mark.standing != Standing.CONFLICT:
        message = "Somebody has decided that already."
        raise Conflict(message)
    if not reason:
        message = "Please say how you know."
        raise Invalid(message, field="reason")
    mark.standing = Standing.DROPPED
    if take:
        record(Entry(mark.half_day_id, mark.enrolment_id, State(mark.state), How.LIST, mark.at, reason), viewer)
    whom = mark.enrolment_id
    put_on_record(viewer, "attendance.settle", "enrolment", whom, edition_id=edition_id, mark=mark_id, taken=take, reason=reason)
