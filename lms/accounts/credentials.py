"""Commands about what somebody signs in with: password and address; whatever changes ends the other sign-ins."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.accounts import emails, tokens
from lms.accounts.commands import confirm_address, end_others, hasher, matches, normal
from lms.accounts.models import AddressChange, HalfSignIn
from lms.accounts.rules import password_fault
from lms.core import audit, clock, mail
from lms.core.db import db, upsert
from lms.core.domain import Person
from lms.core.errors import Invalid
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer, hash_token

LINK_WORKS = timedelta(hours=1)
SPENT = "This link was used already, or it is older than an hour. Ask for a new one."


def change_password(viewer: Viewer, current: str, password: str) -> None:
    """Replace the viewer's password, for which the current one is asked; raise `Invalid`."""
    person = _with_password(viewer, current, "current")
    if current == password:
        message = "This is your password already. Please choose another."
        raise Invalid(message, field="password")
    _replace_password(person, password, viewer)


def reset_password(person_id: int, mark: str, password: str) -> None:
    """Replace the password that a reset link was made for, and end every sign-in; raise `Invalid`."""
    person = db.session.get(Person, person_id)
    if person is None or tokens.mark(person) != mark:
        raise Invalid(SPENT)
    _replace_password(person, password, Viewer(person_id=person.id))


def accept_invitation(person_id: int, mark: str, password: str) -> Person:
    """Set the first password of an invited person, whose address is known by the link that came there; raise `Invalid`."""
    person = db.session.get(Person, person_id)
    if person is None or person.password_hash or tokens.mark(person) != mark:
        message = "This link was used already, or it is older than thirty days. Sign in, or ask for a new link."
        raise Invalid(message)
    if fault := password_fault(password, person.name, person.printed_name, person.email):
        raise Invalid(fault, field="password")
    person.password_hash = hasher.hash(password)
    if person.email_confirmed_at is None:
        confirm_address(person.id, person.email)
    return person


def _replace_password(person: Person, password: str, actor: Viewer) -> None:
    if fault := password_fault(password, person.name, person.printed_name, person.email):
        raise Invalid(fault, field="password")
    person.password_hash = hasher.hash(password)
    for table in (AddressChange, HalfSignIn):  # whoever knew the old password may have begun these
        db.session.execute(delete(table).where(table.person_id == person.id))
    end_others(actor)
    audit.record(actor, "account.password", "person", person.id)
    message = emails.password_changed(person.name, absolute_url("accounts.ask_reset"))
    mail.post(message, person.email, kind="accounts.password_changed", person_id=person.id)


def _with_password(viewer: Viewer, password: str, field: str) -> Person:
    person = db.session.get_one(Person, viewer.person_id, with_for_update=True, populate_existing=True)
    if not matches(person.password_hash, password):
        message = "This is not your password."
        raise Invalid(message, field=field)
    return person


def ask_address(viewer: Viewer, email: str, password: str) -> None:
    """Mail a link to a new address and a notice to the old one; the same happens, but for the link, where it is taken."""
    person = _with_password(viewer, password, "password")
    email, token = normal(email), secrets.token_urlsafe(32)
    if email == person.email:
        message = "This is your address already."
        raise Invalid(message, field="email")
    now = clock.now()
    values = {"email": email, "token_hash": hash_token(token), "asked_at": now, "expires_at": now + LINK_WORKS}
    db.session.execute(upsert(AddressChange, {"person_id": person.id}, values))
    audit.record(viewer, "account.ask_address", "person", person.id)
    notice = emails.address_asked(person.name, email, absolute_url("accounts.ask_reset"))
    mail.post(notice, person.email, kind="accounts.address_asked", person_id=person.id)
    if owner := db.session.execute(select(Person.id, Person.name).where(Person.email == email)).first():
        mail.post(emails.address_taken(owner.name), email, kind="accounts.address_taken", person_id=owner.id)
    else:
        letter = emails.confirm_new_address(person.name, absolute_url("accounts.new_address", token=token))
        mail.post(letter, email, kind="accounts.new_address", person_id=person.id)


def address_of(token: str) -> str:
    """Give the address that a link confirms; raise `Invalid` for a spent or wrong one."""
    return _change(token).email


def change_address(token: str, viewer: Viewer) -> None:
    """Take the confirmed address as the person's own, end the other sign-ins and tell both addresses."""
    change = _change(token)
    person, before = db.session.get_one(Person, change.person_id), db.session.get_one(Person, change.person_id).email
    db.session.execute(delete(AddressChange).where(AddressChange.id == change.id))
    try:
        with db.session.begin_nested():
            person.email, person.email_confirmed_at = change.email, clock.now()
    except IntegrityError as error:
        message = "This address can't be used any more. Please ask for another."
        raise Invalid(message) from error
    actor = viewer if viewer.person_id == person.id else Viewer(person_id=person.id)
    end_others(actor)
    audit.record(actor, "account.address", "person", person.id)
    for address in (before, person.email):
        notice = emails.address_changed(person.name, person.email, absolute_url("accounts.sign_in"))
        mail.post(notice, address, kind="accounts.address_changed", person_id=person.id)


def cancel_address(viewer: Viewer) -> None:
    """Keep the address as it is; a link that was sent is worth nothing any more."""
    db.session.execute(delete(AddressChange).where(AddressChange.person_id == viewer.person_id))
    audit.record(viewer, "account.keep_address", "person", viewer.person_id)


def _change(token: str) -> AddressChange:
    fresh = AddressChange.token_hash == hash_token(token), AddressChange.expires_at > clock.now()
    found = db.session.scalar(select(AddressChange).where(*fresh))
    if found is None:
        raise Invalid(SPENT)
    return found
