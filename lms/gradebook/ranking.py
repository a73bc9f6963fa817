"""The ranking of an edition's learners, in pages and as a whole, however many there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, literal, select, tuple_

from lms.core import countries, listing
from lms.core.db import Exact, db, read
from lms.core.domain import Enrolment, Gender, Person, Sector
from lms.core.listing import Column, Listed, shown
from lms.core.spreadsheet import Value
from lms.core.templating import rounded
from lms.core.viewer import EditionInfo
from lms.editions.api import countries_of
from lms.gradebook import rules
from lms.gradebook.models import GradedGroup, Standing

SORTS = ("name", "final")
BATCH = 2000
MOST_COUNTED = 2000
BEYOND = Decimal(10**9)
ENDS = ("low", "high")
AVERAGE = re.compile(r"\d{1,3}([.,]\d{1,6})?", re.ASCII)
WHO = (
    Column("country", "Country", private=True),
    Column("gender", "Gender", private=True, usual=False),
    Column("sector", "Sector", private=True),
    Column("institution", "Institution", private=True),
)
WELL = (
    Column("so_far", "So far", number=True),
    Column("final", "Final", sort="final", number=True),
    Column("passes", "Passed"),
)


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """Which learners to show: by country, gender and sector, and by a final average from `low` to `high`, both included."""

    sort: str = "-final"
    country: str = ""
    gender: str = ""
    sector: str = ""
    low: str = ""
    high: str = ""
    falls_first: ClassVar[tuple[str, ...]] = ("final",)

    @property
    def by_name(self) -> bool:
        """Whether names give the order."""
        return self.key == "name"


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice with what there was to choose: the codes of countries, the groups with their titles, the columns."""

    choice: Choice
    codes: tuple[str, ...]
    groups: Mapping[str, str]
    offered: tuple[Column, ...]
    private: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown."""
        return shown(self.offered, self.choice.columns)


def asked(edition_id: int, *, private: bool) -> Asked:
    """Read a choice from the address; what makes no sense there, or is not the viewer's to ask, counts as not said."""
    codes, titles = countries_of(edition_id) or countries.ALL, groups(edition_id)
    modules = (Column(f"module{place}", title, number=True) for place, title in enumerate(titles.values(), 1))
    offered = tuple(column for column in (*WHO, *modules, *WELL) if private or not column.private)
    facts = {"country": codes, "gender": tuple(Gender), "sector": tuple(Sector)} if private else {}
    allowed = {"sort": listing.orders(SORTS), **facts}
    ends: dict[str, Any] = {name: text.replace(",", ".") for name in ENDS if AVERAGE.fullmatch(text := listing.text(name))}
    return Asked(Choice(columns=listing.columns(offered), **listing.picked(allowed), **ends), codes, titles, offered, private)


def filters(codes: Sequence[str]) -> list[tuple[str, str, Sequence[tuple[str, str]]]]:
    """List what learners can be chosen by, with the values there are."""
    return [
        ("country", "Country", countries.choices(codes)),
        ("gender", "Gender", [(gender, gender) for gender in Gender]),
        ("sector", "Sector", [(sector, sector) for sector in Sector]),
    ]


