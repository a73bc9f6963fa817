"""Applications for a place, the privacy notice and who agreed to it, likely duplicates, and files of nominees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.core.work import Work


class Application(Row):
    """What somebody says who wants a place; its state is that of the enrolment.

    `version` counts the changes, by applicant and administrators alike. `words` are those that went along with the last decision.
    `compared_at` is empty as long as nobody has looked for the same person under another name.
    """

    __tablename__ = "applications"
    __table_args__ = (Index("ix_applications_compared_at_id", "compared_at", "id"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    position: Mapped[str] = mapped_column(default="")
    motivation: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(default="")
    compared_at: Mapped[datetime | None]


class PrivacyNotice(Row):
    """A version of the installation's privacy notice; versions are only added."""

    __tablename__ = "privacy_notices"
    version: Mapped[int] = mapped_column(unique=True)
    text: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Consent(Row):
    """A person agreed to a version of the privacy notice."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("person_id", "version"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(ForeignKey("privacy_notices.version"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Likeness(Row):
    """Two enrolments of an edition that may be of the same person, why, and what an administrator found."""

    __tablename__ = "likenesses"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index("ix_likenesses_edition_id_state_id", "edition_id", "state", "id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    reasons: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="proposed")
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class NomineeFile(Work, Row):
    """A file of nominees as it was uploaded, how it is read, what is wrong with it, and how far its import has come.

    It is a draft until somebody starts the import; once that is done, nothing of the file is kept but its name and the numbers.
    """

    __tablename__ = "nominee_files"
    __table_args__ = (
        Index("ix_nominee_files_state_due_at", "state", "due_at"),
        Index("ix_nominee_files_edition_id_id", "edition_id", "id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    body: Mapped[bytes]
    encoding: Mapped[str]
    separator: Mapped[str]
    people: Mapped[int] = mapped_column(default=0)
    checked: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
