"""Certificates: requested, issued, revoked, superseded; their unchanging documents; status lists and published keys."""

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
    """A certificate that somebody has earned; `award` is everything it prints, as it was when it was earned.

    A later version supersedes the one before once it is issued. `place` is the certificate's random place in its status list.
    `share` is the secret part of the address that its owner shows around, as long as there is one.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind", "version"),
        UniqueConstraint("status_list_id", "place"),
        Index("ix_certificates_state_due_at", "state", "due_at"),
        Index("ix_certificates_edition_id_id", "edition_id", "id"),
        Index("ix_certificates_digest", "digest"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    award: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime] = mapped_column(default=clock.now)
    issued_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(default="")
    status_list_id: Mapped[int | None] = mapped_column(ForeignKey("certificate_status_lists.id"))
    place: Mapped[int | None]
    superseded_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_reason: Mapped[str] = mapped_column(default="")
    share: Mapped[str | None] = mapped_column(unique=True)


@lasting
class CertificateDocument(Row):
    """The bytes of an issued certificate, and the credential that also lies in them; stored once and never changed."""

    __tablename__ = "certificate_documents"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    body: Mapped[bytes]
    credential: Mapped[str] = mapped_column(default="")


class StatusList(Work, Row):
    """The public list of one issuer that says which credentials are not valid any more; `body` is signed anew after each change."""

    __tablename__ = "certificate_status_lists"
    __table_args__ = (Index("ix_certificate_status_lists_state_due_at", "state", "due_at"),)
    issuer: Mapped[str] = mapped_column(index=True)
    changes: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime | None]


class Publication(Row):
    """What anybody may have of the keys, as text that was made where the keys are; `stamp` tells from which."""

    __tablename__ = "certificate_publications"
    name: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    stamp: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
