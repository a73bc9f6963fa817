"""The ledger from which every grade follows, and what was drawn from it so that pages needn't."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.gradebook.lasting import lasting


@lasting
class GradeEntry(Row):
    """What became of an item's score (or of its weight) at a moment; a weight of 0 says that it counts no longer."""

    __tablename__ = "grade_entries"
    __table_args__ = (Index("ix_grade_entries_enrolment_id_id", "enrolment_id", "id"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    item: Mapped[str]
    title: Mapped[str]
    group: Mapped[str]
    group_title: Mapped[str]
    weight: Mapped[Decimal]
    from_score: Mapped[Decimal | None]
    to_score: Mapped[Decimal | None]
    why: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Standing(Row):
    """Where a learner stands, drawn from the ledger in the transaction that adds to it.

    `groups` holds each group's grade; country, gender, sector and `name_key` (for sorting) are those of the enrolment and the
    person, kept here so that a page of the ranking is read from one index however many learners there are.
    """

    __tablename__ = "standings"
    __table_args__ = (
        Index("ix_standings_edition_id_final", "edition_id", "final", "enrolment_id"),
        Index("ix_standings_edition_id_country_final", "edition_id", "country", "final", "enrolment_id"),
        Index("ix_standings_edition_id_gender_final", "edition_id", "gender", "final", "enrolment_id"),
        Index("ix_standings_edition_id_sector_final", "edition_id", "sector", "final", "enrolment_id"),
        Index("ix_standings_edition_id_name_key", "edition_id", "name_key", "enrolment_id"),
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    country: Mapped[str]
    gender: Mapped[str]
    sector: Mapped[str]
    name_key: Mapped[str]
    so_far: Mapped[Decimal | None]
    final: Mapped[Decimal]
    graded: Mapped[int]
    counted: Mapped[int]
    groups: Mapped[list[dict[str, Any]]]
    plan: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class GradedGroup(Row):
    """A group that counts in an edition: a column of its ranking."""

    __tablename__ = "graded_groups"
    __table_args__ = (UniqueConstraint("edition_id", "group"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    group: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
