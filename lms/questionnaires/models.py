"""Questionnaires, the receipts of who answered, and the answers: tables that nothing ties together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Model, Row


class Questionnaire(Row):
    """What is asked, whom, from when to when. `items` are its own; `version` counts the changes.

    `sealed_at` says when, after the end, the answers were mixed; before that they are sealed, and nobody is shown any.
    """

    __tablename__ = "questionnaires"
    __table_args__ = (Index("ix_questionnaires_edition_id_opens_at", "edition_id", "opens_at", "id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    template: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int]
    audience: Mapped[str]
    module: Mapped[str] = mapped_column(default="")
    day: Mapped[int | None]
    items: Mapped[list[dict[str, Any]]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Receipt(Model):
    """That somebody answered: no moment, and no number that would tell the order."""

    __tablename__ = "questionnaire_receipts"
    __table_args__ = (
        Index("ix_questionnaire_receipts_enrolment_id", "enrolment_id"),
        {"sqlite_with_rowid": False},
    )
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)


class Envelope(Model):
    """What somebody answered while a questionnaire is open: sealed, under a random number that changes as others answer."""

    __tablename__ = "questionnaire_envelopes"
    __table_args__ = (
        Index("ix_questionnaire_envelopes_questionnaire_id", "questionnaire_id"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    sealed: Mapped[bytes]


class AnswerSheet(Model):
    """What somebody answered, once all is over, under a random number: neither who nor when.

    `gender` is 'woman', 'man' or empty, and empty for all where a group of fewer than five could be told; `quotable` is the author's
    consent to be quoted; `tags` are put on comments by the staff.
    """

    __tablename__ = "questionnaire_answers"
    __table_args__ = (
        Index("ix_questionnaire_answers_questionnaire_id", "questionnaire_id"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    given: Mapped[dict[str, Any]]
    gender: Mapped[str]
    quotable: Mapped[bool]
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict)
