"""What the pages about certificates show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.certification import rules
from lms.certification.models import Certificate, CertificateDocument, StatusList
from lms.certification.rules import Act, Status
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.names import plain
from lms.core.work import DONE

PAGE = 50
_AT_ONCE = 50  # documents that are in memory when many are sent
COURSE = "course"


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate as its owner or anybody with its number sees it; `award` is what it prints."""

    id: int
    enrolment_id: int
    kind: str
    number: str
    version: int
    award: dict[str, Any]
    requested_at: datetime
    issued_at: datetime | None
    digest: str
    superseded_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str
    share: str | None
    last_error: str
    tries: int

    @property
    def status(self) -> Status:
        """What it is worth."""
        return rules.status(self.issued_at, self.revoked_at, self.superseded_at)

    def day(self, name: str) -> date:
        """Give a date that the certificate prints."""
        return date.fromisoformat(self.award[name])


def owners(edition_id: int) -> Select[int]:
    """Select who has a valid certificate of an edition."""
    query = select(Enrolment.person_id).join(Certificate, Certificate.enrolment_id == Enrolment.id)
    return query.where(Certificate.edition_id == edition_id, HOLDS).distinct()


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate in the list of an edition; `renamed` tells that it prints another name than its owner's present one."""

    certificate: CertificateInfo
    name: str
    renamed: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A certificate as the staff see it: whose it is, what was done with it, its other versions, what may be done."""

    certificate: CertificateInfo
    name: str
    printed_name: str
    revoked_by: str
    versions: tuple[CertificateInfo, ...]
    acts: frozenset[Act]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people have a certificate of an edition, or have one coming."""

    requested: int
    issued: int
    with_error: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which certificates of an edition a list shows."""

    status: str = ""
    search: str = ""
    after: int = 0


_INFO: tuple[InstrumentedAttribute[Any], ...] = (
    Certificate.id,
    Certificate.enrolment_id,
    Certificate.kind,
    Certificate.number,
    Certificate.version,
    Certificate.award,
    Certificate.requested_at,
    Certificate.issued_at,
    Certificate.digest,
    Certificate.superseded_at,
    Certificate.revoked_at,
    Certificate.revoked_reason,
    Certificate.share,
    Certificate.last_error,
    Certificate.tries,
)
ISSUED = Certificate.issued_at.is_not(None)
HOLDS = and_(ISSUED, Certificate.superseded_at.is_(None), Certificate.revoked_at.is_(None))
_STATUSES: dict[str, ColumnElement[bool]] = {
    Status.WAITING: Certificate.issued_at.is_(None),
    Status.VALID: HOLDS,
    Status.REVOKED: and_(Certificate.revoked_at.is_not(None), Certificate.superseded_at.is_(None)),
    Status.SUPERSEDED: Certificate.superseded_at.is_not(None),
}


def _info(row: Row[Any] | None) -> CertificateInfo | None:
    return CertificateInfo(*row[: len(_INFO)]) if row else None


def people(certificate_ids: Sequence[int]) -> Select[int]:
    """Select whose certificates they are."""
    query = select(Enrolment.person_id).join(Certificate, Certificate.enrolment_id == Enrolment.id)
    return query.where(Certificate.id.in_(certificate_ids))


def holds(kind: str) -> ColumnElement[bool]:
    """Tell in a query about enrolments who has a valid certificate of a kind."""
    whose = Certificate.enrolment_id == Enrolment.id, Certificate.kind == kind
    return select(1).where(*whose, HOLDS).correlate(Enrolment).exists()


def is_revoked(kind: str) -> ColumnElement[bool]:
    """Tell in a query about enrolments whose certificate of a kind is revoked."""
    whose = Certificate.enrolment_id == Enrolment.id, Certificate.kind == kind
    return select(1).where(*whose, _STATUSES[Status.REVOKED]).correlate(Enrolment).exists()


def revoked(edition_id: int, kind: str) -> frozenset[int]:
    """Tell whose certificate of a kind is revoked, by enrolment."""
    return frozenset(db.session.scalars(select(Enrolment.id).where(Enrolment.edition_id == edition_id, is_revoked(kind))))


def of_enrolment(enrolment_id: int | None, kind: str = COURSE) -> CertificateInfo | None:
    """Read an enrolment's certificate of a kind: the newest version that is issued, else the one that is being made."""
    whose = Certificate.enrolment_id == enrolment_id, Certificate.kind == kind, Certificate.superseded_at.is_(None)
    return _info(db.session.execute(select(*_INFO).where(*whose).order_by(Certificate.version).limit(1)).first())


