"""Sending mails again that did not arrive, to a corrected address or the same."""

from __future__ import annotations

from sqlalchemy import select

from lms.accounts.api import correct_address
from lms.core import audit, mail
from lms.core.db import db
from lms.core.domain import Person
from lms.core.errors import Conflict, NotFound
from lms.core.mail import OutgoingMail
from lms.core.viewer import EditionInfo, Viewer
from lms.core.work import GIVEN_UP

BOUND = "accounts."  # mails with links that hold for one address alone: they are written anew, not sent again


def again(edition: EditionInfo, viewer: Viewer, mail_id: int) -> None:
    """Try a mail anew that was given up; raise `NotFound`, or `Conflict` where somebody else was faster."""
    row = _held(edition, mail_id)
    mail.send_again([row.id])
    audit.record(viewer, "deliveries.again", "mail", row.id, edition_id=edition.id, about=row.person_id, subject_line=row.subject)


def correct(edition: EditionInfo, viewer: Viewer, mail_id: int, email: str) -> int:
    """Correct the address to which a mail did not get, send there what failed in this edition, and tell how many mails that were."""
    row = _held(edition, mail_id)
    person = db.session.get(Person, row.person_id) if row.person_id else None
    if person is None or person.email != row.to:
        message = "The person has another address by now. Send the mail again from the list if it is still needed."
        raise Conflict(message)
    before = correct_address(edition, viewer, person.id, email)
    failed = select(OutgoingMail.id).where(
        OutgoingMail.edition_id == edition.id,
        OutgoingMail.state == GIVEN_UP,
        OutgoingMail.person_id == person.id,
        OutgoingMail.to == before,
        ~OutgoingMail.kind.startswith(BOUND, autoescape=True),
    )
    mails = db.session.scalars(failed).all()
    mail.send_again(mails, person.email)
    return len(mails)


def _held(edition: EditionInfo, mail_id: int) -> OutgoingMail:
    query = select(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.edition_id == edition.id)
    row = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        message = "There is no such mail in this edition."
        raise NotFound(message)
    if row.state != GIVEN_UP:
        message = "This mail is on its way again already, or was sent."
        raise Conflict(message)
    return row
