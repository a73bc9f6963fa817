"""How many learners come how far, by gender, country and sector: one query, whose answer large editions keep for some minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from lms.core import clock, countries
from lms.core.db import db, unit_of_work, upsert
from lms.core.domain import GENDERS, Enrolment, Gender, Sector
from lms.core.reporting import Stage
from lms.core.viewer import EditionInfo, edition_by_id
from lms.editions.api import countries_of
from lms.people.models import Counts
from lms.people.stages import LEARNERS, stages

LARGE = 5000
AGE = timedelta(minutes=10)
ORDER = ("gender", "country", "sector")


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
    """The stages, all learners at each, and the same by gender, country and sector, as counted at a moment."""

    stages: tuple[Stage, ...]
    all: tuple[Share, ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]
    at: datetime


def funnel(edition: EditionInfo) -> Funnel:
    """Count the learners at every stage; countries of the edition and sectors without learners are shown with 0."""
    steps = stages(edition)
    return _arranged(countries_of(edition.id), steps, *_rows(edition, steps))


def counted_now(edition: EditionInfo, genders: Sequence[str]) -> tuple[Funnel, dict[str, Funnel]]:
    """Count the learners at every stage here and now, however many they are, and from the same rows those of some genders: for reports."""
    steps, at = stages(edition), clock.now()
    rows = _counted(edition, steps)
    known = [row[ORDER.index("country")] for row in rows]
    codes = (*countries_of(edition.id), *sorted(known))
    apart = {gender: [row for row in rows if row[0] == gender] for gender in genders}
    return _arranged(codes, steps, rows, at), {gender: _arranged(codes, steps, found, at) for gender, found in apart.items()}


def _arranged(codes: Iterable[str], steps: tuple[Stage, ...], rows: Sequence[Any], at: datetime) -> Funnel:
    known: tuple[Iterable[str], ...] = (Gender, codes, Sector)
    parts = tuple((name, _parts(name, rows, number, known[number], len(steps))) for number, name in enumerate(ORDER))
    return Funnel(steps, _shares(rows, len(steps)), parts, at)


def _rows(edition: EditionInfo, steps: Sequence[Stage]) -> tuple[Sequence[Any], datetime]:
    """Give (gender, country, sector, number at each step) and when that was counted: now, or lately where learners are many."""
    if not is_large(edition.id):
        return _counted(edition, steps), clock.now()
    query = select(Counts.at, Counts.stages, Counts.rows).where(Counts.edition_id == edition.id, Counts.at > clock.now() - AGE)
    kept = db.session.execute(query).first()
    if kept and kept.stages == [step.key for step in steps]:
        return [(*row["facts"], *row["counts"]) for row in kept.rows], kept.at
    return keep(edition, steps), clock.now()


def is_large(edition_id: int) -> bool:
    """Tell whether there are so many learners that nobody should wait until they are counted."""
    some = select(Enrolment.id).where(Enrolment.edition_id == edition_id, LEARNERS).limit(LARGE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > LARGE


def keep(edition: EditionInfo, steps: Sequence[Stage]) -> Sequence[Any]:
    """Count, and keep the answer for whoever asks next."""
    rows, places = _counted(edition, steps), len(ORDER)
    values = {
        "at": clock.now(),
        "stages": [step.key for step in steps],
        "rows": [{"facts": list(row[:places]), "counts": [int(count) for count in row[places:]]} for row in rows],
    }
    with unit_of_work():
        db.session.execute(upsert(Counts, {"edition_id": edition.id}, values))
    return rows


def keep_all() -> None:
    """Count those editions anew whose answers are kept."""
    for edition_id in db.session.scalars(select(Counts.edition_id)).all():
        edition = edition_by_id(edition_id)
        keep(edition, stages(edition))


def _counted(edition: EditionInfo, steps: Sequence[Stage]) -> Sequence[Any]:
    reached = [func.sum(case((step.reached, 1), else_=0)) for step in steps]
    facts = (Enrolment.gender, Enrolment.country, Enrolment.sector)
    query = select(*facts, *reached).where(Enrolment.edition_id == edition.id, LEARNERS).group_by(*facts)
    return db.session.execute(query).all()


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
