"""Outages, what was decided about them, and what is still to be done for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.core.work import Work

_DETECTED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("edition_id IS NULL"))


class Outage(Row):
    """A time in which nobody could use the platform: detected, for every edition, or entered by hand, for one and perhaps one country."""

    __tablename__ = "outages"
    __table_args__ = (
        Index("ix_outages_until", "until", "id"),
        Index("uq_outages_detected", "since", unique=True, **_DETECTED),
        UniqueConstraint("edition_id", "since", "until", "country"),
    )
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    country: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class OutageDecision(Row):
    """What administrators decided about an outage in an edition: more time for so many `people`, or none, each with a reason."""

    __tablename__ = "outage_decisions"
    __table_args__ = (UniqueConstraint("edition_id", "outage_id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    outage_id: Mapped[int] = mapped_column(ForeignKey("outages.id"), index=True)
    approved: Mapped[bool]
    reason: Mapped[str]
    people: Mapped[int] = mapped_column(default=0)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)


class OutageRemedy(Work, Row):
    """What one learner gets because of a decision, until the worker has done it: each of the `parts` is about a quiz."""

    __tablename__ = "outage_remedies"
    __table_args__ = (
        UniqueConstraint("decision_id", "enrolment_id"),
        Index("ix_outage_remedies_state_due_at", "state", "due_at"),
        Index("ix_outage_remedies_enrolment_id", "enrolment_id"),
    )
    decision_id: Mapped[int] = mapped_column(ForeignKey("outage_decisions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    parts: Mapped[list[dict[str, Any]]]
