"""What the pages about accounts show."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Person


@dataclass(frozen=True, slots=True)
class ProfileData:
    """What a person can change of themselves."""

    name: str
    printed_name: str
    institution: str
    zone: str


def profile(person_id: int) -> ProfileData:
    """Read a person's profile."""
    query = select(Person.name, Person.printed_name, Person.institution, Person.zone).where(Person.id == person_id)
    return ProfileData(*db.session.execute(query).one())


def person_by_email(email: str) -> int | None:
    """Find a person by their normalised address."""
    return db.session.scalar(select(Person.id).where(Person.email == email))
