"""What the pages about reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import NotFound
from lms.core.work import DONE
from lms.reports import rules
from lms.reports.models import Document, Snapshot
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


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of a snapshot, made or under way."""

    id: int
    form: str
    state: str
    tries: int
    last_error: str
    requested_at: datetime
    done_at: datetime | None
    digest: str
    size: int | None
    texts_digest: str


def documents(snapshot_id: int) -> Sequence[DocumentLine]:
    """List the documents of a snapshot, the one asked for last first."""
    columns = (
        *(Document.id, Document.form, Document.state, Document.tries, Document.last_error),
        *(Document.requested_at, Document.done_at, Document.digest, func.length(Document.body), Document.texts_digest),
    )
    query = select(*columns).where(Document.snapshot_id == snapshot_id).order_by(Document.id.desc()).limit(PAGE)
    return [DocumentLine(*row) for row in db.session.execute(query)]


def document(edition_id: int, document_id: int) -> tuple[str, bytes]:
    """Give the form and the bytes of a document of this edition; raise `NotFound`."""
    query = select(Document.form, Document.body).join(Snapshot, Snapshot.id == Document.snapshot_id)
    row = db.session.execute(query.where(Document.id == document_id, Snapshot.edition_id == edition_id, Document.state == DONE)).first()
    if row is None or row.body is None:
        message = "There is no such document, or it is still being made."
        raise NotFound(message)
    return row.form, row.body


def newest(edition_id: int) -> int | None:
    """Give the id of the newest snapshot; none where none was taken."""
    return db.session.scalar(select(func.max(Snapshot.id)).where(Snapshot.edition_id == edition_id))
