"""The ranking of an edition's learners, in pages and as a whole, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, literal, select, tuple_

from lms.core import countries
from lms.core.db import Exact, db
from lms.core.domain import Enrolment, Gender, Person
from lms.core.templating import rounded
from lms.core.viewer import EditionInfo
from lms.editions.api import countries_of
from lms.gradebook import rules
from lms.gradebook.models import GradedGroup, Standing

SORTS = ("-final", "final", "name", "-name")
ROWS = (50, 200)
BATCH = 500
MOST_COUNTED = 2000
BEYOND = Decimal(10**9)
Value = int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which learners to show, and how; `sort` is a column, after a minus sign for the highest first."""

    sort: str = SORTS[0]
    country: str = ""
    gender: str = ""
    rows: int = ROWS[0]

    @property
    def by_name(self) -> bool:
        """Whether names give the order."""
        return self.sort.endswith("name")

    @property
    def falling(self) -> bool:
        """Whether the highest come first."""
        return self.sort.startswith("-")

    def toggled(self, name: str) -> str:
        """Give the sort that a click on a column's header asks for."""
        first = name if name == "name" else f"-{name}"
        other = f"-{name}" if name == "name" else name
        return other if self.sort == first else first

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """Give the choice as arguments of an address, without what goes without saying."""
        wanted, usual = replace(self, **changed), Choice()
        return {name: value for name in Choice.__slots__ if (value := getattr(wanted, name)) != getattr(usual, name)}


def chosen(arguments: Mapping[str, str], codes: Iterable[str]) -> Choice:
    """Read a choice from an address; what makes no sense there counts as not said."""

    def one_of(name: str, allowed: Iterable[str]) -> str:
        return value if (value := arguments.get(name, "")) in allowed else ""

    rows = one_of("rows", map(str, ROWS))
    return Choice(
        sort=one_of("sort", SORTS) or SORTS[0],
        country=one_of("country", codes),
        gender=one_of("gender", set(Gender)),
        rows=int(rows) if rows else ROWS[0],
    )


def codes(edition_id: int) -> tuple[str, ...]:
    """Give the codes of the countries whose learners can be asked for."""
    return countries_of(edition_id) or countries.ALL


@dataclass(frozen=True, slots=True)
class Line:
    """A learner in the ranking; the rank is that among all learners of the edition, whatever is shown.

    It is `None` for a grade that changed while the page was being read.
    """

    enrolment_id: int
    rank: int | None
    tied: bool
    name: str
    country: str
    sector: str
    institution: str
    grades: tuple[Decimal | None, ...]
    so_far: Decimal | None
    final: Decimal
    passes: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the ranking; `previous` and `next` are enrolments to go on from; `total` is `None` for more than are counted."""

    lines: tuple[Line, ...]
    groups: tuple[str, ...]
    total: int | None
    previous: int | None
    next: int | None


def page(edition: EditionInfo, choice: Choice, *, after: int | None = None, before: int | None = None) -> Page:
    """Read the page that begins after, or ends before, an enrolment; the first page if neither is among the learners."""
    back = after is None and before is not None
    anchor = _anchor(edition.id, choice, before if back else after)
    back = back and anchor is not None
    query = _rows(edition.id, choice, anchor, back=back).limit(choice.rows + 1)
    found = db.session.execute(query).all()
    more, found = len(found) > choice.rows, found[: choice.rows]
    shown = found[::-1] if back else found
    groups = _groups(edition.id)
    ranks = _ranks_of(edition.id, {row.final for row in shown})
    return Page(
        lines=tuple(_line(row, edition, groups, ranks) for row in shown),
        groups=tuple(groups.values()),
        total=_total(edition.id, choice),
        previous=shown[0].enrolment_id if shown and (more if back else anchor is not None) else None,
        next=shown[-1].enrolment_id if shown and (more or back) else None,
    )


def _total(edition_id: int, choice: Choice) -> int | None:
    some = _chosen(select(Standing.id), edition_id, choice).limit(MOST_COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(some)) or 0
    return total if total <= MOST_COUNTED else None


def every_line(edition: EditionInfo, choice: Choice) -> Iterator[Line]:
    """Read all lines of a choice, a batch at a time."""
    groups = dict(_groups(edition.id))
    ranks = _all_ranks(edition.id)
    anchor: tuple[Any, int] | None = None
    while True:
        found = db.session.execute(_rows(edition.id, choice, anchor).limit(BATCH)).all()
        if changed := {row.final for row in found} - ranks.keys():
            ranks |= _ranks_of(edition.id, changed)
        for row in found:
            yield _line(row, edition, groups, ranks)
        if len(found) < BATCH:
            return
        anchor = (found[-1].name_key if choice.by_name else found[-1].final, found[-1].enrolment_id)


def people(edition_id: int, choice: Choice) -> Select[int]:
    """Select whom a choice shows, by person."""
    query = select(Enrolment.person_id).join(Standing, Standing.enrolment_id == Enrolment.id)
    return _chosen(query, edition_id, choice)


def group_titles(edition_id: int) -> tuple[str, ...]:
    """List the titles of the groups that count in an edition: the ranking's columns."""
    return tuple(_groups(edition_id).values())


def heads(groups: Sequence[str]) -> tuple[str, ...]:
    """Name the columns of the ranking, as the file has them."""
    who = ("Rank", "Tied", "Name", "Country", "Sector", "Institution")
    return (*who, *groups, "So far", "Final", "Certificate")


def cells(line: Line, mark: Decimal) -> tuple[Value, ...]:
    """Give a line's values as they are shown, in the order of `heads`; page and file both take them from here."""
    return (
        line.rank,
        "tied" if line.tied else "",
        line.name,
        line.country,
        line.sector,
        line.institution,
        *(None if grade is None else rounded(grade) for grade in line.grades),
        None if line.so_far is None else rounded(line.so_far, rules.places(line.so_far, mark)),
        rounded(line.final, rules.places(line.final, mark)),
        "yes" if line.passes else "no",
    )


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
    if choice.country:
        query = query.where(Standing.country == choice.country)
    return query.where(Standing.gender == choice.gender) if choice.gender else query


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


def _groups(edition_id: int) -> dict[str, str]:
    query = select(GradedGroup.group, GradedGroup.title).where(GradedGroup.edition_id == edition_id)
    return {row.group: row.title for row in db.session.execute(query.order_by(GradedGroup.position, GradedGroup.id))}


def _line(
    row: Row[Any], edition: EditionInfo, groups: Iterable[str], ranks: Mapping[Decimal, tuple[int, bool]]
) -> Line:
    grades = {item["group"]: item["so_far"] for item in row.groups}
    rank, tied = ranks.get(row.final, (None, False))
    return Line(
        enrolment_id=row.enrolment_id,
        rank=rank,
        tied=tied,
        name=row.name,
        country=countries.name(row.country),
        sector=row.sector,
        institution=row.institution,
        grades=tuple(Decimal(grade) if (grade := grades.get(group)) else None for group in groups),
        so_far=row.so_far,
        final=row.final,
        passes=rules.passes(row.final, edition.pass_mark),
    )


def _all_ranks(edition_id: int) -> dict[Decimal, tuple[int, bool]]:
    query = select(Standing.final, func.count()).where(Standing.edition_id == edition_id)
    return rules.ranks(db.session.execute(query.group_by(Standing.final).order_by(Standing.final.desc())).all())


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
