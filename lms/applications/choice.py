"""Which applications are shown, and how: read from an address, written into one, turned into conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, false, select, true

from lms.core import countries, listing
from lms.core.domain import Enrolment, EnrolmentState, Gender, Person, Role, Sector
from lms.core.listing import Column, Listed
from lms.core.names import plain

SORTS = ("applied", "name")
FILTERS = ("state", "country", "gender", "sector")
MOST_WORDS = 6
COLUMNS = (
    Column("state", "State"),
    Column("country", "Country"),
    Column("institution", "Institution"),
    Column("position", "Position"),
    Column("sector", "Sector", usual=False),
    Column("gender", "Gender", usual=False),
    Column("email", "E-mail", usual=False),
    Column("applied", "Applied", sort="applied"),
    Column("decided", "Decided", usual=False),
    Column("motivation", "Motivation", usual=False),
)


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """The words of a search and a value for each filter, besides how the list is shown; the newest come first."""

    sort: str = "-applied"
    q: str = ""
    state: str = ""
    country: str = ""
    gender: str = ""
    sector: str = ""
    falls_first: ClassVar[tuple[str, ...]] = ("applied",)


def allowed() -> dict[str, Sequence[str]]:
    """Give what each filter can be."""
    return {"state": tuple(EnrolmentState), "country": countries.ALL, "gender": tuple(Gender), "sector": tuple(Sector)}


def chosen() -> Choice:
    """Read a choice from the address; what makes no sense there counts as not said."""
    found = listing.picked({**allowed(), "sort": listing.orders(SORTS)})
    return Choice(q=listing.text("q"), columns=listing.columns(COLUMNS), **found)


def posted(fields: Mapping[str, str]) -> Choice:
    """Read the filters of a choice from the fields of a form, as `chosen` does from the address."""
    found: dict[str, Any] = {name: value for name, values in allowed().items() if (value := fields.get(name, "")) in values}
    return Choice(q=fields.get("q", "").replace("\0", "")[:100].strip(), **found)


def conditions(edition_id: int, choice: Choice) -> Iterator[ColumnElement[bool]]:
    """Turn a choice into conditions on `Enrolment`: those of learners, whatever has become of them."""
    yield Enrolment.edition_id == edition_id
    yield Enrolment.role == Role.LEARNER
    for name in FILTERS:
        if value := getattr(choice, name):
            yield getattr(Enrolment, name) == value
    if choice.q:
        yield _named(choice.q)


def _named(text: str) -> ColumnElement[bool]:
    """Ask for every word of a text somewhere in the name; a text with an @ is an address or a part of one."""
    if "@" in text:
        return Enrolment.person_id.in_(select(Person.id).where(Person.email.contains(text.lower(), autoescape=True)))
    words = plain(text).split()[:MOST_WORDS]
    return and_(true(), *(Enrolment.search_key.contains(word, autoescape=True) for word in words)) if words else false()
