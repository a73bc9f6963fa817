"""The half-days of a workshop: laid out, changed, found, with the codes that participants type."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.viewer import Viewer, edition_by_id
from lms.workshops import rules
from lms.workshops.models import Attendance, AttendanceMark, HalfDay, WalkIn
from lms.workshops.rules import HOURS, Half, Hours, Part
from lms.workshops.values import HalfDayInfo

_INFO = select(HalfDay.id, HalfDay.day, HalfDay.part, HalfDay.on, HalfDay.opens_at, HalfDay.closes_at)


def set_up(edition_id: int, days: Sequence[date], viewer: Viewer, hours: Hours = HOURS) -> tuple[HalfDayInfo, ...]:
    """Lay the half-days of a workshop out, or change them; codes stay, and so does every half-day that has marks."""
    edition = edition_by_id(edition_id)
    try:
        wanted = {(half.day, half.part): half for half in rules.halves(days, hours, edition.zone)}
    except ValueError as error:
        raise Invalid(str(error), field="first") from error
    rows = db.session.scalars(select(HalfDay).where(HalfDay.edition_id == edition_id).with_for_update()).all()
    there = {(row.day, Part(row.part)): row for row in rows}
    _remove([row.id for key, row in there.items() if key not in wanted])
    taken = {row.code for row in rows}
    for key, half in wanted.items():
        if key in there:
            there[key].on, there[key].opens_at, there[key].closes_at = half.on, half.opens_at, half.closes_at
        else:
            db.session.add(_new(edition_id, half, taken))
    db.session.flush()
    record(viewer, "workshop.days", "edition", edition_id, edition_id=edition_id, days=[day.isoformat() for day in days])
    return half_days(edition_id)


def _new(edition_id: int, half: Half, taken: set[str]) -> HalfDay:
    code = next(code for code in iter(_code, "") if code not in taken)
    taken.add(code)
    values = {"day": half.day, "part": half.part, "on": half.on, "opens_at": half.opens_at, "closes_at": half.closes_at}
    return HalfDay(edition_id=edition_id, code=code, **values)


def _code() -> str:
    return rules.code(secrets.randbelow(len(rules.ALPHABET) ** rules.CODE))


def _remove(ids: Sequence[int]) -> None:
    if not ids:
        return
    for model in (AttendanceMark, Attendance, WalkIn):
        if db.session.scalar(select(model.id).where(model.half_day_id.in_(ids)).limit(1)):
            message = "Attendance is marked already in a half-day that would be gone. Keep at least as many days as before."
            raise Conflict(message, field="last")
    db.session.execute(delete(HalfDay).where(HalfDay.id.in_(ids)))


def half_days(edition_id: int) -> tuple[HalfDayInfo, ...]:
    """List the half-days of an edition's workshop, in order."""
    rows = db.session.execute(_INFO.where(HalfDay.edition_id == edition_id).order_by(HalfDay.opens_at, HalfDay.id))
    return tuple(HalfDayInfo(row.id, row.day, Part(row.part), row.on, row.opens_at, row.closes_at) for row in rows)


def signed(edition_id: int) -> Iterator[str]:
    """Name the half-days for which participants sign, with their hours."""
    local = ZoneInfo(edition_by_id(edition_id).zone)
    for half in half_days(edition_id):
        opens, closes = half.opens_at.astimezone(local), half.closes_at.astimezone(local)
        yield f"{half.label}: {opens:%A} {opens.day} {opens:%B %Y}, {opens:%H:%M} to {closes:%H:%M}"


def half_day(edition_id: int, half_day_id: int) -> HalfDayInfo:
    """Find a half-day of an edition; raise `NotFound`."""
    row = db.session.execute(_INFO.where(HalfDay.edition_id == edition_id, HalfDay.id == half_day_id)).first()
    if row is None:
        message = "There is no such half-day."
        raise NotFound(message)
    return HalfDayInfo(row.id, row.day, Part(row.part), row.on, row.opens_at, row.closes_at)


def by_code(edition_id: int, typed: str) -> HalfDayInfo | None:
    """Find the half-day that a typed code belongs to."""
    row = db.session.execute(_INFO.where(HalfDay.edition_id == edition_id, HalfDay.code == rules.typed(typed))).first()
    return HalfDayInfo(row.id, row.day, Part(row.part), row.on, row.opens_at, row.closes_at) if row else None


def code_of(half_day_id: int) -> str:
    """Give the code of a half-day, for the desk to show."""
    return db.session.scalars(select(HalfDay.code).where(HalfDay.id == half_day_id)).one()
