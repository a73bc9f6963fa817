"""The lists that hotels, airlines and consulates get: of each traveller, what the receiver needs and no more."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core import countries
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person
from lms.invitations import travel
from lms.invitations.models import Invitation, PassportPage, TravelChange, TravelDetails
from lms.invitations.rules import GROUP, GROUPS, LETTERS
from lms.invitations.values import Journey, Receiver, State

TRAVELLING = (State.ACCEPTED, State.CONFIRMED, State.ATTENDED)


HEADINGS: Mapping[Receiver, str] = {Receiver.HOTEL: "Rooms, meals and access", Receiver.CONSULATE: "Passports and visas"}
HEADS: Mapping[Receiver, Sequence[str]] = {
    Receiver.HOTEL: ("Name", "Gender", "Arrives", "By", "Leaves", "By", "Nights", "Diet", "Access needs", "In an emergency"),
    Receiver.CONSULATE: ("Name", "Country", "Institution", "Name in the passport", "Number of the passport", "Visa", "Arrives", "Leaves"),
}
WIDTHS: Mapping[Receiver, Sequence[int]] = {Receiver.HOTEL: (5, 2, 3, 4, 3, 4, 2, 4, 5, 5), Receiver.CONSULATE: (5, 3, 5, 5, 4, 3, 3, 3)}


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who comes; `said` is whether anything is known of the journey."""

    enrolment_id: int
    name: str
    gender: str
    country: str
    institution: str
    said: bool
    asks: bool
    has_page: bool


@dataclass(frozen=True, slots=True)
class TravelList:
    """A list as it is printed; widths are shares of the page's."""

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


def travellers(edition_id: int) -> tuple[Traveller, ...]:
    """List those who come by name, and who of them has said what, but not what."""
    asks = select(TravelChange.id).where(TravelChange.enrolment_id == Enrolment.id, TravelChange.decided_at.is_(None)).exists()
    columns = Enrolment.id, Person.name, Enrolment.gender, Enrolment.country, Enrolment.institution
    query = select(*columns, TravelDetails.id.is_not(None), asks, PassportPage.id.is_not(None))
    query = query.join(Invitation, Invitation.enrolment_id == Enrolment.id).join(Person, Person.id == Enrolment.person_id)
    query = query.outerjoin(TravelDetails, TravelDetails.enrolment_id == Enrolment.id)
    query = query.outerjoin(PassportPage, PassportPage.enrolment_id == Enrolment.id)
    coming = Invitation.edition_id == edition_id, Invitation.state.in_(TRAVELLING), Enrolment.state == EnrolmentState.CONFIRMED
    return tuple(Traveller(*row) for row in db.session.execute(query.where(*coming).order_by(Enrolment.search_key, Enrolment.id)))


def listed(receiver: Receiver, people: Sequence[Traveller]) -> TravelList:
    """Make the list for a receiver; who has said nothing stands on it with empty fields."""
    journeys = travel.journeys([one.enrolment_id for one in people])
    row = _room if receiver == Receiver.HOTEL else _visa
    rows = [row(one, journeys.get(one.enrolment_id, Journey())) for one in people]
    return TravelList(HEADINGS[receiver], HEADS[receiver], rows, WIDTHS[receiver])


def _room(one: Traveller, said: Journey) -> Sequence[str]:
    first, last = said.arrives_on, said.leaves_on
    nights = str((last - first).days) if first and last else ""
    days = (str(first or ""), said.arrival, str(last or ""), said.departure, nights)
    return (one.name, one.gender, *days, said.diet, said.access, said.emergency)


def _visa(one: Traveller, said: Journey) -> Sequence[str]:
    visa = {"yes": "needed", "no": "not needed"}.get(said.visa, "")
    who = (one.name, countries.name(one.country), one.institution)
    return (*who, said.passport_name, said.passport_number, visa, str(said.arrives_on or ""), str(said.leaves_on or ""))


def password() -> str:
    """Make a password of about 100 bits that can be told by telephone."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
