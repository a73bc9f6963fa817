"""Requesting certificates in the transaction that decides; revoking them, issuing new versions, sharing them."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from lms.certification import emails, rules
from lms.certification.issuing import touch
from lms.certification.models import Certificate
from lms.certification.rules import Act
from lms.core import audit, clock, mail
from lms.core.db import db, upsert
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict, NotFound
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer, edition_by_id, edition_of
from lms.core.work import WAITING
from lms.editions.api import EditionClosed
from lms.gradebook.api import passing

COURSE, WORKSHOP = "course", "workshop"
SWEEP, ISSUE = "certification.sweep", "certification.issue"
HANDS = 4  # so many processes of workers share what the closing of an edition requests; each issues until nothing is left
REFUSED = {
    Act.REVOKE: "Only the valid version of a certificate can be revoked, and not while a new one is being made.",
    Act.RESTORE: "This certificate is not revoked.",
    Act.REISSUE: "A new version can be made of a valid certificate alone, and only one at a time.",
}
FACTS = frozenset({"started_on", "completed_on", "final_average", "hours", "statement", "signatory_name", "signatory_title"})
_NAMES = select(Enrolment.id, Person.printed_name, Person.name).join(Person, Person.id == Enrolment.person_id)


def request_all(event: EditionClosed) -> None:
    """Request a certificate for everybody whose final average is enough; whoever has one keeps it."""
    edition = edition_by_id(event.edition_id)
    had = set(db.session.scalars(select(Certificate.enrolment_id).where(Certificate.edition_id == edition.id, Certificate.kind == COURSE)))
    earned = [standing for standing in passing(edition) if standing.enrolment_id not in had]
    names = _names(edition.id, {standing.enrolment_id for standing in earned})
    for standing in earned:
        _request(edition, standing.enrolment_id, COURSE, names[standing.enrolment_id], {"final_average": str(standing.final)})
    for _ in range(min(HANDS, len(earned))):
        enqueue(SWEEP)


def request(enrolment_id: int, kind: str, facts: Mapping[str, Any]) -> int:
    """Request a certificate of a kind in the transaction that decides, and give its id; whoever has one keeps it.

    `facts` are what the award says beyond the edition's own facts, of `FACTS`, as JSON holds them: days as '2019-11-22'.
    """
    said = _checked(facts)
    having = select(Certificate.id).where(Certificate.enrolment_id == enrolment_id, Certificate.kind == kind)
    found = db.session.scalar(having.order_by(Certificate.version.desc()).limit(1))
    if found is not None:
        return found
    person = db.session.execute(_NAMES.where(Enrolment.id == enrolment_id)).one()
    name = rules.printable(person.printed_name, person.name)
    certificate_id = _request(edition_of(enrolment_id), enrolment_id, kind, name, said)
    enqueue(ISSUE, certificate_id)
    return certificate_id


def _request(edition: EditionInfo, enrolment_id: int, kind: str, name: str, facts: Mapping[str, Any]) -> int:
    number = _number(edition, kind)
    key = {"enrolment_id": enrolment_id, "kind": kind, "version": 1}
    award = _award(edition, kind, name, number) | dict(facts)
    values = {"edition_id": edition.id, "number": number, "award": award, "digest": "", "revoked_reason": "", **_waiting()}
    statement = upsert(Certificate, key, values, {"kind": kind}).returning(Certificate.id)
    return int(db.session.execute(statement).scalar_one())


def _number(edition: EditionInfo, kind: str) -> str:
    return rules.number(edition.short_title + rules.MARKS[kind], secrets.randbits(rules.BITS))


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - FACTS:
        message = f"{', '.join(sorted(unknown))}: a certificate takes {', '.join(sorted(FACTS))}"
        raise ValueError(message)
    return dict(facts)


def _waiting() -> dict[str, Any]:
    now = clock.now()
    return {"state": WAITING, "tries": 0, "due_at": now, "requested_at": now, "last_error": ""}


def _names(edition_id: int, enrolment_ids: Container[int]) -> dict[int, str]:
    found = db.session.execute(_NAMES.where(Enrolment.edition_id == edition_id))
    return {row.id: rules.printable(row.printed_name, row.name) for row in found if row.id in enrolment_ids}


def _award(edition: EditionInfo, kind: str, name: str, number: str) -> dict[str, Any]:
    """Take down everything that the certificate will print; dates are those of the edition's zone."""
    return {
        "number": number,
        "kind": kind,
        "recipient": name,
        "course_title": edition.course_title,
        "edition_title": edition.title,
        "issuer_name": current_app.extensions["settings"].issuer,
        "issued_on": clock.today(edition.zone).isoformat(),
        "started_on": edition.starts_on.isoformat(),
        "completed_on": edition.ends_on.isoformat(),
        "verify_url": absolute_url("certification.verify", number=number),
        "development": edition.demo,
    }


