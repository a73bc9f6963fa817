"""Recommendations of a workshop: every wording, where they come from, who can live with them, and the final list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.recommendations.rules import State


class Recommendation(Row):
    """A recommendation as it is worded now; `number` is its place in the final list of its level, `version` counts the wordings.

    `author_id` is the enrolment of who drafted it, `drafted_by` the group that did, and `merged_into_id` the one that took it up.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        Index("ix_recommendations_edition_id_state", "edition_id", "state", "id"),
        UniqueConstraint("edition_id", "level", "number"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    level: Mapped[str]
    text: Mapped[str]
    drafted_by: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    number: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("recommendations.id"), index=True)
    adopted_despite: Mapped[str] = mapped_column(default="")
    drafted_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecommendationWording(Row):
    """A wording of a recommendation, by whom and why; rows are only added."""

    __tablename__ = "recommendation_wordings"
    __table_args__ = (UniqueConstraint("recommendation_id", "version"),)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    version: Mapped[int]
    level: Mapped[str]
    text: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class RecommendationSource(Row):
    """A case study that a recommendation comes from."""

    __tablename__ = "recommendation_sources"
    __table_args__ = (UniqueConstraint("recommendation_id", "case_study_id"),)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), index=True)


class RecommendationVoice(Row):
    """What a participant says of a recommendation, of the wording with this version."""

    __tablename__ = "recommendation_voices"
    __table_args__ = (UniqueConstraint("recommendation_id", "enrolment_id"),)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    stance: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)