class Line(NamedTuple):
    """A learner in the ranking, a tuple as there are many; the rank is that among all learners of the edition, whatever is shown.

    It is `None` for a grade that changed while the page was being read. `grades` are texts by the groups' slugs.
    """

    enrolment_id: int
    rank: int | None
    tied: bool
    name: str
    country: str
    gender: str
    sector: str
    institution: str
    grades: Mapping[str, str | None]
    so_far: Decimal | None
    final: Decimal
    passes: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the ranking; `previous` and `next` are enrolments to go on from; `total` is `None` for more than are counted."""

    lines: tuple[Line, ...]
    total: int | None
    previous: int | None
    next: int | None


def page(edition: EditionInfo, choice: Choice, *, after: int | None = None, before: int | None = None) -> Page:
    """Read the page that begins after, or ends before, an enrolment; the first page if neither is among the learners."""
    back = after is None and before is not None
    anchor = _anchor(edition.id, choice, before if back else after)
    back = back and anchor is not None
    few = db.session.scalars(some(edition.id, choice)).all()
    query = _rows(edition.id, choice, anchor, back=back)
    if choice.filters and len(few) <= MOST_COUNTED:
        query = query.where(Standing.enrolment_id.in_(few))
    found = db.session.execute(query.limit(choice.rows + 1)).all()
    more, found = len(found) > choice.rows, found[: choice.rows]
    listed = found[::-1] if back else found
    ranks = _ranks_of(edition.id, {row.final for row in listed})
    return Page(
        lines=tuple(_line(row, edition.pass_mark, ranks) for row in listed),
        total=len(few) if len(few) <= MOST_COUNTED else None,
        previous=listed[0].enrolment_id if listed and (more if back else anchor is not None) else None,
        next=listed[-1].enrolment_id if listed and (more or back) else None,
    )


def some(edition_id: int, choice: Choice) -> Select[Any]:
    """Select whom a choice shows, by enrolment and in no order, as far as they are counted; few are then read by these numbers."""
    return _chosen(select(Standing.enrolment_id), edition_id, choice).limit(MOST_COUNTED + 1)


def every_line(edition: EditionInfo, choice: Choice) -> Iterator[Line]:
    """Read all lines of a choice, a batch at a time."""
    ranks = _all_ranks(edition.id)
    anchor: tuple[Any, int] | None = None
    while True:
        found = db.session.execute(_rows(edition.id, choice, anchor).limit(BATCH)).all()
        if changed := {row.final for row in found} - ranks.keys():
            ranks |= _ranks_of(edition.id, changed)
        for row in found:
            yield _line(row, edition.pass_mark, ranks)
        if len(found) < BATCH:
            return
        anchor = (found[-1].name_key if choice.by_name else found[-1].final, found[-1].enrolment_id)


def people(edition_id: int, choice: Choice) -> Select[int]:
    """Select whom a choice shows, by person."""
    query = select(Enrolment.person_id).join(Standing, Standing.enrolment_id == Enrolment.id)
    return _chosen(query, edition_id, choice)


_GROUPS = (
    select(GradedGroup.group, GradedGroup.title)
    .where(GradedGroup.edition_id == bindparam("edition"))
    .order_by(GradedGroup.position, GradedGroup.id)
)


def groups(edition_id: int) -> dict[str, str]:
    """Give the titles of the groups that count in an edition, in their order: the ranking's columns."""
    return dict(read(_GROUPS, edition=edition_id).all())


def heads(columns: Iterable[Column]) -> tuple[str, ...]:
    """Name the columns of the ranking, as the file has them."""
    return ("Rank", "Tied", "Name", *(column.label for column in columns))


def cells(lines: Iterable[Line], asked: Asked, mark: Decimal) -> Iterator[tuple[Value, ...]]:
    """Give the values of lines as they are shown, rank and name first; page and file both take them from here."""
    readers = [_reader(column.key, [*asked.groups], mark) for column in asked.columns]
    for line in lines:
        yield (line.rank, "tied" if line.tied else "", line.name, *[read(line) for read in readers])


def _reader(key: str, groups: Sequence[str], mark: Decimal) -> Callable[[Line], Value]:
    """Give the function that reads a column of a line, made once for many."""
    if key.startswith("module"):
        group = groups[int(key.removeprefix("module")) - 1]
        return lambda line: _grade(grade) if (grade := line.grades.get(group)) else None
    get: Callable[[Line], Any] = attrgetter(key)
    if key == "passes":
        return lambda line: "yes" if line.passes else "no"
    if key in {"so_far", "final"}:
        return lambda line: None if (value := get(line)) is None else _average(value, mark)
    return get


@lru_cache(maxsize=2048)
def _grade(grade: str) -> Decimal:
    return rounded(Decimal(grade))


