"""The applications of an edition, in pages and as a whole, and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, literal, or_, select, tuple_

from lms.applications.choice import Choice, conditions
from lms.applications.models import Application
from lms.core import countries
from lms.core.db import db
from lms.core.domain import Enrolment, Person, Role
from lms.core.listing import Column
from lms.core.reporting import Extra
from lms.core.spreadsheet import Value
from lms.core.viewer import EditionInfo

BATCH = 2000
MOST_COUNTED = 2000
KEYS: dict[str, Any] = {"applied": Enrolment.created_at, "name": Enrolment.search_key}
KNOWN = or_(Person.email_confirmed_at.is_not(None), Application.nominated_by_id.is_not(None))


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the list."""

    id: int
    name: str
    email: str
    known: bool
    state: str
    country: str
    gender: str
    sector: str
    institution: str
    position: str
    motivation: str
    applied: datetime
    decided: datetime | None


_LINE: Select[*tuple[Any, ...]] = (
    select(
        Enrolment.id,
        Person.name,
        Person.email,
        KNOWN,
        Enrolment.state,
        Enrolment.country,
        Enrolment.gender,
        Enrolment.sector,
        Enrolment.institution,
        func.coalesce(Application.position, ""),
        func.coalesce(Application.motivation, ""),
        Enrolment.created_at,
        Application.decided_at,
    )
    .join(Person, Person.id == Enrolment.person_id)
    .outerjoin(Application, Application.enrolment_id == Enrolment.id)
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; `previous` and `next` are enrolments to go on from; `total` is `None` for more than are counted."""

    lines: tuple[Line, ...]
    total: int | None
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many applications there are by state and by country."""

    states: dict[str, int]
    countries: dict[str, dict[str, int]]

    @property
    def all(self) -> int:
        """How many there are."""
        return sum(self.states.values())


def counts(edition_id: int) -> Counts:
    """Count an edition's applications, from an index."""
    facts = (Enrolment.country, Enrolment.state)
    query = select(*facts, func.count()).where(Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER).group_by(*facts)
    states, places = Counter[str](), dict[str, dict[str, int]]()
    for country, state, count in db.session.execute(query):
        states[state] += count
        places.setdefault(country, {})[state] = count
    return Counts(dict(states), dict(sorted(places.items(), key=lambda pair: countries.name(pair[0]))))


def page(edition_id: int, choice: Choice, *, after: int | None = None, before: int | None = None) -> Page:
    """Read the page that begins after, or ends before, an enrolment; the first page if neither is in the list."""
    back = after is None and before is not None
    anchor = _anchor(edition_id, choice, before if back else after)
    back = back and anchor is not None
    query = _rows(edition_id, choice, anchor, back=back)
    found = [Line(*row) for row in db.session.execute(query.limit(choice.rows + 1))]
    more, found = len(found) > choice.rows, found[: choice.rows]
    lines = tuple(found[::-1] if back else found)
    return Page(
        lines=lines,
        total=_total(edition_id, choice),
        previous=lines[0].id if lines and (more if back else anchor is not None) else None,
        next=lines[-1].id if lines and (more or back) else None,
    )


def every_line(edition_id: int, choice: Choice) -> Iterator[Line]:
    """Read all lines of a choice, a batch at a time."""
    anchor: tuple[Any, int] | None = None
    while True:
        found = [Line(*row) for row in db.session.execute(_rows(edition_id, choice, anchor).limit(BATCH))]
        yield from found
        if len(found) < BATCH:
            return
        anchor = _anchor(edition_id, choice, found[-1].id)


def people(edition_id: int, choice: Choice) -> Select[int]:
    """Select whom a choice shows, by person."""
    return select(Enrolment.person_id).where(*conditions(edition_id, choice))


def _total(edition_id: int, choice: Choice) -> int | None:
    some = select(Enrolment.id).where(*conditions(edition_id, choice)).limit(MOST_COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(some)) or 0
    return total if total <= MOST_COUNTED else None


def _rows(edition_id: int, choice: Choice, anchor: tuple[Any, int] | None, *, back: bool = False) -> Select[*tuple[Any, ...]]:
    query, key, number = _LINE.where(*conditions(edition_id, choice)), KEYS[choice.key], Enrolment.id
    falling = choice.falling is not back
    if anchor:
        here, there = tuple_(key, number), tuple_(literal(anchor[0], key.type), literal(anchor[1]))
        query = query.where(here < there if falling else here > there)
    return query.order_by(key.desc(), number.desc()) if falling else query.order_by(key, number)


def _anchor(edition_id: int, choice: Choice, enrolment_id: int | None) -> tuple[Any, int] | None:
    if enrolment_id is None:
        return None
    query = select(KEYS[choice.key], Enrolment.id).where(Enrolment.edition_id == edition_id, Enrolment.id == enrolment_id)
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else None


def positions(enrolments: Sequence[int]) -> dict[int, str]:
    """Give the positions that some people named in their applications."""
    query = select(Application.enrolment_id, Application.position).where(Application.enrolment_id.in_(enrolments))
    return {row[0]: row[1] for row in db.session.execute(query)}


def columns() -> Iterator[Extra]:
    """Name what lists of people can show of applications."""
    yield Extra("position", "Position", positions)


def table(edition: EditionInfo, choice: Choice, columns: Sequence[Column]) -> Iterator[Sequence[Value]]:
    """Give the rows of a file: the heads, then every line with the columns that are shown."""
    yield ("Name", *(column.label for column in columns))
    for line in every_line(edition.id, choice):
        yield cells(line, columns, edition)


def cells(line: Line, columns: Sequence[Column], edition: EditionInfo) -> tuple[Value, ...]:
    """Give a line's values as they are shown, the name first; page and files both take them from here."""
    return (line.name, *(_cell(getattr(line, column.key), column.key, edition) for column in columns))


def _cell(value: Any, key: str, edition: EditionInfo) -> Value:
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(edition.zone)):%Y-%m-%d %H:%M}"
    return countries.name(value) if key == "country" else value
