"""Signing up, confirming, signing in and out, new passwords, the profile."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from lms.accounts import emails, recognition, tokens
from lms.accounts.models import AddressChange, HalfSignIn
from lms.accounts.rules import password_fault
from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Course, Edition, Enrolment, Gender, Person, SignIn
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer, hash_token
from lms.editions.api import apply, confirm_all

STAY = timedelta(days=30)
FROZEN = "This account is frozen. If you think that this is a mistake, write to the course team."
# OWASP's profile for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody says who signs up; `country` is an ISO 3166 code, and without a password nobody can sign in until one is set."""

    email: str
    password: str | None
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
    if new.password is not None and (fault := password_fault(new.password, new.name, new.printed_name, new.email)):
        raise Invalid(fault, field="password")
    email = normal(new.email)
    course = _course(edition_id)
    existing = db.session.scalar(select(Person).where(Person.email == email))
    person = None if existing else _insert(new, email)
    if person is None:
        owner = existing or db.session.scalars(select(Person).where(Person.email == email)).one()
        if not lead_to_kept(owner):
            message = emails.already_there(owner.name, course, absolute_url("accounts.sign_in"))
            mail.post(message, email, kind="accounts.already_there", person_id=owner.id, edition_id=edition_id)
        return None
    apply(edition_id, person.id)
    send_confirmation(person, edition_id, course)
    return person.id


def lead_to_kept(person: Person) -> bool:
    """Tell whoever has an account that was merged into another, by mail, which one to use; `False` for an account in use."""
    if person.merged_into_id is None:
        return False
    kept = db.session.get_one(Person, person.merged_into_id)
    letter = emails.use_the_kept(person.name, kept.email, absolute_url("accounts.sign_in"))
    mail.post(letter, person.email, kind="accounts.merged", person_id=person.id)
    return True


def add_invited(news: Sequence[NewPerson]) -> list[Person]:
    """Make accounts without passwords for people whose addresses are new here; each needs the link of an invitation."""
    people = [_person(new, normal(new.email)) for new in news]
    db.session.add_all(people)
    db.session.flush()
    return people


def invitation_url(person: Person) -> str:
    """Give the address at which an invited person sets the first password."""
    return absolute_url("accounts.welcome", token=tokens.invitation(person))


def normal(email: str) -> str:
    """Give the form in which addresses are compared."""
    return email.strip().lower()


def _course(edition_id: int) -> str:
    return db.session.scalars(select(Course.title).join(Edition).where(Edition.id == edition_id)).one()


def _person(new: NewPerson, email: str) -> Person:
    return Person(
        email=email,
        password_hash="" if new.password is None else hasher.hash(new.password),
        name=new.name,
        printed_name=new.printed_name,
        gender=new.gender,
        country=new.country,
        sector=new.sector,
        institution=new.institution,
        zone=new.zone,
    )


def _insert(new: NewPerson, email: str) -> Person | None:
    person = _person(new, email)
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


def confirm_address(person_id: int, email: str) -> Person | None:
    """Take the address as the person's own and confirm what they applied for; `None` if that was done before."""
    person = db.session.get(Person, person_id)
    if person is None or person.email != email or person.merged_into_id is not None:
        message = "This link is not valid any more. Ask for a new one."
        raise Invalid(message)
    if person.email_confirmed_at is not None:
        return None
    person.email_confirmed_at = clock.now()
    db.session.flush()
    confirm_all(person_id)
    return person


def check_password(email: str, password: str) -> Person:
    """Give who may sign in so; raise `Invalid`, in the same words and time whether or not there is an account."""
    person = db.session.scalar(select(Person).where(Person.email == normal(email)))
    if not matches((person and person.password_hash) or _nobodys_hash(), password) or person is None:
        message = "The address and the password don't go together."
        raise Invalid(message, field="password")
    if person.email_confirmed_at is None:
        message = "This address is not confirmed yet: please use the link in our mail, or ask for a new one below."
        raise Invalid(message, field="email")
    if person.frozen_at is not None:
        raise Invalid(FROZEN, field="email")
    if hasher.check_needs_rehash(person.password_hash):
        person.password_hash = hasher.hash(password)
    return person