def mine(enrolment_id: int) -> list[CertificateInfo]:
    """List an enrolment's certificates of all kinds, those that count first; a version that is being made follows the one before."""
    whose = Certificate.enrolment_id == enrolment_id, Certificate.superseded_at.is_(None)
    found = db.session.execute(select(*_INFO).where(*whose).order_by(Certificate.kind, Certificate.version))
    return [CertificateInfo(*row) for row in found]


def by_number(number: str) -> CertificateInfo | None:
    """Find an issued certificate by its exact number."""
    return _issued(Certificate.number == number)


def by_digest(digest: str) -> CertificateInfo | None:
    """Find an issued certificate by the hash of its document."""
    return _issued(Certificate.digest == digest)


def by_share(share: str) -> CertificateInfo | None:
    """Find an issued certificate by the secret part of the address that its owner shows around."""
    return _issued(Certificate.share == share)


def _issued(rule: ColumnElement[bool]) -> CertificateInfo | None:
    return _info(db.session.execute(select(*_INFO).where(rule, Certificate.state == DONE)).first())


def document(edition_id: int, certificate_id: int) -> tuple[str, bytes]:
    """Give number and bytes of an issued certificate of this edition; raise `NotFound`."""
    row = _document(Certificate.id == certificate_id, Certificate.edition_id == edition_id)
    return row[0], row[1]


def own(enrolment_id: int, certificate_id: int) -> tuple[str, bytes, str]:
    """Give number, bytes and credential of somebody's own certificate; raise `NotFound`."""
    return _document(Certificate.id == certificate_id, Certificate.enrolment_id == enrolment_id)


def shared(share: str) -> tuple[str, bytes, str]:
    """Give number, bytes and credential of a certificate that its owner shows around; raise `NotFound`."""
    return _document(Certificate.share == share)


def _document(*where: ColumnElement[bool]) -> tuple[str, bytes, str]:
    query = select(Certificate.number, CertificateDocument.body, CertificateDocument.credential)
    row = db.session.execute(query.join(CertificateDocument, CertificateDocument.certificate_id == Certificate.id).where(*where)).first()
    if row is None:
        message = "There is no such certificate, or it is still being made."
        raise NotFound(message)
    return row[0], row[1], row[2]


def credential_of(certificate_id: int) -> str:
    """Give the credential of an issued certificate; those of before there were credentials have none."""
    return db.session.scalar(select(CertificateDocument.credential).where(CertificateDocument.certificate_id == certificate_id)) or ""


def listing(edition_id: int, choice: Choice) -> Sequence[Line]:
    """List an edition's certificates in the order in which they were requested, beginning after an id."""
    query = select(*_INFO, Person.name, Person.printed_name).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    query = query.join(Person, Person.id == Enrolment.person_id)
    query = query.where(Certificate.edition_id == edition_id, Certificate.id > choice.after)
    if choice.status in _STATUSES:
        query = query.where(_STATUSES[choice.status])
    if choice.search:
        named = Enrolment.search_key.contains(plain(choice.search), autoescape=True)
        query = query.where(or_(named, Certificate.number == rules.normal(choice.search)))
    return [_line(tuple(row)) for row in db.session.execute(query.order_by(Certificate.id).limit(PAGE + 1))]


def certified(edition_id: int, kind: str = COURSE) -> Select[int]:
    """Select who has earned a certificate of a kind in an edition, issued or not, by enrolment; whose was revoked has not."""
    here = Certificate.edition_id == edition_id, Certificate.kind == kind
    return select(Certificate.enrolment_id).where(*here, Certificate.superseded_at.is_(None), Certificate.revoked_at.is_(None))


def _line(row: Sequence[Any]) -> Line:
    *facts, name, printed_name = row
    certificate = CertificateInfo(*facts)
    printed = certificate.award["recipient"]
    return Line(certificate, name, printed != printed_name and printed != rules.printable(printed_name, name))


