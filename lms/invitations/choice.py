"""Which invitations the list shows, and in which order: what its address says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from lms.core import countries, listing
from lms.core.domain import Enrolment, Gender
from lms.core.listing import Column, Listed
from lms.core.names import plain
from lms.invitations.models import Invitation
from lms.invitations.values import State

FILTERS = ("state", "country", "gender")
SORTS = ("name", "changed", "place")
UNCONFIRMED = "not confirmed yet"  # no state of its own: accepted, asked to confirm again, and not answered
COLUMNS = (
    Column("state", "State"),
    Column("country", "Country"),
    Column("gender", "Gender"),
    Column("institution", "Institution"),
    Column("sector", "Sector", usual=False),
    Column("email", "E-mail", usual=False),
    Column("role", "List", sort="place"),
    Column("answer_by", "Answer by"),
    Column("confirm_by", "Confirm by", usual=False),
    Column("changed", "Changed", sort="changed"),
    Column("reason", "Reason"),
)
ASKED = ("country", "institution", "email", "confirm_by")


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """The words of a search and a value for each filter, besides how the list is shown."""

    sort: str = "name"
    q: str = ""
    state: str = ""
    country: str = ""
    gender: str = ""


def allowed() -> dict[str, Sequence[str]]:
    """Give what each filter can be."""
    return {"state": (*State, UNCONFIRMED), "country": countries.ALL, "gender": tuple(Gender)}


def chosen() -> Choice:
    """Read a choice from the address; what makes no sense there counts as not said."""
    found: dict[str, Any] = listing.picked({**allowed(), "sort": listing.orders(SORTS)})
    return Choice(q=listing.text("q"), columns=listing.columns(COLUMNS), **found)


def columns_of(choice: Choice) -> tuple[Column, ...]:
    """List the columns that are shown: those asked for, or those of use."""
    return listing.shown(COLUMNS, choice.columns or (ASKED if choice.state == UNCONFIRMED else ()))


def conditions(edition_id: int, choice: Choice) -> Iterator[ColumnElement[bool]]:
    """Turn a choice into conditions on `Invitation` and `Enrolment`."""
    yield Invitation.edition_id == edition_id
    if choice.state == UNCONFIRMED:
        yield Invitation.state == State.ACCEPTED
        yield Invitation.confirm_by.is_not(None)
    elif choice.state:
        yield Invitation.state == choice.state
    if choice.country:
        yield Enrolment.country == choice.country
    if choice.gender:
        yield Enrolment.gender == choice.gender
    for word in plain(choice.q).split():
        yield Enrolment.search_key.contains(word, autoescape=True)
