"""What the pages about certificates show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from lms.certification.models import Certificate, CertificateDocument
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.work import DONE

PAGE = 50


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate as its owner or anybody with its number sees it; `award` is what it prints."""

    id: int
    number: str
    award: dict[str, Any]
    requested_at: datetime
    issued_at: datetime | None
    digest: str

    def day(self, name: str) -> date:
        """Give a date that the certificate prints."""
        return date.fromisoformat(self.award[name])


def people(certificate_ids: Sequence[int]) -> Select[int]:
    """Select whose certificates they are."""
    query = select(Enrolment.person_id).join(Certificate, Certificate.enrolment_id == Enrolment.id)
    return query.where(Certificate.id.in_(certificate_ids))


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate in the list of an edition."""

    id: int
    name: str
    number: str
    state: str
    tries: int
    last_error: str
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many certificates an edition has."""

    requested: int
    issued: int
    with_error: int


_INFO = (
    Certificate.id,
    Certificate.number,
    Certificate.award,
    Certificate.requested_at,
    Certificate.issued_at,
    Certificate.digest,
)


def of_enrolment(enrolment_id: int | None, kind: str = "course") -> CertificateInfo | None:
    """Read an enrolment's certificate of a kind."""
    query = select(*_INFO).where(Certificate.enrolment_id == enrolment_id, Certificate.kind == kind)
    row = db.session.execute(query).first()
    return CertificateInfo(*row) if row else None


def by_number(number: str) -> CertificateInfo | None:
    """Find an issued certificate by its exact number."""
    row = db.session.execute(select(*_INFO).where(Certificate.number == number, Certificate.state == DONE)).first()
    return CertificateInfo(*row) if row else None


def document(edition_id: int, certificate_id: int) -> tuple[str, bytes]:
    """Give number and bytes of an issued certificate of this edition; raise `NotFound`."""
    query = select(Certificate.number, CertificateDocument.body).join(CertificateDocument)
    row = db.session.execute(query.where(Certificate.id == certificate_id, Certificate.edition_id == edition_id)).first()
    if row is None:
        message = "There is no such certificate, or it is still being made."
        raise NotFound(message)
    return row[0], row[1]


def listing(edition_id: int, after: int) -> Sequence[Line]:
    """List an edition's certificates in the order in which they were requested, beginning after an id."""
    query = (
        select(
            Certificate.id,
            Person.name,
            Certificate.number,
            Certificate.state,
            Certificate.tries,
            Certificate.last_error,
            Certificate.issued_at,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Certificate.edition_id == edition_id, Certificate.id > after)
    )
    return [Line(*row) for row in db.session.execute(query.order_by(Certificate.id).limit(PAGE + 1))]


def certified(edition_id: int, kind: str = "course") -> Select[int]:
    """Select who has earned a certificate of a kind in an edition, by enrolment."""
    return select(Certificate.enrolment_id).where(Certificate.edition_id == edition_id, Certificate.kind == kind)


def counts(edition_id: int, kind: str = "course") -> Counts:
    """Count an edition's certificates of a kind."""
    issued = func.count(Certificate.issued_at)
    errors = func.count(func.nullif(Certificate.last_error, ""))
    query = select(func.count(Certificate.id), issued, errors).where(Certificate.edition_id == edition_id, Certificate.kind == kind)
    return Counts(*db.session.execute(query).one())


def issued_ids(edition_id: int) -> Sequence[int]:
    """List the ids of an edition's issued certificates."""
    query = select(Certificate.id).where(Certificate.edition_id == edition_id, Certificate.state == DONE)
    return db.session.scalars(query.order_by(Certificate.id)).all()


def left() -> int:
    """Count the certificates of all editions that are not issued yet."""
    return db.session.scalar(select(func.count()).select_from(Certificate).where(Certificate.state != DONE)) or 0
