"""The record of what staff did: a row for each act, only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db
from lms.core.viewer import Viewer


class AuditEntry(Row):
    """Who did what to which thing, when, in what role."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_edition_id_id", "edition_id", "id"),)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    detail: Mapped[dict[str, Any]]


def record(
    viewer: Viewer, action: str, subject: str, subject_id: int | None, *, edition_id: int | None = None, **detail: Any
) -> None:
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
