"""The record of what staff did: a row for each act, only ever added to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, func, insert, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work
from lms.core.viewer import Viewer

AGAIN = timedelta(minutes=5)  # who looks at the same page once more within this time has looked once


class AuditEntry(Row):
    """Who did what to which thing, when, in what role."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_edition_id_id", "edition_id", "id"),
        Index("ix_audit_entries_subject_subject_id", "subject", "subject_id", "id"),
    )
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    detail: Mapped[dict[str, Any]]


class Sighting(Row):
    """Whose record was seen by an act on record: what lets everybody read who looked."""

    __tablename__ = "sightings"
    __table_args__ = (Index("ix_sightings_person_id_entry_id", "person_id", "entry_id", unique=True),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entries.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


def record(
    viewer: Viewer, action: str, subject: str, subject_id: int | None, *, edition_id: int | None = None, **detail: Any
) -> AuditEntry:
    """Write down an act inside the transaction that does it; `action` is a verb such as 'forum.hide'."""
    entry = AuditEntry(
        actor_id=viewer.person_id,
        role=viewer.role or "",
        action=action,
        subject=subject,
        subject_id=subject_id,
        edition_id=edition_id,
        detail=detail,
    )
    db.session.add(entry)
    return entry


def seen(  # noqa: PLR0913 - each is a part of one act
    viewer: Viewer,
    action: str,
    subject: tuple[str, int | None],
    people: Select[int],
    *,
    what: str,
    edition_id: int | None = None,
    **detail: Any,
) -> None:
    """Write down that somebody saw or took records of `people`; each of them can read it, in the words of `what`.

    One's own record needs no note. Looking at the same thing again within five minutes makes no second entry; an export, which
    names its `filter`, always makes one.
    """
    others = people.order_by(None).subquery()
    person_id = others.c[0]
    with unit_of_work():
        count = db.session.scalar(select(func.count()).select_from(others).where(person_id != viewer.person_id)) or 0
        if "filter" not in detail and (not count or _looked_just_now(viewer, action, subject)):
            return
        entry = record(viewer, action, *subject, edition_id=edition_id, what=what, people=count, **detail)
        db.session.flush()
        rows = select(literal(entry.id), person_id).where(person_id != viewer.person_id)
        db.session.execute(insert(Sighting).from_select(["entry_id", "person_id"], rows))


def _looked_just_now(viewer: Viewer, action: str, subject: tuple[str, int | None]) -> bool:
    recent = AuditEntry.actor_id == viewer.person_id, AuditEntry.at > clock.now() - AGAIN
    same = AuditEntry.action == action, AuditEntry.subject == subject[0], AuditEntry.subject_id == subject[1]
    return db.session.scalar(select(AuditEntry.id).where(*recent, *same).limit(1)) is not None
