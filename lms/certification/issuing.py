"""Issuing: what waits is signed, stored and mailed, each exactly once; status lists follow what is revoked and superseded."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from certificates import Award, AwardError, DesignError, KeysError, award_from_json
from lms.certification import emails, rules, signing
from lms.certification.models import Certificate, CertificateDocument, StatusList
from lms.core import clock, mail
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, Person
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.work import DONE, WAITING, claim, due, failed

if TYPE_CHECKING:
    from lms.certification.press import Made

LISTS = "certification.lists"
TRIES = 40  # to find a free place in a list that is half empty
# What can be wrong and be mended while a certificate waits: its name, the keys, the disk.
MENDABLE = (AwardError, DesignError, KeysError, RuntimeError, OSError)
log = logging.getLogger(__name__)


def award_of(stored: dict[str, Any]) -> Award:
    """Make the award again that was taken down; raise `AwardError` for one that can't be printed."""
    return award_from_json(json.dumps(stored))


def issue(certificate_id: int) -> bool:
    """Sign, store and mail one certificate; `False` if that is done or under way, or fails and is tried again later."""
    if not claim(Certificate, certificate_id):
        return False
    award = _current_award(certificate_id)
    try:
        made = _made(certificate_id, award)
    except MENDABLE as error:
        log.warning("certificate %s not issued: %s", certificate_id, error)
        failed(Certificate, certificate_id, error)
        return False
    with unit_of_work():
        row = db.session.get_one(Certificate, certificate_id, with_for_update=True, populate_existing=True)
        if row.state != WAITING:
            return False
        row.award = {**award, "development": award["development"] or made.development}
        _store(row, made)
    return True


def _made(certificate_id: int, stored: dict[str, Any]) -> Made:
    award, keys = award_of(stored), signing.folder_for(stored)
    status_list_id, place = _placed(certificate_id, signing.press().issuer_of(keys))
    made: Made = signing.press().make(award, keys, clock.now(), list_url(status_list_id), place)
    return made


def _current_award(certificate_id: int) -> dict[str, Any]:
    """Read what is to be printed; after a failure with the name as it is now, for a name may be what could not be printed."""
    query = select(Certificate.award, Certificate.last_error, Certificate.enrolment_id)
    award, last_error, enrolment_id = db.session.execute(query.where(Certificate.id == certificate_id)).one()
    if not last_error.startswith(AwardError.__name__):
        return dict(award)
    query = select(Person.printed_name, Person.name).join(Enrolment, Enrolment.person_id == Person.id)
    person = db.session.execute(query.where(Enrolment.id == enrolment_id)).one()
    return {**award, "recipient": rules.printable(person.printed_name, person.name)}


def _placed(certificate_id: int, issuer: str) -> tuple[int, int]:
    """Give a certificate a random place of its own in a list of the issuer, or the one that an earlier try gave it."""
    query = select(Certificate.status_list_id, Certificate.place).join(StatusList, StatusList.id == Certificate.status_list_id)
    row = db.session.execute(query.where(Certificate.id == certificate_id, StatusList.issuer == issuer)).first()
    if row is not None and row.status_list_id is not None and row.place is not None:
        return row.status_list_id, row.place
    for _ in range(TRIES):
        place = secrets.randbelow(rules.PLACES)
        try:
            with unit_of_work():
                status_list_id = _list_with_room(issuer)
                values = {"status_list_id": status_list_id, "place": place}
                db.session.execute(update(Certificate).where(Certificate.id == certificate_id).values(**values))
        except IntegrityError:
            continue  # another certificate has it
        return status_list_id, place
    message = "no free place in the status list was found"
    raise RuntimeError(message)


def _list_with_room(issuer: str) -> int:
    newest = db.session.scalar(select(func.max(StatusList.id)).where(StatusList.issuer == issuer))
    taken = select(func.count()).where(Certificate.status_list_id == newest)
    if newest is not None and (db.session.scalar(taken) or 0) < rules.PLACES // 2:
        return newest
    row = StatusList(issuer=issuer)
    db.session.add(row)
    db.session.flush()
    enqueue(LISTS)
    return row.id


def _store(row: Certificate, made: Made) -> None:
    db.session.add(CertificateDocument(certificate_id=row.id, body=made.document, credential=made.credential))
    row.state, row.issued_at, row.digest, row.last_error = DONE, clock.now(), hashlib.sha256(made.document).hexdigest(), ""
    replaced = _supersede(row) if row.supersedes_id else ""
    query = select(Person.id, Person.email, Person.name, Edition.slug).select_from(Enrolment)
    query = query.join(Person, Person.id == Enrolment.person_id).join(Edition, Edition.id == Enrolment.edition_id)
    person_id, email, name, slug = db.session.execute(query.where(Enrolment.id == row.enrolment_id)).one()
    url = absolute_url("certification.mine", edition=slug)
    message = emails.issued(name, row.kind, row.award["course_title"], row.number, url, replaced)
    mail.post(message, email, kind="certification.issued", person_id=person_id, edition_id=row.edition_id)


def _supersede(row: Certificate) -> str:
    """Let the version before count no more; its owner's link leads to the new one. Give its number."""
    before = db.session.get_one(Certificate, row.supersedes_id, with_for_update=True)
    before.superseded_at = row.issued_at
    share, before.share = before.share, None
    db.session.flush()
    row.share = share
    touch(before.status_list_id)
    return before.number


def waiting() -> Iterator[int]:
    """Go through what waits, oldest first, until nothing is due: what fails is due again later."""
    while found := due(Certificate):
        yield from found


def issue_waiting() -> int:
    """Issue what waits, here and now, and tell how many were issued."""
    return sum(issue(certificate_id) for certificate_id in waiting())


def list_url(status_list_id: int) -> str:
    """Give the address of a status list, as credentials name it."""
    return absolute_url("certification.status_list", number=status_list_id)


def touch(status_list_id: int | None) -> None:
    """Let a status list be signed anew, because a certificate in it changed; one of before there were lists has none."""
    if status_list_id is not None:
        values = {"changes": StatusList.changes + 1, "state": WAITING, "tries": 0, "due_at": clock.now()}
        db.session.execute(update(StatusList).where(StatusList.id == status_list_id).values(values))
        enqueue(LISTS)


def make_lists() -> None:
    """Sign the status lists that wait for it."""
    for status_list_id in due(StatusList):
        _make_list(status_list_id)


def _make_list(status_list_id: int) -> None:
    if not claim(StatusList, status_list_id):
        return
    query = select(StatusList.issuer, StatusList.changes).where(StatusList.id == status_list_id)
    issuer, changes = db.session.execute(query).one()
    gone = or_(Certificate.revoked_at.is_not(None), Certificate.superseded_at.is_not(None))
    places = db.session.scalars(select(Certificate.place).where(Certificate.status_list_id == status_list_id, gone)).all()
    try:
        body = signing.press().status_list(signing.folder_of(issuer), issuer, list_url(status_list_id), places, clock.now())
    except MENDABLE as error:
        log.warning("status list %s not signed: %s", status_list_id, error)
        failed(StatusList, status_list_id, error)
        return
    with unit_of_work():
        row = db.session.get_one(StatusList, status_list_id, with_for_update=True, populate_existing=True)
        if row.changes == changes:  # else it is older than what somebody else signs, or has signed by now
            row.body, row.made_at, row.last_error, row.state = body, clock.now(), "", DONE
