"""Requesting certificates in the transaction that decides, and issuing each exactly once."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Container, Iterator, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from certificates import Award, AwardError, DesignError, award_from_json, check_recipient, design_for, render
from lms.certification import emails, rules
from lms.certification.models import Certificate, CertificateDocument
from lms.core import clock, mail
from lms.core.db import db, unit_of_work, upsert
from lms.core.domain import Edition, Enrolment, Person
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, edition_by_id, edition_of
from lms.core.work import DONE, WAITING, claim, due, failed
from lms.editions.api import EditionClosed
from lms.gradebook.api import passing

COURSE, WORKSHOP = "course", "workshop"
SWEEP, ISSUE = "certification.sweep", "certification.issue"
FACTS = frozenset({"started_on", "completed_on", "final_average", "hours", "statement", "signatory_name", "signatory_title"})
log = logging.getLogger(__name__)
_NAMES = select(Enrolment.id, Person.printed_name, Person.name).join(Person, Person.id == Enrolment.person_id)


def request_all(event: EditionClosed) -> None:
    """Request a certificate for everybody whose final average is enough; whoever has one keeps it."""
    edition = edition_by_id(event.edition_id)
    earned = passing(edition)
    names = _names(edition.id, {standing.enrolment_id for standing in earned})
    for standing in earned:
        _request(edition, standing.enrolment_id, COURSE, names[standing.enrolment_id], {"final_average": str(standing.final)})
    enqueue(SWEEP)


def request(enrolment_id: int, kind: str, facts: Mapping[str, Any]) -> int:
    """Request a certificate of a kind in the transaction that decides, and give its id; whoever has one keeps it.

    `facts` are what the award says beyond the edition's own facts, of `FACTS`, as JSON holds them: days as '2019-11-22'.
    """
    person = db.session.execute(_NAMES.where(Enrolment.id == enrolment_id)).one()
    name = _printable(person.printed_name, person.name)
    certificate_id = _request(edition_of(enrolment_id), enrolment_id, kind, name, facts)
    enqueue(ISSUE, certificate_id)
    return certificate_id


def _request(edition: EditionInfo, enrolment_id: int, kind: str, name: str, facts: Mapping[str, Any]) -> int:
    number = rules.number(edition.short_title + rules.MARKS[kind], secrets.randbits(rules.BITS))
    key = {"enrolment_id": enrolment_id, "kind": kind}
    award = _award(edition, kind, name, number) | _checked(facts)
    values = {"edition_id": edition.id, "number": number, "award": award, "digest": ""}
    statement = upsert(Certificate, key, {**values, **_waiting()}, {"kind": kind}).returning(Certificate.id)
    return int(db.session.execute(statement).scalar_one())


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
    return {row.id: _printable(row.printed_name, row.name) for row in found if row.id in enrolment_ids}


def _printable(printed_name: str, name: str) -> str:
    try:
        return check_recipient(printed_name)
    except AwardError:
        return name


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


def award_of(stored: dict[str, Any]) -> Award:
    """Make the award again that was taken down; raise `AwardError` for one that can't be printed."""
    return award_from_json(json.dumps(stored))


def issue(certificate_id: int) -> bool:
    """Print, store and mail one certificate; `False` if that is done or under way, or fails and is tried again later."""
    if not claim(Certificate, certificate_id):
        return False
    award = _current_award(certificate_id)
    try:
        made = award_of(award)
        body = render(made, design_for(made.kind))
    except (AwardError, DesignError, RuntimeError, OSError) as error:
        log.warning("certificate %s not issued: %s", certificate_id, error)
        failed(Certificate, certificate_id, error)
        return False
    with unit_of_work():
        row = db.session.get_one(Certificate, certificate_id, with_for_update=True, populate_existing=True)
        if row.state != WAITING:
            return False
        row.award = award
        _store(row, body)
    return True


def _current_award(certificate_id: int) -> dict[str, Any]:
    """Read what is to be printed; after a failure with the name as it is now, for a name may be what could not be printed."""
    query = select(Certificate.award, Certificate.last_error, Certificate.enrolment_id)
    award, last_error, enrolment_id = db.session.execute(query.where(Certificate.id == certificate_id)).one()
    if not last_error:
        return dict(award)
    person = db.session.execute(_NAMES.where(Enrolment.id == enrolment_id)).one()
    return {**award, "recipient": _printable(person.printed_name, person.name)}


def _store(row: Certificate, body: bytes) -> None:
    db.session.add(CertificateDocument(certificate_id=row.id, body=body))
    row.state, row.issued_at, row.digest, row.last_error = DONE, clock.now(), hashlib.sha256(body).hexdigest(), ""
    query = select(Person.id, Person.email, Person.name, Edition.slug).select_from(Enrolment)
    query = query.join(Person, Person.id == Enrolment.person_id).join(Edition, Edition.id == Enrolment.edition_id)
    person_id, email, name, slug = db.session.execute(query.where(Enrolment.id == row.enrolment_id)).one()
    url = absolute_url("certification.mine", edition=slug)
    message = emails.issued(name, row.kind, row.award["course_title"], row.number, url)
    mail.post(message, email, kind="certification.issued", person_id=person_id, edition_id=row.edition_id)


def waiting() -> Iterator[int]:
    """Go through what waits, oldest first, until nothing is due: what fails is due again later."""
    while found := due(Certificate):
        yield from found


def issue_waiting() -> int:
    """Issue what waits, here and now, and tell how many were issued."""
    return sum(issue(certificate_id) for certificate_id in waiting())
