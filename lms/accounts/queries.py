"""What the pages about accounts show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from lms.accounts.codes import PURPOSE
from lms.accounts.devices import describe
from lms.accounts.models import AddressChange, HalfSignIn, RecoveryCode, SecondFactor
from lms.core import clock
from lms.core.db import db, read
from lms.core.domain import Enrolment, EnrolmentState, Person, Role, SignIn
from lms.core.sealing import SealError, unseal
from lms.core.viewer import hash_token

MOST = 50


@dataclass(frozen=True, slots=True)
class ProfileData:
    """What a person can change of themselves."""

    name: str
    printed_name: str
    institution: str
    zone: str


def profile(person_id: int) -> ProfileData:
    """Read a person's profile."""
    query = select(Person.name, Person.printed_name, Person.institution, Person.zone).where(Person.id == person_id)
    return ProfileData(*db.session.execute(query).one())


def person_by_email(email: str) -> int | None:
    """Find a person by their normalised address."""
    return db.session.scalar(select(Person.id).where(Person.email == email))


@dataclass(frozen=True, slots=True)
class PrintedName:
    """The name that certificates print, and since when its owner has confirmed it."""

    text: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A device on which a person is signed in."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime

    @property
    def in_words(self) -> str:
        """What browser on what machine it is."""
        return describe(self.device)


@dataclass(frozen=True, slots=True)
class Security:
    """How a person signs in: since when in two steps, with how many recovery codes left, and an address that waits."""

    second_factor_at: datetime | None
    recovery_codes: int
    new_address: str | None
    new_address_until: datetime | None


_PRINTED_NAME = select(Person.printed_name, Person.printed_name_confirmed_at).where(Person.id == bindparam("person"))


def printed_name(person_id: int) -> PrintedName:
    """Read the name that a person's certificates print."""
    return PrintedName(*read(_PRINTED_NAME, person=person_id).one())


def unconfirmed_names(edition_id: int) -> frozenset[int]:
    """Give the enrolments of an edition's learners who have not confirmed the name that certificates print."""
    query = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id)
    learners = query.where(Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
    return frozenset(db.session.scalars(learners.where(Person.printed_name_confirmed_at.is_(None))))


def sign_ins(person_id: int) -> Sequence[SignInRow]:
    """List the newest sign-ins of a person that are still good, the one used last first."""
    query = select(SignIn.id, SignIn.device, SignIn.created_at, SignIn.seen_at)
    good = query.where(SignIn.person_id == person_id, SignIn.expires_at > clock.now())
    return [SignInRow(*row) for row in db.session.execute(good.order_by(SignIn.seen_at.desc(), SignIn.id.desc()).limit(MOST))]


def security(person_id: int) -> Security:
    """Read how a person signs in."""
    left = select(func.count()).where(RecoveryCode.person_id == Person.id, RecoveryCode.used_at.is_(None)).scalar_subquery()
    waits = and_(AddressChange.person_id == Person.id, AddressChange.expires_at > clock.now())
    query = select(Person.second_factor_at, left, AddressChange.email, AddressChange.expires_at).outerjoin(AddressChange, waits)
    return Security(*db.session.execute(query.where(Person.id == person_id)).one())


def halfway(token: str) -> int | None:
    """Give whose half sign-in a token is, as long as it is good."""
    good = HalfSignIn.token_hash == hash_token(token), HalfSignIn.expires_at > clock.now()
    return db.session.scalar(select(HalfSignIn.person_id).where(*good))


def secret_to_confirm(person_id: int) -> str | None:
    """Give the secret for a person's app as long as no code has confirmed it; `None` where one has to be made first."""
    query = select(SecondFactor.secret).join(Person, Person.id == SecondFactor.person_id)
    sealed = db.session.scalar(query.where(Person.id == person_id, Person.second_factor_at.is_(None)))
    try:
        return None if sealed is None else unseal(sealed, PURPOSE, person_id)
    except SealError:  # the installation has another key by now
        return None
