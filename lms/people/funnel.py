"""How many learners come how far, by gender, country and sector: one query, whatever there is to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from lms.core import countries
from lms.core.db import db
from lms.core.domain import Enrolment, Gender, Sector
from lms.core.reporting import Stage
from lms.core.viewer import EditionInfo
from lms.editions.api import countries_of
from lms.people.stages import LEARNERS, stages

ORDER = ("gender", "country", "sector")
GENDERS = {Gender.WOMAN: "Women", Gender.MAN: "Men", Gender.OTHER: "Other", Gender.UNDISCLOSED: "Not said"}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; `of` is the number of those registered."""

    count: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """The rate; none where nobody is registered."""
        return Decimal(100 * self.count) / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Part:
    """A row of a breakdown: those of one gender, country or sector, at each stage."""

    value: str
    label: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The stages, all learners at each, and the same by gender, country and sector."""

    stages: tuple[Stage, ...]
    all: tuple[Share, ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]


def funnel(edition: EditionInfo) -> Funnel:
    """Count the learners at every stage; countries of the edition and sectors without learners are shown with 0."""
    steps = stages(edition)
    reached = [func.sum(case((step.reached, 1), else_=0)) for step in steps]
    facts = (Enrolment.gender, Enrolment.country, Enrolment.sector)
    query = select(*facts, *reached).where(Enrolment.edition_id == edition.id, LEARNERS).group_by(*facts)
    rows = db.session.execute(query).all()
    known: tuple[Iterable[str], ...] = (Gender, countries_of(edition.id), Sector)
    parts = tuple((name, _parts(name, rows, number, known[number], len(steps))) for number, name in enumerate(ORDER))
    return Funnel(steps, _shares(rows, len(steps)), parts)


def _parts(name: str, rows: Sequence[Any], place: int, known: Iterable[str], steps: int) -> tuple[Part, ...]:
    values = dict.fromkeys([*known, *sorted(row[place] for row in rows)])
    found = [Part(str(value), _label(name, value), _shares([row for row in rows if row[place] == value], steps)) for value in values]
    return tuple(sorted(found, key=lambda part: part.label) if name == "country" else found)


def _label(name: str, value: str) -> str:
    if name == "country":
        return countries.name(value)
    return GENDERS[Gender(value)] if name == "gender" else value.capitalize()


def _shares(rows: Sequence[Any], steps: int) -> tuple[Share, ...]:
    first = len(ORDER)
    counts = [sum(int(row[first + number]) for row in rows) for number in range(steps)]
    return tuple(Share(count, counts[0]) for count in counts)
