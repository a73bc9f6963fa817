"""The record of what staff did: a row for each act, only ever added to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ForeignKey, Index, ScalarSelect, Select, func, insert, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row, db, unit_of_work
from lms.core.domain import Enrolment
from lms.core.viewer import Viewer

CORE_ACTS = {"purpose.state": "Said why they open somebody's records"}
AGAIN = timedelta(minutes=5)  # who looks at the same page once more within this time has looked once


class AuditEntry(Row):
    """Who did what to which thing, when, in what role; `about_id` is the one person whom it concerns, if there is one."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at_id", "at", "id"),
        Index("ix_audit_entries_edition_id_at", "edition_id", "at", "id"),
        Index("ix_audit_entries_actor_id_at", "actor_id", "at", "id"),
        Index("ix_audit_entries_about_id_at", "about_id", "at", "id"),
        Index("ix_audit_entries_action_at", "action", "at", "id"),
        Index("ix_audit_entries_edition_id_action_at", "edition_id", "action", "at", "id"),
        Index("ix_audit_entries_subject_subject_id", "subject", "subject_id", "id"),
    )
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
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


def record(  # noqa: PLR0913 - each is a part of one act
    viewer: Viewer,
    action: str,
    subject: str,
    subject_id: int | None,
    *,
    edition_id: int | None = None,
    about: int | ScalarSelect[int] | None = None,
    **detail: Any,
) -> AuditEntry:
    """Write down an act inside the transaction that does it; `action` is a verb such as 'forum.hide'.

    `about` is the person concerned; that of an enrolment, and a person, need not be named.
    """
    entry = AuditEntry(
        actor_id=viewer.person_id,
        about_id=_concerned(subject, subject_id) if about is None else about,
        role=viewer.on_record or viewer.role or "",
        action=action,
        subject=subject,
        subject_id=subject_id,
        edition_id=edition_id,
        detail=detail,
    )
    db.session.add(entry)
    return entry


def _concerned(subject: str, subject_id: int | None) -> int | ScalarSelect[int] | None:
    if subject == "enrolment" and subject_id is not None:
        return person_of(subject_id)
    return subject_id if subject == "person" else None


def person_of(enrolment_id: int) -> ScalarSelect[int]:
    """Select whose enrolment it is, for an act that concerns this person."""
    return select(Enrolment.person_id).where(Enrolment.id == enrolment_id).scalar_subquery()


def in_words(action: str) -> str:
    """Say what an act is, as the feature that puts it on record does; one of a feature that is gone keeps its code."""
    words: str = current_app.extensions["lms"].acts.get(action, action)
    return words


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
        rows = select(literal(entry.id), person_id).where(person_id != viewer.person_id).order_by(person_id)  # as an index takes it best
        db.session.execute(insert(Sighting).from_select(["entry_id", "person_id"], rows))


def _looked_just_now(viewer: Viewer, action: str, subject: tuple[str, int | None]) -> bool:
    recent = AuditEntry.actor_id == viewer.person_id, AuditEntry.at > clock.now() - AGAIN
    same = AuditEntry.action == action, AuditEntry.subject == subject[0], AuditEntry.subject_id == subject[1]
    return db.session.scalar(select(AuditEntry.id).where(*recent, *same).limit(1)) is not None
