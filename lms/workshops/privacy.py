"""What workshops hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, select, update

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.workshops.models import Attendance, AttendanceMark, Award, HalfDay, SessionQuote, Waiver, WalkIn

HOLDS = "When you were at the workshop and how that was marked, waivers for its certificate and why, and what you said that was noted."


def export(person_id: int) -> Mapping[str, Any]:
    """Give when a person was there, every mark, the waivers, and the quotes."""
    mine, mark = _enrolments(person_id), AttendanceMark
    stands = select(HalfDay.day, HalfDay.part, Attendance.state, Attendance.how, Attendance.at, Attendance.reason)
    marked = select(HalfDay.day, HalfDay.part, mark.state, mark.how, mark.at, mark.noted_at, mark.reason, mark.standing)
    waived = select(Waiver.need, Waiver.reason, Waiver.asked_at, Waiver.granted_at)
    awarded = select(Award.at, Award.doubt, Award.kept_why)
    said = select(SessionQuote.text, SessionQuote.consent, SessionQuote.at)
    half = HalfDay.id
    return {
        "attendance": _rows(stands.join(HalfDay, half == Attendance.half_day_id).where(Attendance.enrolment_id.in_(mine)).order_by(half)),
        "marks": _rows(marked.join(HalfDay, half == mark.half_day_id).where(mark.enrolment_id.in_(mine)).order_by(mark.id)),
        "waivers": _rows(waived.where(Waiver.enrolment_id.in_(mine)).order_by(Waiver.id)),
        "award": _rows(awarded.where(Award.enrolment_id.in_(mine)).order_by(Award.id)),
        "quotes": _rows(said.where(SessionQuote.enrolment_id.in_(mine)).order_by(SessionQuote.id)),
    }


def erase(person_id: int) -> None:
    """Remove reasons, notes and quotes of a person; who was there when stays for the statistics."""
    mine = _enrolments(person_id)
    db.session.execute(update(Attendance).where(Attendance.enrolment_id.in_(mine)).values(reason=""))
    db.session.execute(update(AttendanceMark).where(AttendanceMark.enrolment_id.in_(mine)).values(reason=""))
    db.session.execute(update(Waiver).where(Waiver.enrolment_id.in_(mine)).values(reason=""))
    db.session.execute(update(Award).where(Award.enrolment_id.in_(mine)).values(doubt="", kept_why=""))
    db.session.execute(delete(WalkIn).where(WalkIn.enrolment_id.in_(mine)))
    db.session.execute(delete(SessionQuote).where(SessionQuote.enrolment_id.in_(mine)))


def _enrolments(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
