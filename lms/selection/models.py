"""The rules of a selection, what candidates are worth by its criteria, its runs, and the one that was approved."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.core.work import Work
from lms.gradebook.api import lasting


@lasting
class SelectionRules(Row):
    """A version of an edition's rules, as `values.Rules` writes them; versions are only added."""

    __tablename__ = "selection_rules"
    __table_args__ = (UniqueConstraint("edition_id", "version"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class SelectionMark(Row):
    """Somebody who must or must not be selected, and why."""

    __tablename__ = "selection_marks"
    __table_args__ = (Index("ix_selection_marks_edition_id", "edition_id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    must: Mapped[bool]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class CriterionScore(Row):
    """What a candidate is worth by a criterion that an administrator has added."""

    __tablename__ = "criterion_scores"
    __table_args__ = (UniqueConstraint("edition_id", "criterion", "enrolment_id"),)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    criterion: Mapped[str]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    value: Mapped[Decimal]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class MotivationScore(Row):
    """What an assessor, who did not know whose it is, thinks of a motivation: 0 to 10."""

    __tablename__ = "motivation_scores"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "assessor_id"),
        Index("ix_motivation_scores_edition_id_assessor_id", "edition_id", "assessor_id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    score: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class SelectionRun(Work, Row):
    """A run: who asked for it, by which rules and marks, of which data, and what came out, as `problem.Outcome`.

    `fingerprint` is that of rules, marks and data, which anybody can repeat; `stamp` is one of the data that is quick to take again.
    """

    __tablename__ = "selection_runs"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        Index("ix_selection_runs_state_due_at", "state", "due_at"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    marks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    fingerprint: Mapped[str] = mapped_column(default="")
    stamp: Mapped[str] = mapped_column(default="")
    candidates: Mapped[int] = mapped_column(default=0)
    feasible: Mapped[bool | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SelectionPlace(Row):
    """What a run has made of a candidate, with what was known then: place, score in thousandths, the points that were missing."""

    __tablename__ = "selection_places"
    __table_args__ = (
        UniqueConstraint("run_id", "enrolment_id"),
        Index("ix_selection_places_run_id_state", "run_id", "state", "place"),
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("selection_runs.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[str]
    place: Mapped[int]
    score: Mapped[int]
    missing: Mapped[int | None]
    drawn: Mapped[bool]
    country: Mapped[str]
    gender: Mapped[str]
    sector: Mapped[str]
    institution: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


@lasting
class SelectionApproval(Row):
    """The run of an edition that a second administrator has approved; there is one at most."""

    __tablename__ = "selection_approvals"
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("selection_runs.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class ScoreFile(Work, Row):
    """A file of values as it was uploaded: `values` has a value for each candidate, by criterion; a draft until somebody imports it.

    `criterion` names those that it has, between commas. `empty` counts cells without a value, `ignored` are the columns that say nothing
    here. Of the values nothing is kept once they are written.
    """

    __tablename__ = "score_files"
    __table_args__ = (
        Index("ix_score_files_edition_id_id", "edition_id", "id"),
        Index("ix_score_files_state_due_at", "state", "due_at"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    criterion: Mapped[str]
    name: Mapped[str]
    people: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    ignored: Mapped[list[str]] = mapped_column(default=list)
    values: Mapped[list[dict[str, Any]]]
    faults: Mapped[list[dict[str, Any]]]
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]


class SelectionDossier(Work, Row):
    """That the worker has to put down what an approved run was made of and came to; `signature` is that of the JSON, detached."""

    __tablename__ = "selection_dossiers"
    __table_args__ = (Index("ix_selection_dossiers_state_due_at", "state", "due_at"),)
    run_id: Mapped[int] = mapped_column(ForeignKey("selection_runs.id"), unique=True)
    digest: Mapped[str] = mapped_column(default="")
    signature: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime | None]


@lasting
class DossierDocument(Row):
    """A dossier as JSON or as PDF; stored once and never changed."""

    __tablename__ = "selection_dossier_documents"
    __table_args__ = (UniqueConstraint("dossier_id", "form"),)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("selection_dossiers.id"))
    form: Mapped[str]
    body: Mapped[bytes]