@lru_cache(maxsize=2048)
def _average(average: Decimal, mark: Decimal) -> Decimal:
    return rounded(average, rules.places(average, mark))


def _key(choice: Choice) -> Any:
    return Standing.name_key if choice.by_name else Standing.final


def _anchor(edition_id: int, choice: Choice, enrolment_id: int | None) -> tuple[Any, int] | None:
    if enrolment_id is None:
        return None
    query = select(_key(choice), Standing.enrolment_id)
    row = db.session.execute(
        query.where(Standing.edition_id == edition_id, Standing.enrolment_id == enrolment_id)
    ).first()
    return (row[0], row[1]) if row else None


def _chosen(query: Select[Any], edition_id: int, choice: Choice) -> Select[Any]:
    query = query.where(Standing.edition_id == edition_id)
    facts = ((Standing.country, choice.country), (Standing.gender, choice.gender), (Standing.sector, choice.sector))
    query = query.where(*(column == value for column, value in facts if value))
    if choice.low:
        query = query.where(Standing.final >= Decimal(choice.low))
    return query.where(Standing.final <= Decimal(choice.high)) if choice.high else query


def _rows(edition_id: int, choice: Choice, anchor: tuple[Any, int] | None, *, back: bool = False) -> Select[Any]:
    key, falling = _key(choice), choice.falling is not back
    query = (
        _chosen(
            select(
                Standing.enrolment_id,
                Standing.name_key,
                Standing.so_far,
                Standing.final,
                Standing.groups,
                Person.name,
                Enrolment.country,
                Enrolment.gender,
                Enrolment.sector,
                Enrolment.institution,
            ),
            edition_id,
            choice,
        )
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .join(Person)
    )
    if anchor:
        here, there = tuple_(key, Standing.enrolment_id), tuple_(literal(anchor[0], key.type), literal(anchor[1]))
        query = query.where(here < there if falling else here > there)
    order = (key, Standing.enrolment_id)
    return query.order_by(*(column.desc() for column in order)) if falling else query.order_by(*order)


def _line(row: Sequence[Any], mark: Decimal, ranks: Mapping[Decimal, tuple[int, bool]]) -> Line:
    enrolment_id, _, so_far, final, groups, name, country, gender, sector, institution = row
    grades = {item["group"]: item["so_far"] for item in groups}
    rank, tied = ranks.get(final, (None, False))
    who = enrolment_id, rank, tied, name, countries.name(country), gender, sector, institution
    return Line(*who, grades, so_far, final, rules.passes(final, mark))


_FINALS = (
    select(Standing.final, func.count())
    .where(Standing.edition_id == bindparam("edition"))
    .group_by(Standing.final)
    .order_by(Standing.final.desc())
)


def _all_ranks(edition_id: int) -> dict[Decimal, tuple[int, bool]]:
    return rules.ranks(read(_FINALS, edition=edition_id).all())


def _ranks_of(edition_id: int, finals: set[Decimal]) -> dict[Decimal, tuple[int, bool]]:
    """Rank some final averages among all, by counting between them: one walk over the index, however many are asked."""
    here = Standing.edition_id == edition_id
    asked = select(Standing.final.label("low")).where(here, Standing.final.in_(sorted(finals))).distinct().subquery()
    above = func.coalesce(func.lag(asked.c.low).over(order_by=asked.c.low.desc()), literal(BEYOND, Exact)).label("high")
    bounds = select(asked.c.low, above).cte("bounds")

    def count(*rule: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(Standing).where(here, *rule).correlate(bounds).scalar_subquery()

    between = count(Standing.final >= bounds.c.low, Standing.final < bounds.c.high)
    query = select(bounds.c.low, between, count(Standing.final == bounds.c.low)).order_by(bounds.c.low.desc())
    ranks, ahead = {}, 0
    for final, found, equal in db.session.execute(query):
        ranks[final] = (ahead + found - equal + 1, equal > 1)
        ahead += found
    return ranks
