"""Invitations to an edition's workshop, what became of each, and the travel details of those who come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.invitations.values import State


class Gathering(Row):
    """Where and when the workshop of an edition is, and by when what is needed; `version` counts the changes."""

    __tablename__ = "gatherings"
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), unique=True)
    title: Mapped[str]
    place: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    answer_days: Mapped[int]
    freeze_on: Mapped[date]
    delete_on: Mapped[date]
    automatic: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)


class Invitation(Row):
    """The one invitation of an enrolment; a reserve's names the one whose seat it got, which no other can name.

    `reason` is what was said with the last change. Somebody who comes and has been asked to confirm it is to do so until `confirm_by`.
    """

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_edition_id_state", "edition_id", "state", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    state: Mapped[str] = mapped_column(default=State.PROPOSED)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), unique=True)
    answer_by: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    confirm_by: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(default="")


class InvitationStep(Row):
    """Who moved an invitation from one state to another, when and why; rows are only added."""

    __tablename__ = "invitation_steps"
    __table_args__ = (Index("ix_invitation_steps_invitation_id_id", "invitation_id", "id"),)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class TravelDetails(Row):
    """What somebody said for the journey, sealed; `version` counts the changes."""

    __tablename__ = "travel_details"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    sealed: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class TravelChange(Row):
    """Other details that somebody asked for after the freeze, sealed, and what an administrator decided."""

    __tablename__ = "travel_changes"
    __table_args__ = (Index("ix_travel_changes_enrolment_id_decided_at", "enrolment_id", "decided_at"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    sealed: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    granted: Mapped[bool | None]


class PassportPage(Row):
    """The picture of a passport's page, sealed; `kind` is its media type."""

    __tablename__ = "passport_pages"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    kind: Mapped[str]
    sealed: Mapped[bytes]
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