def revoke(edition: EditionInfo, certificate_id: int, viewer: Viewer, reason: str) -> None:
    """Let a certificate count no more; whoever verifies it reads the reason."""
    row = _open_to(Act.REVOKE, edition, certificate_id)
    row.revoked_at, row.revoked_by_id, row.revoked_reason = clock.now(), viewer.person_id, reason
    touch(row.status_list_id)
    _note(viewer, "certificate.revoke", row, reason=reason)
    person_id, email, name = _owner(row)
    message = emails.revoked(name, row.award["course_title"], row.number, reason, _page(edition))
    mail.post(message, email, kind="certification.revoked", person_id=person_id, edition_id=edition.id)


def restore(edition: EditionInfo, certificate_id: int, viewer: Viewer) -> None:
    """Let a revoked certificate count again."""
    row = _open_to(Act.RESTORE, edition, certificate_id)
    row.revoked_at, row.revoked_by_id, row.revoked_reason = None, None, ""
    touch(row.status_list_id)
    _note(viewer, "certificate.restore", row)
    person_id, email, name = _owner(row)
    message = emails.restored(name, row.award["course_title"], row.number, _page(edition))
    mail.post(message, email, kind="certification.restored", person_id=person_id, edition_id=edition.id)


def reissue(edition: EditionInfo, certificate_id: int, viewer: Viewer) -> int:
    """Request a new version with the name as it is now; once it is issued it supersedes this one. Give its id."""
    before = _open_to(Act.REISSUE, edition, certificate_id)
    person = db.session.execute(_NAMES.where(Enrolment.id == before.enrolment_id)).one()
    number, name = _number(edition, before.kind), rules.printable(person.printed_name, person.name)
    facts = {fact: value for fact, value in before.award.items() if fact in FACTS}
    row = Certificate(
        edition_id=edition.id,
        enrolment_id=before.enrolment_id,
        kind=before.kind,
        number=number,
        version=before.version + 1,
        supersedes_id=before.id,
        award=_award(edition, before.kind, name, number) | facts,
        **_waiting(),
    )
    db.session.add(row)
    db.session.flush()
    _note(viewer, "certificate.reissue", before, version=row.version, number=number)
    enqueue(ISSUE, row.id)
    return row.id


def _open_to(act: Act, edition: EditionInfo, certificate_id: int) -> Certificate:
    row = db.session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    if row is None or row.edition_id != edition.id:
        message = "There is no such certificate."
        raise NotFound(message)
    replaced = db.session.scalar(select(Certificate.id).where(Certificate.supersedes_id == row.id)) is not None
    if act not in rules.acts(rules.status(row.issued_at, row.revoked_at, row.superseded_at), replaced=replaced):
        raise Conflict(REFUSED[act])
    return row


def _note(viewer: Viewer, action: str, row: Certificate, **detail: Any) -> None:
    about = audit.person_of(row.enrolment_id)
    audit.record(viewer, action, "certificate", row.id, edition_id=row.edition_id, about=about, **detail)


def _owner(row: Certificate) -> tuple[int, str, str]:
    query = select(Person.id, Person.email, Person.name).join(Enrolment, Enrolment.person_id == Person.id)
    person_id, email, name = db.session.execute(query.where(Enrolment.id == row.enrolment_id)).one()
    return person_id, email, name


def _page(edition: EditionInfo) -> str:
    return absolute_url("certification.mine", edition=edition.slug)


def share(enrolment_id: int, certificate_id: int, *, on: bool) -> None:
    """Switch the address on that shows a certificate to everybody who has it, or off; each time it is another one."""
    row = db.session.get(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    if row is None or row.enrolment_id != enrolment_id or row.issued_at is None or row.superseded_at is not None:
        message = "There is no such certificate of yours."
        raise NotFound(message, remedy="Perhaps there is a new version: look at your certificates again.")
    if on != (row.share is not None):
        row.share = secrets.token_urlsafe(16) if on else None
