"""What accounts hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from lms.accounts.models import AddressChange, HalfSignIn, KnownBrowser, RecoveryCode, SecondFactor
from lms.core.db import db
from lms.core.domain import Enrolment, Person, SignIn
from lms.core.plugins import PersonalData

HOLDS = (
    "Your name, the name on certificates, address, country, gender, sector, institution and time zone; the devices on which you are "
    "signed in, and the kinds of browsers in which you were in the last 400 days; whether you sign in in two steps. Your password is kept "
    "in a form from which nobody can read it."
)
ERASED = "Somebody who has left"
PERSON = (
    Person.email,
    Person.email_confirmed_at,
    Person.name,
    Person.printed_name,
    Person.printed_name_confirmed_at,
    Person.gender,
    Person.country,
    Person.sector,
    Person.institution,
    Person.zone,
    Person.second_factor_at,
    Person.frozen_at,
    Person.created_at,
)
PLACE = (
    Enrolment.edition_id,
    Enrolment.role,
    Enrolment.state,
    Enrolment.country,
    Enrolment.gender,
    Enrolment.sector,
    Enrolment.institution,
    Enrolment.created_at,
    Enrolment.confirmed_at,
    Enrolment.seen_at,
)


def export(person_id: int) -> Mapping[str, Any]:
    """Give what the person said of themselves, their places in editions, and where they are signed in."""
    devices = select(SignIn.device, SignIn.created_at, SignIn.seen_at, SignIn.expires_at).where(SignIn.person_id == person_id)
    browsers = select(KnownBrowser.kind, KnownBrowser.first_at, KnownBrowser.last_at).where(KnownBrowser.person_id == person_id)
    places = select(*PLACE).where(Enrolment.person_id == person_id)
    return {
        "account": dict(db.session.execute(select(*PERSON).where(Person.id == person_id)).mappings().one()),
        "places": [dict(row) for row in db.session.execute(places.order_by(Enrolment.id)).mappings()],
        "signed_in": [dict(row) for row in db.session.execute(devices.order_by(SignIn.id)).mappings()],
        "browsers": [dict(row) for row in db.session.execute(browsers.order_by(KnownBrowser.id)).mappings()],
    }


def erase(person_id: int) -> None:
    """Take away name, address and every way to sign in; the account's number stays, so that records still make sense."""
    for table in (SignIn, HalfSignIn, KnownBrowser, RecoveryCode, SecondFactor, AddressChange):
        db.session.execute(delete(table).where(table.person_id == person_id))
    person = db.session.get_one(Person, person_id)
    person.email, person.password_hash = f"erased-{person_id}@invalid", ""
    person.name = person.printed_name = ERASED
    person.institution = ""
    person.email_confirmed_at = person.printed_name_confirmed_at = person.second_factor_at = None


personal_data = PersonalData(HOLDS, export, erase)
