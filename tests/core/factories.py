"""People, editions and enrolments to test with; each function stores what it makes and gives its id."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from argon2 import PasswordHasher

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.viewer import Viewer

PASSWORD = "correct horse battery"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)


def person(**facts: Any) -> int:
    """Store a person with a confirmed address."""
    number = next(_numbers)
    row = Person(
        **{
            "email": f"person{number}@example.org",
            "email_confirmed_at": clock.now(),
            "password_hash": PASSWORD_HASH,
            "name": f"Person {number}",
            "printed_name": f"Person Number {number}",
            "gender": "woman",
            "country": "KH",
            "sector": "government",
            "institution": "Ministry of Trade",
            "zone": "Asia/Singapore",
            **facts,
        }
    )
    return _store(row)


def course() -> int:
    """Store a course without content."""
    slug = f"course{next(_numbers)}"
    return _store(
        Course(slug=slug, title="A course", short_title="C", summary="S", pass_mark=Decimal(50), version=slug)
    )


def edition(course_id: int | None = None, **facts: Any) -> int:
    """Store an open edition that began ten days ago and is open for registration."""
    today = clock.now().date()
    row = Edition(
        **{
            "course_id": course_id if course_id is not None else course(),
            "slug": f"edition{next(_numbers)}",
            "title": "First edition",
            "starts_on": today - timedelta(days=10),
            "ends_on": today + timedelta(days=25),
            "zone": "Asia/Singapore",
            "pass_mark": Decimal(50),
            "countries": ["KH", "ID", "SG"],
            "registration_opens_at": clock.now() - timedelta(days=30),
            "registration_closes_at": clock.now() + timedelta(days=5),
            "state": EditionState.OPEN,
            **facts,
        }
    )
    return _store(row)


def enrolment(edition_id: int, person_id: int | None = None, role: Role = Role.LEARNER, **facts: Any) -> int:
    """Store a confirmed enrolment."""
    row = Enrolment(
        **{
            "edition_id": edition_id,
            "person_id": person_id if person_id is not None else person(),
            "role": role,
            "state": EnrolmentState.CONFIRMED,
            "country": "KH",
            "gender": "woman",
            "sector": "government",
            "institution": "Ministry of Trade",
            "confirmed_at": clock.now(),
            **facts,
        }
    )
    return _store(row)


def slug_of(edition_id: int) -> str:
    """Give an edition's slug, for addresses."""
    return db.session.get_one(Edition, edition_id).slug


def person_of(enrolment_id: int) -> int:
    """Give the id of the person enrolled."""
    return db.session.get_one(Enrolment, enrolment_id).person_id


def viewer_of(enrolment_id: int) -> Viewer:
    """Give the viewer that a request of this participant would have."""
    row = db.session.get_one(Enrolment, enrolment_id)
    return Viewer(person_id=row.person_id, name=row.person.name, enrolment_id=row.id, role=row.role)


def someday(days: int) -> date:
    """Give the date so many days from today."""
    return clock.now().date() + timedelta(days=days)


def _store(row: Any) -> int:
    with unit_of_work():
        db.session.add(row)
        db.session.flush()
        identity: int = row.id  # after the commit it would be read once more
    return identity
