"""The people of an edition, in pages and as a whole, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, literal, select, tuple_

from lms.core import countries
from lms.core.db import db
from lms.core.domain import NEVER, Enrolment, Person
from lms.core.listing import Column
from lms.core.spreadsheet import Value
from lms.core.templating import rounded
from lms.core.viewer import EditionInfo
from lms.gradebook.api import Standing, places
from lms.people.choice import Choice, conditions, extras

BATCH = 2000
MOST_COUNTED = 2000
KEYS: dict[str, tuple[Any, Any]] = {
    "name": (Enrolment.search_key, Enrolment.id),
    "joined": (Enrolment.created_at, Enrolment.id),
    "seen": (Enrolment.seen_at, Enrolment.id),
    "average": (Standing.final, Standing.enrolment_id),
}


class Line(NamedTuple):
    """Somebody in the list; a tuple, as there are many."""

    id: int
    name: str
    email: str
    role: str
    state: str
    country: str
    gender: str
    sector: str
    institution: str
    joined: datetime
    seen: datetime
    so_far: Decimal | None
    average: Decimal | None


Reader = Callable[[Line], Value]
_LINE: Select[*tuple[Any, ...]] = select(
    Enrolment.id,
    Person.name,
    Person.email,
    Enrolment.role,
    Enrolment.state,
    Enrolment.country,
    Enrolment.gender,
    Enrolment.sector,
    Enrolment.institution,
    Enrolment.created_at,
    Enrolment.seen_at,
    Standing.so_far,
    Standing.final,
).join(Person, Person.id == Enrolment.person_id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `previous` and `next` are enrolments to go on from; `total` is `None` for more than are counted."""

    lines: tuple[Line, ...]
    total: int | None
    previous: int | None
    next: int | None


def page(edition: EditionInfo, choice: Choice, *, private: bool, after: int | None = None, before: int | None = None) -> Page:
    """Read the page that begins after, or ends before, an enrolment; the first page if neither is in the list."""
    back = after is None and before is not None
    anchor = _anchor(edition.id, choice, before if back else after)
    back = back and anchor is not None
    few = db.session.scalars(some(edition, choice, private=private)).all()
    query = rows(edition, choice, private=private, anchor=anchor, back=back)
    if choice.filters and len(few) <= MOST_COUNTED:
        query = query.where(Enrolment.id.in_(few))
    found = [Line(*row) for row in db.session.execute(query.limit(choice.rows + 1))]
    more, found = len(found) > choice.rows, found[: choice.rows]
    lines = tuple(found[::-1] if back else found)
    return Page(
        lines=lines,
        total=len(few) if len(few) <= MOST_COUNTED else None,
        previous=lines[0].id if lines and (more if back else anchor is not None) else None,
        next=lines[-1].id if lines and (more or back) else None,
    )


def every_batch(edition: EditionInfo, choice: Choice, *, private: bool) -> Iterator[Sequence[Line]]:
    """Read all lines of a choice, a batch at a time."""
    anchor: tuple[Any, int] | None = None
    while True:
        query = rows(edition, choice, private=private, anchor=anchor)
        found = [Line(*row) for row in db.session.execute(query.limit(BATCH))]
        yield found
        if len(found) < BATCH:
            return
        anchor = _anchor(edition.id, choice, found[-1].id)


def rows(
    edition: EditionInfo, choice: Choice, *, private: bool, anchor: tuple[Any, int] | None = None, back: bool = False
) -> Select[*tuple[Any, ...]]:
    """Select the lines of a choice in its order, from an anchor on: the value that gives the order, and the enrolment."""
    return _ordered(_chosen(_LINE, edition, choice, private=private), choice, anchor, back=back)


def people(edition: EditionInfo, choice: Choice, *, private: bool) -> Select[int]:
    """Select whom a choice shows, by person."""
    return select(_chosen(select(Enrolment.person_id), edition, choice, private=private).subquery().c.person_id)


def some(edition: EditionInfo, choice: Choice, *, private: bool) -> Select[*tuple[Any, ...]]:
    """Select whom a choice shows, by enrolment and in no order, as far as they are counted.

    Where they are few, the page is read by these numbers, and nobody else is passed over in the order that the page has.
    """
    return _chosen(select(Enrolment.id), edition, choice, private=private, apart=True).limit(MOST_COUNTED + 1)


def _chosen(
    query: Select[*tuple[Any, ...]], edition: EditionInfo, choice: Choice, *, private: bool, apart: bool = False
) -> Select[*tuple[Any, ...]]:
    """Join what the order needs: by average only those are listed who have one, so that an index gives the order."""
    by_average = choice.key == "average"
    query = query.join(Standing, Standing.enrolment_id == Enrolment.id, isouter=not by_average)
    if by_average:
        query = query.where(Standing.edition_id == edition.id)
    return query.where(*conditions(edition, choice, private=private, apart=apart))


def _ordered(
    query: Select[*tuple[Any, ...]], choice: Choice, anchor: tuple[Any, int] | None, *, back: bool = False
) -> Select[*tuple[Any, ...]]:
    key, number = KEYS[choice.key]
    falling = choice.falling is not back
    if anchor:
        here, there = tuple_(key, number), tuple_(literal(anchor[0], key.type), literal(anchor[1]))
        query = query.where(here < there if falling else here > there)
    return query.order_by(key.desc(), number.desc()) if falling else query.order_by(key, number)


def _anchor(edition_id: int, choice: Choice, enrolment_id: int | None) -> tuple[Any, int] | None:
    if enrolment_id is None:
        return None
    query = select(KEYS[choice.key][0], Enrolment.id).outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
    row = db.session.execute(query.where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)).first()
    return (row[0], row[1]) if row and row[0] is not None else None


def heads(columns: Sequence[Column]) -> tuple[str, ...]:
    """Name the columns, as the files have them."""
    return ("Name", *(column.label for column in columns))


def cells(lines: Sequence[Line], columns: Sequence[Column], edition: EditionInfo) -> Iterator[tuple[Value, ...]]:
    """Give the values of lines as they are shown, the name first; page and files both take them from here."""
    keys, ids = [column.key for column in columns], [line.id for line in lines]
    others = {extra.key: extra.read(ids) for extra in extras() if extra.key in keys}
    readers = [_told(others[key]) if key in others else _reader(key, edition) for key in keys]
    for line in lines:
        yield (line.name, *[read(line) for read in readers])


def _told(texts: Mapping[int, str]) -> Reader:
    return lambda line: texts.get(line.id, "")


def _reader(key: str, edition: EditionInfo) -> Reader:
    """Give the function that reads a column of a line, made once for many."""
    get: Callable[[Line], Any] = attrgetter(key)
    if key == "country":
        return lambda line: countries.name(line.country)
    if key in {"joined", "seen"}:
        zone, length = ZoneInfo(edition.zone), len("2027-08-26 09:00" if key == "seen" else "2027-08-26")
        return lambda line: "never" if (at := get(line)) == NEVER else at.astimezone(zone).isoformat(" ")[:length]
    if key in {"so_far", "average"}:
        return lambda line: None if (value := get(line)) is None else rounded(value, places(value, edition.pass_mark))
    return get
