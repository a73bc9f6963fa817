"""Certificates: requested, issued, and their unchanging documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.core.work import Work
from lms.gradebook.api import lasting


class Certificate(Work, Row):
    """A certificate that somebody has earned; `award` is everything it prints, as it was when it was earned."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind"),
        Index("ix_certificates_state_due_at", "state", "due_at"),
        Index("ix_certificates_edition_id_id", "edition_id", "id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    award: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    issued_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(default="")


@lasting
class CertificateDocument(Row):
    """The bytes of an issued certificate; stored once and never changed."""

    __tablename__ = "certificate_documents"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    body: Mapped[bytes]
