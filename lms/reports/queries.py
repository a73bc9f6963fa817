"""What the pages about reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import NotFound
from lms.reports import rules
from lms.reports.models import Snapshot
from lms.reports.rules import Contents

PAGE = 50


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A snapshot in the list."""

    id: int
    taken_at: datetime
    digest: str
    by: str | None


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A snapshot with what it holds."""

    id: int
    edition_id: int
    taken_at: datetime
    digest: str
    contents: Contents


def snapshots(edition_id: int, before: int | None = None) -> tuple[Sequence[SnapshotLine], int | None]:
    """List snapshots, newest first, and say before which the next page begins."""
    query = select(Snapshot.id, Snapshot.taken_at, Snapshot.digest, Person.name).outerjoin(Person, Person.id == Snapshot.by_id)
    query = query.where(Snapshot.edition_id == edition_id).order_by(Snapshot.id.desc()).limit(PAGE + 1)
    rows = db.session.execute(query if before is None else query.where(Snapshot.id < before)).all()
    found = [SnapshotLine(*row) for row in rows[:PAGE]]
    return found, found[-1].id if len(rows) > PAGE else None


def snapshot(edition_id: int, snapshot_id: int) -> SnapshotInfo:
    """Read a snapshot of an edition; raise `NotFound`."""
    query = select(Snapshot.id, Snapshot.edition_id, Snapshot.taken_at, Snapshot.digest, Snapshot.data)
    row = db.session.execute(query.where(Snapshot.id == snapshot_id, Snapshot.edition_id == edition_id)).first()
    if row is None:
        message = "There is no such snapshot in this edition."
        raise NotFound(message)
    return SnapshotInfo(*row[:4], rules.contents(row.data))
