"""What the desk's devices send after they were offline, and people who are not on the list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.audit import record as put_on_record
from lms.core.db import db
from lms.core.errors import Conflict, DomainError, Invalid, NotFound
from lms.core.viewer import Viewer
from lms.workshops import attendance, days
from lms.workshops.models import HalfDay, WalkIn
from lms.workshops.rules import How, State
from lms.workshops.values import Entry

MOST = 1_000
KEY, NAME = 64, 200
LARGEST = 2**53
UNREADABLE = "This mark can't be read."


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mark of a device: taken, same, conflict, walk-in, or refused with the reason in words."""

    key: str
    what: str
    words: str = ""


def take(edition_id: int, text: str, viewer: Viewer, *, lag: timedelta = timedelta(0)) -> list[Taken]:
    """Take the marks of a device in, given as JSON; each once, however often they are sent.

    `lag` is how far the device's clock is behind. What can't be taken is told with the reason, and keeps nothing else back.
    """
    return [_taken(edition_id, key, item, viewer, lag) for key, item in _items(text)]


def _items(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(UNREADABLE, field="marks") from error
    if not isinstance(found, list) or len(found) > MOST:
        message = f"A device sends a list of at most {MOST:,} marks."
        raise Invalid(message, field="marks")
    for item in found:
        key = item.get("key") if isinstance(item, dict) else None
        if not isinstance(key, str) or not 1 <= len(key) <= KEY or not key.isascii() or not key.isprintable():
            raise Invalid(UNREADABLE, field="marks")
        yield key, item


def _taken(edition_id: int, key: str, item: Mapping[str, Any], viewer: Viewer, lag: timedelta) -> Taken:
    try:
        half = days.half_day(edition_id, _whole(item, "half_day"))
        at = min(_moment(item) + lag, clock.now())
        if "name" in item:
            note_walk_in(half.id, _words(item, "name"), _words(item, "institution", ""), viewer, at=at, key=key)
            return Taken(key, "walk-in")
        state, enrolment_id = State(_words(item, "state")), _whole(item, "enrolment")
        noted = attendance.record(Entry(half.id, enrolment_id, state, How.DEVICE, at, _words(item, "reason", ""), key), viewer)
    except DomainError as error:
        return Taken(key, "refused", error.message)
    except (ValueError, OverflowError):
        return Taken(key, "refused", UNREADABLE)
    return Taken(key, noted.standing)


def _whole(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LARGEST:
        raise ValueError(name)
    return value


def _words(item: Mapping[str, Any], name: str, usual: str | None = None) -> str:
    value = item.get(name, usual)
    if not isinstance(value, str) or len(value) > NAME or not value.isprintable():
        raise ValueError(name)
    return value.strip()


def _moment(item: Mapping[str, Any]) -> datetime:
    return clock.parse(_words(item, "at"))


def note_walk_in(  # noqa: PLR0913 - each is a part of one note
    half_day_id: int, name: str, institution: str, viewer: Viewer, *, at: datetime | None = None, key: str | None = None
) -> int:
    """Note somebody who came and is not on the list; the same note of a device twice is one."""
    if not name:
        message = "Please write down the name."
        raise Invalid(message, field="name")
    db.session.execute(select(HalfDay.id).where(HalfDay.id == half_day_id).with_for_update())  # one at a time
    known = select(WalkIn.id).where(WalkIn.key == key)
    if key is not None and (there := db.session.scalar(known)) is not None:
        return there
    facts = {"name": name, "institution": institution, "at": at or clock.now(), "by_id": viewer.person_id, "key": key}
    row = WalkIn(half_day_id=half_day_id, **facts)
    db.session.add(row)
    db.session.flush()
    return row.id


def settle_walk_in(edition_id: int, walk_in_id: int, viewer: Viewer, enrolment_id: int | None = None) -> None:
    """Say which participant a walk-in is, who is present then; or, without one, that they are none."""
    query = select(WalkIn).join(HalfDay, HalfDay.id == WalkIn.half_day_id)
    found = WalkIn.id == walk_in_id, HalfDay.edition_id == edition_id
    row = db.session.scalars(query.where(*found).with_for_update(of=WalkIn)).one_or_none()
    if row is None:
        message = "There is no such walk-in."
        raise NotFound(message)
    if row.settled_at is not None:
        message = "Somebody has decided that already."
        raise Conflict(message)
    if enrolment_id is not None:
        attendance.record(Entry(row.half_day_id, enrolment_id, State.PRESENT, How.DEVICE, row.at), viewer)
    row.enrolment_id, row.settled_at = enrolment_id, clock.now()
    put_on_record(viewer, "attendance.walk_in", "walk-in", row.id, edition_id=edition_id, enrolment=enrolment_id)