def story(edition_id: int, certificate_id: int) -> Story:
    """Read what the staff see of a certificate; raise `NotFound`."""
    by = aliased(Person)
    query = select(*_INFO, Person.name, Person.printed_name, by.name).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    query = query.join(Person, Person.id == Enrolment.person_id).outerjoin(by, by.id == Certificate.revoked_by_id)
    row = db.session.execute(query.where(Certificate.id == certificate_id, Certificate.edition_id == edition_id)).first()
    if row is None:
        message = "There is no such certificate."
        raise NotFound(message)
    *facts, name, printed_name, revoked_by = row
    found = CertificateInfo(*facts)
    same = Certificate.enrolment_id == found.enrolment_id, Certificate.kind == found.kind
    versions = tuple(CertificateInfo(*row) for row in db.session.execute(select(*_INFO).where(*same).order_by(Certificate.version)))
    may = rules.acts(found.status, replaced=versions[-1].id != found.id)
    return Story(found, name, rules.printable(printed_name, name), revoked_by or "", versions, frozenset(may))


def counts(edition_id: int, kind: str = COURSE) -> Counts:
    """Count who has a certificate of a kind in an edition: new versions count once, revoked ones not."""
    whose = Certificate.edition_id == edition_id, Certificate.kind == kind
    requested, issued = (func.count(Certificate.enrolment_id.distinct()).filter(rule) for rule in (Certificate.id > 0, HOLDS))
    errors = func.count(func.nullif(Certificate.last_error, ""))
    return Counts(*db.session.execute(select(requested, issued, errors).where(*whose)).one())


def tally(edition_id: int) -> dict[str, int]:
    """Count an edition's certificates of all kinds in each state."""
    sums = [func.count().filter(rule) for rule in _STATUSES.values()]
    row = db.session.execute(select(*sums).where(Certificate.edition_id == edition_id)).one()
    return dict(zip(_STATUSES, row, strict=True))


def troubles(edition_id: int | None = None) -> list[tuple[str, int]]:
    """List why certificates of an edition, or of all, wait: the most frequent reason first."""
    rule = [Certificate.state != DONE, Certificate.last_error != ""]
    rule += [Certificate.edition_id == edition_id] if edition_id is not None else []
    query = select(Certificate.last_error, func.count()).where(*rule).group_by(Certificate.last_error)
    return [(reason, count) for reason, count in db.session.execute(query.order_by(func.count().desc()).limit(5))]


def unsigned_lists() -> list[str]:
    """List why status lists are not signed, so that programs go on reading the ones before."""
    query = select(StatusList.last_error).where(StatusList.state != DONE, StatusList.last_error != "")
    return list(db.session.scalars(query.order_by(StatusList.id)))


def issued_ids(edition_id: int) -> Sequence[int]:
    """List the ids of an edition's issued certificates."""
    query = select(Certificate.id).where(Certificate.edition_id == edition_id, Certificate.state == DONE)
    return db.session.scalars(query.order_by(Certificate.id)).all()


def valid_ids(edition_id: int) -> Sequence[int]:
    """List the ids of an edition's valid certificates."""
    return db.session.scalars(select(Certificate.id).where(Certificate.edition_id == edition_id, HOLDS).order_by(Certificate.id)).all()


def valid_documents(edition_id: int) -> Iterator[tuple[str, bytes]]:
    """Go through number and bytes of an edition's valid certificates, some at a time."""
    found = valid_ids(edition_id)
    query = select(Certificate.number, CertificateDocument.body)
    query = query.join(CertificateDocument, CertificateDocument.certificate_id == Certificate.id)
    for start in range(0, len(found), _AT_ONCE):
        rows = db.session.execute(query.where(Certificate.id.in_(found[start : start + _AT_ONCE])))
        yield from ((number, body) for number, body in rows)


def left() -> int:
    """Count the certificates of all editions that are not issued yet."""
    return db.session.scalar(select(func.count()).select_from(Certificate).where(Certificate.state != DONE)) or 0


def status_list(number: int) -> str:
    """Give a status list as it was signed last; raise `NotFound`."""
    body = db.session.scalar(select(StatusList.body).where(StatusList.id == number))
    if not body:
        message = "There is no such status list, or it is being signed right now."
        raise NotFound(message)
    return body


def status_lists() -> dict[int, str]:
    """Give all status lists as they were signed last."""
    return {row.id: row.body for row in db.session.execute(select(StatusList.id, StatusList.body)) if row.body}


def printed_names(enrolments: Sequence[int]) -> Sequence[Row[int, str, str]]:
    """Give the names of some learners, and those that their certificates would print, by enrolment and in the order of names."""
    query = select(Enrolment.id, Person.name, Person.printed_name).join(Person, Person.id == Enrolment.person_id)
    return db.session.execute(query.where(Enrolment.id.in_(enrolments)).order_by(Enrolment.search_key, Enrolment.id)).all()
