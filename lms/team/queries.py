"""What the pages about roles show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.core.errors import NotFound

STAFF = (Role.TUTOR, Role.ADMINISTRATOR)
MOST = 200


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a team, by the enrolment; the installation's administrators have none."""

    id: int
    person_id: int
    name: str
    email: str
    role: str
    modules: tuple[str, ...]
    may_export: bool
    secured: bool


_MEMBER = (
    select(
        Enrolment.id,
        Person.id,
        Person.name,
        Person.email,
        Enrolment.role,
        Enrolment.modules,
        Enrolment.may_export,
        Person.second_factor_at.is_not(None),
    )
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.role.in_(STAFF), Enrolment.state == EnrolmentState.CONFIRMED)
)


def members(edition_id: int) -> Sequence[Member]:
    """List an edition's team: administrators, then tutors, by name."""
    query = _MEMBER.where(Enrolment.edition_id == edition_id).order_by(Enrolment.role, Person.name, Enrolment.id)
    return [_member(row) for row in db.session.execute(query.limit(MOST))]


def member(edition_id: int, enrolment_id: int) -> Member:
    """Find somebody on an edition's team; raise `NotFound`."""
    row = db.session.execute(_MEMBER.where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)).first()
    if row is None:
        message = "There is nobody like this on the team."
        raise NotFound(message)
    return _member(row)


def _member(row: Sequence[Any]) -> Member:
    enrolment_id, person_id, name, email, role, modules, may_export, secured = row
    return Member(enrolment_id, person_id, name, email, role, tuple(modules), may_export, secured)


def administrators() -> Sequence[Member]:
    """List the installation's administrators by name."""
    query = select(Person.id, Person.name, Person.email, Person.second_factor_at).where(Person.administrator)
    rows = db.session.execute(query.order_by(Person.name, Person.id).limit(MOST))
    return [Member(id_, id_, name, email, Role.ADMINISTRATOR, (), may_export=True, secured=at is not None) for id_, name, email, at in rows]
