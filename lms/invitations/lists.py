"""The invitations of an edition, in pages and as a whole, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select

from lms.core import clock, countries
from lms.core.db import db
from lms.core.domain import Enrolment, Gender, Person
from lms.core.listing import Column
from lms.core.spreadsheet import Value
from lms.core.viewer import EditionInfo
from lms.invitations import queries, rules
from lms.invitations.choice import Choice, conditions
from lms.invitations.models import Invitation

KEYS: dict[str, Any] = {"name": Enrolment.search_key, "changed": Invitation.changed_at, "place": Invitation.id}
RESERVE, SELECTED = "reserve", "selected"


@dataclass(frozen=True, slots=True)
class Line:
    """An invitation in the list; `role` is whether the person was selected, or moved up from the reserves."""

    id: int
    name: str
    email: str
    state: str
    country: str
    gender: str
    sector: str
    institution: str
    role: str
    answer_by: datetime | None
    confirm_by: datetime | None
    changed: datetime
    reason: str


_LINE: Select[*tuple[Any, ...]] = (
    select(
        Enrolment.id,
        Person.name,
        Person.email,
        Invitation.state,
        Enrolment.country,
        Enrolment.gender,
        Enrolment.sector,
        Enrolment.institution,
        case((Invitation.instead_of_id.is_(None), SELECTED), else_=RESERVE),
        Invitation.answer_by,
        Invitation.confirm_by,
        Invitation.changed_at,
        Invitation.reason,
    )
    .join(Enrolment, Enrolment.id == Invitation.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many invitations there are of each state, how many seats are free, who comes, and who has not confirmed that in time.

    `unconfirmed` have been asked to confirm again, and have not; the time of the `overdue` among them is over.
    """

    states: dict[str, int]
    free: int
    women: int
    unconfirmed: int
    overdue: int

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def coming(self) -> int:
        """How many have accepted, whatever came later."""
        return sum(self.states.get(state, 0) for state in rules.COMING)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, by its number from 1 on."""

    lines: tuple[Line, ...]
    total: int
    number: int
    more: bool


def counts(edition_id: int) -> Counts:
    """Count an edition's invitations."""
    asked = Invitation.confirm_by
    late = func.count().filter(asked < clock.now())
    query = select(Invitation.state, Enrolment.gender, func.count(), func.count(asked), late)
    query = query.join(Enrolment, Enrolment.id == Invitation.enrolment_id)
    states, women, unconfirmed, overdue = dict[str, int](), 0, 0, 0
    here = query.where(Invitation.edition_id == edition_id).group_by(Invitation.state, Enrolment.gender)
    for state, gender, count, waiting, over in db.session.execute(here):
        states[state] = states.get(state, 0) + count
        unconfirmed, overdue = unconfirmed + waiting, overdue + over
        women += count if state in rules.COMING and gender == Gender.WOMAN else 0
    return Counts(states, queries.free(edition_id), women, unconfirmed, overdue)


def page(edition_id: int, choice: Choice, number: int) -> Page:
    """Read a page of the list."""
    number = min(max(number, 1), 1000)
    query = _rows(edition_id, choice).limit(choice.rows + 1).offset((number - 1) * choice.rows)
    found = [Line(*row) for row in db.session.execute(query)]
    count = select(func.count()).select_from(Invitation).join(Enrolment, Enrolment.id == Invitation.enrolment_id)
    total = db.session.scalar(count.where(*conditions(edition_id, choice))) or 0
    return Page(tuple(found[: choice.rows]), total, number, len(found) > choice.rows)


def people(edition_id: int, choice: Choice) -> Select[int]:
    """Select whom a choice shows, by person."""
    query = select(Enrolment.person_id).join(Invitation, Invitation.enrolment_id == Enrolment.id)
    return query.where(*conditions(edition_id, choice))


def _rows(edition_id: int, choice: Choice) -> Select[*tuple[Any, ...]]:
    key = KEYS[choice.key]
    order = (key.desc(), Invitation.id.desc()) if choice.falling else (key, Invitation.id)
    return _LINE.where(*conditions(edition_id, choice)).order_by(*order)


def table(edition: EditionInfo, choice: Choice, columns: Sequence[Column]) -> Iterator[Sequence[Value]]:
    """Give the rows of a file: the heads, then every line with the columns that are shown."""
    yield ("Name", *(column.label for column in columns))
    for row in db.session.execute(_rows(edition.id, choice)):
        yield cells(Line(*row), columns, edition)


def cells(line: Line, columns: Sequence[Column], edition: EditionInfo) -> tuple[Value, ...]:
    """Give a line's values as they are shown, the name first; page and files both take them from here."""
    return (line.name, *(_cell(getattr(line, column.key), column.key, edition) for column in columns))


def _cell(value: Any, key: str, edition: EditionInfo) -> Value:
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(edition.zone)):%Y-%m-%d %H:%M}"
    return countries.name(value) if key == "country" else value
