"""Signing up, confirming, signing in and out, new passwords, the profile."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.accounts import emails, tokens
from lms.accounts.rules import password_fault
from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Course, Edition, Enrolment, Gender, Person, SignIn
from lms.core.errors import Invalid
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer, hash_token
from lms.editions.api import apply, confirm_all

STAY = timedelta(days=30)
# OWASP's profile for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody says who signs up; `country` is an ISO 3166 code."""

    email: str
    password: str
    name: str
    printed_name: str
    country: str
    sector: str
    institution: str
    gender: str = Gender.UNDISCLOSED
    zone: str = "UTC"


def sign_up(edition_id: int, new: NewPerson) -> int | None:
    """Make an account that applies for an edition and mail the link that confirms it; give the person's id.

    Whoever has an account already gets a mail that says so, and `None` comes back: the page must look the same.
    """
    if fault := password_fault(new.password, new.name, new.email.partition("@")[0]):
        raise Invalid(fault, field="password")
    email = normal(new.email)
    course = _course(edition_id)
    existing = db.session.scalar(select(Person).where(Person.email == email))
    person = None if existing else _insert(new, email)
    if person is None:
        owner = existing or db.session.scalars(select(Person).where(Person.email == email)).one()
        message = emails.already_there(owner.name, course, absolute_url("accounts.sign_in"))
        mail.post(message, email, kind="accounts.already_there", person_id=owner.id, edition_id=edition_id)
        return None
    apply(edition_id, person.id)
    send_confirmation(person, edition_id, course)
    return person.id


def normal(email: str) -> str:
    """Give the form in which addresses are compared."""
    return email.strip().lower()


def _course(edition_id: int) -> str:
    return db.session.scalars(select(Course.title).join(Edition).where(Edition.id == edition_id)).one()


def _insert(new: NewPerson, email: str) -> Person | None:
    person = Person(
        email=email,
        password_hash=hasher.hash(new.password),
        name=new.name,
        printed_name=new.printed_name,
        gender=new.gender,
        country=new.country,
        sector=new.sector,
        institution=new.institution,
        zone=new.zone,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        return None
    return person


def send_confirmation(person: Person, edition_id: int, course: str) -> None:
    """Mail the link that confirms a person's address."""
    url = absolute_url("accounts.confirm_address", token=tokens.confirmation(person.id, person.email))
    message = emails.confirm_address(person.name, course, url)
    mail.post(message, person.email, kind="accounts.confirm", person_id=person.id, edition_id=edition_id)


def confirm_address(person_id: int, email: str) -> Person:
    """Take the address as the person's own and confirm what they applied for; again changes nothing."""
    person = db.session.get(Person, person_id)
    if person is None or person.email != email:
        message = "This link is not valid any more. Ask for a new one."
        raise Invalid(message)
    if person.email_confirmed_at is None:
        person.email_confirmed_at = clock.now()
        db.session.flush()
        confirm_all(person_id)
    return person


def welcome(enrolment_id: int) -> None:
    """Mail a welcome to somebody who may study from now on."""
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    title = f"{enrolment.edition.course.short_title}, {enrolment.edition.title}"
    url = absolute_url("editions.dashboard", edition=enrolment.edition.slug)
    person = enrolment.person
    message = emails.welcome(person.name, title, url)
    mail.post(message, person.email, kind="accounts.welcome", person_id=person.id, edition_id=enrolment.edition_id)


def sign_in(email: str, password: str, device: str) -> Viewer:
    """Start a sign-in and give its viewer; raise `Invalid`, in the same words and time whether or not there is an account."""
    person = db.session.scalar(select(Person).where(Person.email == normal(email)))
    if not _matches(person.password_hash if person else _nobodys_hash(), password) or person is None:
        message = "The address and the password don't go together."
        raise Invalid(message, field="password")
    if person.email_confirmed_at is None:
        message = "This address is not confirmed yet: please use the link in our mail, or ask for a new one below."
        raise Invalid(message, field="email")
    if hasher.check_needs_rehash(person.password_hash):
        person.password_hash = hasher.hash(password)
    return start(person, device)


def start(person: Person, device: str) -> Viewer:
    """Sign a person in on a device and give the viewer with its token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = SignIn(person_id=person.id, token_hash=hash_token(token), expires_at=now + STAY, device=device[:200])
    db.session.add(row)
    return Viewer(person_id=person.id, name=person.name, email=person.email, zone=person.zone, token=token)


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe(16))


def sign_out(viewer: Viewer) -> None:
    """End this sign-in; its token is worth nothing any more."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(viewer.token)))


def ask_reset(email: str) -> None:
    """Mail a link for a new password, or a new confirmation link; unknown addresses get nothing."""
    person = db.session.scalar(select(Person).where(Person.email == normal(email)))
    if person is None:
        return
    if person.email_confirmed_at is None:
        edition_id = db.session.scalar(select(Enrolment.edition_id).where(Enrolment.person_id == person.id))
        if edition_id is not None:
            send_confirmation(person, edition_id, _course(edition_id))
        return
    url = absolute_url("accounts.new_password", token=tokens.reset(person.id, person.password_hash))
    mail.post(emails.new_password(person.name, url), person.email, kind="accounts.reset", person_id=person.id)


def set_password(person_id: int, mark: str, password: str) -> None:
    """Replace the password that a reset link was made for, and end every sign-in; raise `Invalid`."""
    person = db.session.get(Person, person_id)
    if person is None or tokens.mark(person.password_hash) != mark:
        message = "This link was used already. Ask for a new one."
        raise Invalid(message)
    if fault := password_fault(password, person.name, person.email.partition("@")[0]):
        raise Invalid(fault, field="password")
    person.password_hash = hasher.hash(password)
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def change_profile(person_id: int, name: str, printed_name: str, institution: str, zone: str) -> None:
    """Change what a person says of themselves."""
    person = db.session.get_one(Person, person_id)
    person.name, person.printed_name, person.institution, person.zone = name, printed_name, institution, zone


def make_administrator(new: NewPerson, actor: Viewer) -> int:
    """Make an account that administers the whole installation, confirmed at once."""
    person = _insert(new, normal(new.email))
    if person is None:
        message = "There is an account with this address already."
        raise Invalid(message, field="email")
    person.administrator, person.email_confirmed_at = True, clock.now()
    db.session.flush()
    audit.record(actor, "account.make_administrator", "person", person.id)
    return person.id
