"""One application as its applicant and as administrators see it, with everything that became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lms.applications import rules
from lms.applications.acts import HISTORY
from lms.applications.deciding import studied
from lms.applications.lists import KNOWN
from lms.applications.models import Application
from lms.applications.values import Candidate, Decision
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.domain import Course, Edition, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import NotFound

MOST = 100


@dataclass(frozen=True, slots=True)
class Own:
    """An application as its applicant sees it."""

    id: int
    state: str
    position: str
    motivation: str
    country: str
    sector: str
    institution: str
    version: int
    applied: datetime
    decided_at: datetime | None
    words: str

    @property
    def may_edit(self) -> bool:
        """Whether it can still be changed."""
        return rules.may_edit(self.state, self.decided_at)

    @property
    def in_words(self) -> str:
        """The state in plain words."""
        return rules.IN_WORDS[EnrolmentState(self.state)]


@dataclass(frozen=True, slots=True)
class Full:
    """An application with all that administrators decide by."""

    candidate: Candidate
    position: str
    motivation: str
    country: str
    sector: str
    gender: str
    institution: str
    printed_name: str
    applied: datetime
    changed_at: datetime | None
    words: str
    nominated_by: str

    @property
    def decisions(self) -> list[Decision]:
        """What can be decided about it now."""
        return [decision for decision in Decision if not rules.obstacle(decision, self.candidate)]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that became of an application."""

    at: datetime
    what: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Pending:
    """An application that is not, or not yet, a place."""

    slug: str
    course: str
    edition: str
    state: str

    @property
    def in_words(self) -> str:
        """The state in plain words."""
        return rules.IN_WORDS[EnrolmentState(self.state)]


_OWN = select(
    Enrolment.id,
    Enrolment.state,
    func.coalesce(Application.position, ""),
    func.coalesce(Application.motivation, ""),
    Enrolment.country,
    Enrolment.sector,
    Enrolment.institution,
    func.coalesce(Application.version, 0),
    Enrolment.created_at,
    Application.decided_at,
    func.coalesce(Application.words, ""),
).outerjoin(Application, Application.enrolment_id == Enrolment.id)


def own(edition_id: int, person_id: int) -> Own | None:
    """Read a person's application for an edition, if there is one."""
    query = _OWN.where(Enrolment.edition_id == edition_id, Enrolment.person_id == person_id, Enrolment.role == Role.LEARNER)
    row: Sequence[Any] | None = db.session.execute(query).first()
    return Own(*row) if row else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person said on registering."""

    country: str
    sector: str
    institution: str


def facts(person_id: int) -> Facts:
    """Read what a person said last, to fill in the next application."""
    return Facts(*db.session.execute(select(Person.country, Person.sector, Person.institution).where(Person.id == person_id)).one())


def pending(person_id: int) -> list[Pending]:
    """List a person's applications that are not places, the newest first."""
    query = select(Edition.slug, Course.title, Edition.title, Enrolment.state).join(Edition, Edition.id == Enrolment.edition_id)
    mine = query.join(Course, Course.id == Edition.course_id).where(Enrolment.person_id == person_id, Enrolment.role == Role.LEARNER)
    waiting = mine.where(Enrolment.state != EnrolmentState.CONFIRMED).order_by(Enrolment.created_at.desc()).limit(MOST)
    return [Pending(*row) for row in db.session.execute(waiting)]


def full(edition_id: int, enrolment_id: int) -> Full:
    """Read an application for administrators; raise `NotFound`."""
    row: Sequence[Any] | None = db.session.execute(_full().where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)).first()
    if row is None:
        message = "There is no such application in this edition."
        raise NotFound(message)
    return Full(Candidate(*row[:10]), *row[10:])


def _full() -> Select[*tuple[Any, ...]]:
    decider, nominator = aliased(Person), aliased(Person)
    facts = (Enrolment.country, Enrolment.sector, Enrolment.gender, Enrolment.institution, Person.printed_name, Enrolment.created_at)
    return (
        select(
            Enrolment.id,
            Person.id,
            Person.name,
            Person.email,
            Enrolment.state,
            func.coalesce(Application.version, 0),
            KNOWN,
            studied(Enrolment.id),
            func.coalesce(decider.name, ""),
            Application.decided_at,
            func.coalesce(Application.position, ""),
            func.coalesce(Application.motivation, ""),
            *facts,
            Application.changed_at,
            func.coalesce(Application.words, ""),
            func.coalesce(nominator.name, ""),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Application, Application.enrolment_id == Enrolment.id)
        .outerjoin(decider, decider.id == Application.decided_by_id)
        .outerjoin(nominator, nominator.id == Application.nominated_by_id)
        .where(Enrolment.role == Role.LEARNER)
    )


def history(enrolment_id: int) -> Sequence[Act]:
    """List what became of an application, newest first."""
    entry = AuditEntry
    query = select(entry.at, entry.action, Person.name, entry.detail).outerjoin(Person, Person.id == entry.actor_id)
    about = query.where(entry.subject == "enrolment", entry.subject_id == enrolment_id, entry.action.in_(HISTORY))
    rows = db.session.execute(about.order_by(entry.id.desc()).limit(MOST))
    return [Act(at, HISTORY[action], name or "the platform", _said(detail)) for at, action, name, detail in rows]


def _said(detail: dict[str, Any]) -> str:
    return str(detail.get("words") or detail.get("note") or "")


def person_of(*enrolments: int) -> Select[int]:
    """Select whose applications they are."""
    return select(Enrolment.person_id).where(Enrolment.id.in_(enrolments))