def start(person: Person, device: str) -> Viewer:
    """Sign a person in on a device and give the viewer with its token; raise `Forbidden` for a frozen account."""
    if person.frozen_at is not None:
        raise Forbidden(FROZEN)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = SignIn(person_id=person.id, token_hash=hash_token(token), expires_at=now + STAY, device=device[:200])
    db.session.add(row)
    recognition.recognise(person, device)
    db.session.execute(update(Enrolment).where(Enrolment.person_id == person.id).values(seen_at=now))
    return Viewer(person_id=person.id, name=person.name, email=person.email, zone=person.zone, token=token)


def matches(stored: str, password: str) -> bool:
    """Tell whether a password is the one whose hash is stored."""
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
    if person is None or lead_to_kept(person):
        return
    if person.email_confirmed_at is None and not person.password_hash:
        letter = emails.invitation(person.name, invitation_url(person))
        mail.post(letter, person.email, kind="accounts.invitation", person_id=person.id)
        return
    if person.email_confirmed_at is None:
        edition_id = db.session.scalar(select(Enrolment.edition_id).where(Enrolment.person_id == person.id))
        if edition_id is not None:
            send_confirmation(person, edition_id, _course(edition_id))
        return
    url = absolute_url("accounts.new_password", token=tokens.reset(person))
    mail.post(emails.new_password(person.name, url), person.email, kind="accounts.reset", person_id=person.id)


def end(viewer: Viewer, sign_in_id: int) -> None:
    """End one of the viewer's own sign-ins; raise `NotFound`."""
    own = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == viewer.person_id)
    if db.session.execute(own.returning(SignIn.id)).first() is None:
        message = "This sign-in has ended already."
        raise NotFound(message)
    audit.record(viewer, "account.end_sign_in", "sign-in", sign_in_id)


def end_others(viewer: Viewer) -> int:
    """End every sign-in of the viewer's but the one that asks, and tell how many there were."""
    others = delete(SignIn).where(SignIn.person_id == viewer.person_id, SignIn.token_hash != hash_token(viewer.token))
    return len(db.session.execute(others.returning(SignIn.id)).all())


def end_all_others(viewer: Viewer) -> int:
    """Do so because the viewer asked for it: it goes on record."""
    ended = end_others(viewer)
    audit.record(viewer, "account.end_other_sign_ins", "person", viewer.person_id, count=ended)
    return ended


def change_profile(person_id: int, name: str, printed_name: str, institution: str, zone: str) -> None:
    """Change what a person says of themselves; what enrolments noted of it stays, and a new printed name is not confirmed yet."""
    change_printed_name(person_id, printed_name)
    person = db.session.get_one(Person, person_id)
    person.name, person.institution, person.zone = name, institution, zone


def change_printed_name(person_id: int, printed_name: str) -> None:
    """Change the name that certificates print; it has to be confirmed anew."""
    person = db.session.get_one(Person, person_id)
    if person.printed_name != printed_name:
        person.printed_name, person.printed_name_confirmed_at = printed_name, None


def confirm_printed_name(viewer: Viewer, shown: str) -> None:
    """Note that certificates may print the name that was shown; raise `Conflict` if it is another one meanwhile."""
    person = db.session.get_one(Person, viewer.person_id, with_for_update=True, populate_existing=True)
    if person.printed_name != shown:
        message = "The name was changed meanwhile, in another window perhaps. Please look at it again."
        raise Conflict(message)
    if person.printed_name_confirmed_at is None:
        person.printed_name_confirmed_at = clock.now()
        audit.record(viewer, "account.confirm_printed_name", "person", person.id, printed_name=shown)


def forget_expired() -> None:
    """Delete sign-ins, whole and half, changes of address and known browsers whose time is over."""
    for table in (SignIn, HalfSignIn, AddressChange):
        db.session.execute(delete(table).where(table.expires_at <= clock.now()))
    recognition.forget()


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
