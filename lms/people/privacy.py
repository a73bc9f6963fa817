"""Who looked at a person's records: every act by which staff saw or took them, for the person to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.core.audit import AuditEntry, Sighting
from lms.core.db import db
from lms.core.domain import Edition, Person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw a person's records: who, in what role, when, what, in which edition, along with how many people, and why."""

    entry_id: int
    at: datetime
    who: str
    role: str
    what: str
    people: int
    edition: str
    purpose: str


def looks(person_id: int, before: int | None = None) -> tuple[Sequence[Look], int | None]:
    """List who looked, newest first, and from where the next page goes on."""
    query = (
        select(AuditEntry.id, AuditEntry.at, Person.name, AuditEntry.role, AuditEntry.detail, Edition.title)
        .join(Sighting, Sighting.entry_id == AuditEntry.id)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .outerjoin(Edition, Edition.id == AuditEntry.edition_id)
        .where(Sighting.person_id == person_id)
    )
    if before is not None:
        query = query.where(Sighting.entry_id < before)
    rows = db.session.execute(query.order_by(Sighting.entry_id.desc()).limit(PAGE + 1)).all()
    found = [
        Look(entry_id, at, name or "the platform", role, detail["what"], detail["people"], title or "", detail.get("purpose", ""))
        for entry_id, at, name, role, detail, title in rows[:PAGE]
    ]
    return found, found[-1].entry_id if len(rows) > PAGE else None
