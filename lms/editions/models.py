"""Exceptions to the dates of an edition."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row


class Extension(Row):
    """More time for one person, or for everybody of a country, in one module (by its slug) or, without one, in all."""

    __tablename__ = "extensions"
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    country: Mapped[str | None]
    module: Mapped[str | None]
    hours: Mapped[int]
    reason: Mapped[str]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
