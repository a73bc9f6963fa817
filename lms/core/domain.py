"""The domain's centre: people, courses, editions (a run of a course) and enrolments (a person in an edition)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, event, inspect, select, update
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core import clock
from lms.core.db import Row
from lms.core.names import search_key

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Role(StrEnum):
    """What a person is in an edition."""

    LEARNER = "learner"
    TUTOR = "tutor"
    ADMINISTRATOR = "administrator"


class Gender(StrEnum):
    """As the person states it."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


GENDERS = {Gender.WOMAN: "Women", Gender.MAN: "Men", Gender.OTHER: "Other", Gender.UNDISCLOSED: "Not said"}


class Sector(StrEnum):
    """Where the person works."""

    GOVERNMENT = "government"
    PRIVATE = "private"
    ACADEMIA = "academia"
    CIVIL_SOCIETY = "civil society"
    INTERNATIONAL = "international organisation"


class EditionState(StrEnum):
    """Being set up, running, or over with its grades frozen."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class EnrolmentState(StrEnum):
    """How far a person has come into an edition; only `CONFIRMED` may study."""

    APPLIED = "applied"
    WAITLISTED = "wait-listed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Person(Row):
    """Somebody with an account; one that was merged into another is not used any more."""

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "ix_people_email_begins",
            "email",
            postgresql_ops={"email": "text_pattern_ops"},
            info={"only": "postgresql"},
        ).ddl_if("postgresql"),
    )
    email: Mapped[str] = mapped_column(unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str]
    name: Mapped[str]
    printed_name: Mapped[str]
    printed_name_confirmed_at: Mapped[datetime | None]
    gender: Mapped[str] = mapped_column(default=Gender.UNDISCLOSED)
    country: Mapped[str]
    sector: Mapped[str]
    institution: Mapped[str]
    zone: Mapped[str] = mapped_column(default="UTC")
    administrator: Mapped[bool] = mapped_column(default=False)
    second_factor_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class SignIn(Row):
    """A browser in which a person is signed in; only the hash of its token is kept."""

    __tablename__ = "sign_ins"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(default="")


class Course(Row):
    """Content that can be taught; `version` is the hash of its text, `updated` the day on which its authors last went through it."""

    __tablename__ = "courses"
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    short_title: Mapped[str]
    summary: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    licence: Mapped[str] = mapped_column(default="")
    updated: Mapped[date | None]
    pass_mark: Mapped[Decimal]
    version: Mapped[str]
    loaded_at: Mapped[datetime] = mapped_column(default=clock.now)


class Edition(Row):
    """A run of a course: its dates, pass mark and countries.

    `schedule` gives the days, counted from 0, on which modules open and close, by their slugs, and `attempts` how often quizzes can be
    taken, where they are not the course's own. `by_decision` says whether administrators decide who gets a place, or whoever registers is
    admitted at once. `version` counts the changes, and `extended` says whether anybody ever got more time than others.
    """

    __tablename__ = "editions"
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str] = mapped_column(default="UTC")
    pass_mark: Mapped[Decimal]
    countries: Mapped[list[str]]
    registration_opens_at: Mapped[datetime]
    registration_closes_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=EditionState.DRAFT)
    closed_at: Mapped[datetime | None]
    demo: Mapped[bool] = mapped_column(default=False)
    by_decision: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int | None]
    schedule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    extended: Mapped[bool] = mapped_column(default=False)
    course: Mapped[Course] = relationship()


def _key_of_person(context: DefaultExecutionContext) -> str:
    """Give what the person of a new enrolment is found by."""
    person_id = context.get_current_parameters()["person_id"]  # type: ignore[no-untyped-call] # published without types
    name = context.connection.execute(select(Person.name, Person.printed_name).where(Person.id == person_id)).first()
    return search_key(*name) if name else ""


class Enrolment(Row):
    """A person in an edition, with the facts that reports use as they were on registering.

    `modules` are the slugs of those that a tutor looks after; empty means all. `may_export` lets a tutor take lists as files.
    `search_key` follows the person's name, and `seen_at` says when they last signed in or used the edition, so that lists are
    searched and sorted by an index.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id"),
        Index("ix_enrolments_edition_id_role_state", "edition_id", "role", "state", "country"),
        Index("ix_enrolments_facts", "edition_id", "country", "gender", "sector", "role", "state", "id"),
        Index("ix_enrolments_edition_id_search_key", "edition_id", "search_key", "id"),
        Index("ix_enrolments_edition_id_created_at", "edition_id", "created_at", "id"),
        Index("ix_enrolments_edition_id_seen_at", "edition_id", "seen_at", "id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(default=Role.LEARNER)
    modules: Mapped[list[str]] = mapped_column(default=list)
    may_export: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=EnrolmentState.APPLIED)
    country: Mapped[str]
    gender: Mapped[str]
    sector: Mapped[str]
    institution: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]
    search_key: Mapped[str] = mapped_column(default=_key_of_person)
    seen_at: Mapped[datetime] = mapped_column(default=NEVER)
    person: Mapped[Person] = relationship()
    edition: Mapped[Edition] = relationship()


@event.listens_for(Person, "after_update")
def _follow_name(_mapper: object, connection: Connection, person: Person) -> None:
    """Let a person's enrolments be found by the new name."""
    changes = inspect(person).attrs
    if changes.name.history.has_changes() or changes.printed_name.history.has_changes():
        key = search_key(person.name, person.printed_name)
        connection.execute(update(Enrolment).where(Enrolment.person_id == person.id).values(search_key=key))
