"""What administrators of an edition do about the accounts of its learners: freeze and thaw them, correct an address."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.accounts import commands, emails
from lms.accounts.events import AccountFrozen, AccountThawed
from lms.accounts.models import HalfSignIn
from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person, Role, SignIn
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.events import publish
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer


def freeze(edition: EditionInfo, viewer: Viewer, person_id: int, reason: str) -> None:
    """Let nobody sign in with a learner's account any more, end its sign-ins and take its posts out of sight, with a reason."""
    person = overseen(edition, viewer, person_id)
    if person.frozen_at is not None:
        message = "This account is frozen already."
        raise Conflict(message)
    person.frozen_at = clock.now()
    for table in (SignIn, HalfSignIn):
        db.session.execute(delete(table).where(table.person_id == person_id))
    audit.record(viewer, "account.freeze", "person", person_id, edition_id=edition.id, reason=reason)
    mail.post(emails.frozen(person.name, reason), person.email, kind="accounts.frozen", person_id=person_id, edition_id=edition.id)
    publish(AccountFrozen(person_id))


def thaw(edition: EditionInfo, viewer: Viewer, person_id: int) -> None:
    """Let a frozen account be used again, with its posts in sight."""
    person = overseen(edition, viewer, person_id)
    if person.frozen_at is None:
        message = "This account is not frozen."
        raise Conflict(message)
    person.frozen_at = None
    audit.record(viewer, "account.thaw", "person", person_id, edition_id=edition.id)
    letter = emails.thawed(person.name, absolute_url("accounts.sign_in"))
    mail.post(letter, person.email, kind="accounts.thawed", person_id=person_id, edition_id=edition.id)
    publish(AccountThawed(person_id))


def correct_address(edition: EditionInfo, viewer: Viewer, person_id: int, email: str) -> str:
    """Put another address in the place of a learner's, tell both, and give the one that it was.

    Whoever hasn't confirmed the address yet gets the link for it anew.
    """
    person, email = overseen(edition, viewer, person_id), commands.normal(email)
    before = person.email
    if email == before:
        message = "This is the address that the account has."
        raise Invalid(message, field="email")
    try:
        with db.session.begin_nested():
            person.email = email
    except IntegrityError as error:
        message = "Another account has this address. Look for it among the people."
        raise Invalid(message, field="email") from error
    audit.record(viewer, "account.correct_address", "person", person_id, edition_id=edition.id, before=before, after=email)
    letter = emails.address_corrected(person.name, email, absolute_url("accounts.sign_in"))
    for address in (before, email):
        mail.post(letter, address, kind="accounts.address_corrected", person_id=person_id, edition_id=edition.id)
    if person.email_confirmed_at is None:
        commands.ask_reset(email)
    return before


def overseen(edition: EditionInfo, viewer: Viewer, person_id: int) -> Person:
    """Hold the account of a learner here whom administrators look after: of the staff nowhere. Raise `NotFound` or `Forbidden`."""
    query = select(Person).join(Enrolment).where(Enrolment.edition_id == edition.id, Person.id == person_id)
    person = db.session.scalar(query.with_for_update(of=Person).execution_options(populate_existing=True))
    if person is None:
        message = "There is nobody like this in this edition."
        raise NotFound(message)
    if not viewer.is_administrator or person.administrator or _of_the_staff(person_id):
        message = "This is the account of somebody of the staff. Take the role away on the team page first."
        raise Forbidden(message)
    return person


def _of_the_staff(person_id: int) -> bool:
    serves = (Enrolment.role != Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
    return db.session.scalar(select(Enrolment.id).where(Enrolment.person_id == person_id, *serves).limit(1)) is not None
