"""What reports tell of grades: the pass mark, the average of those who passed, module by module, and how averages are spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from lms.core import countries
from lms.core.db import db
from lms.core.domain import GENDERS, Gender
from lms.core.figures import Figure, Kind, Part, Phase
from lms.core.viewer import EditionInfo, edition_by_id
from lms.editions.api import countries_of
from lms.gradebook.models import GradedGroup, Standing
from lms.gradebook.wording import plain

BANDS = tuple(range(0, 100, 10))
TOP = BANDS[-1]


def figures(edition_id: int) -> Iterator[Figure]:
    """Give the figures of an edition's grades as they stand."""
    edition = edition_by_id(edition_id)
    mark = edition.pass_mark
    yield Figure(
        "pass_mark", Phase.ONLINE, "Pass mark", "The final average that is enough to pass; it is enough itself.", mark, kind=Kind.SETTING
    )
    yield _average(edition)
    yield _by_module(edition)
    yield _spread(edition)


def _average(edition: EditionInfo) -> Figure:
    query = select(Standing.gender, Standing.country, func.sum(Standing.final), func.count()).where(*_passed(edition))
    rows: Sequence[Any] = db.session.execute(query.group_by(Standing.gender, Standing.country)).all()
    known = {"gender": tuple(Gender), "country": countries_of(edition.id)}
    labels = {"gender": lambda value: GENDERS[Gender(value)], "country": countries.name}
    by = {name: tuple(_means(rows, place, known[name], labels[name])) for place, name in enumerate(known)}
    total, count = _sums(rows)
    words = f"Final averages of those who passed (with {plain(edition.pass_mark)} % or more), added up and divided by their number."
    spoken = ("average grade", "average of all modules", "mean grade")
    return Figure("average_grade", Phase.ONLINE, "Average grade", words, total, count, Kind.MEAN, by, spoken)


def _passed(edition: EditionInfo) -> tuple[Any, ...]:
    return Standing.edition_id == edition.id, Standing.final >= edition.pass_mark


def _means(rows: Sequence[Any], place: int, known: Iterable[str], label: Any) -> Iterator[Part]:
    values = dict.fromkeys([*map(str, known), *sorted(row[place] for row in rows)])
    for value in sorted(values, key=label) if place else values:
        yield Part(value, label(value), *_sums([row for row in rows if row[place] == value]))


def _sums(rows: Sequence[Any]) -> tuple[Decimal, int]:
    return sum((row[2] for row in rows), Decimal()), sum(row[3] for row in rows)


def _by_module(edition: EditionInfo) -> Figure:
    """Average each module's grade over those who passed; a module that one of them did not take counts 0."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for groups in db.session.scalars(select(Standing.groups).where(*_passed(edition)).order_by(Standing.enrolment_id)):
        count += 1
        for group in groups:
            sums[group["group"]] += Decimal(group["final"])
    columns = select(GradedGroup.group, GradedGroup.title).where(GradedGroup.edition_id == edition.id)
    modules = db.session.execute(columns.order_by(GradedGroup.position, GradedGroup.id)).all()
    parts = tuple(Part(group, title, sums[group], count) for group, title in modules)
    words = "Grades of a module of those who passed, added up and divided by their number; a module that is missing counts 0."
    total = sum((sums[group] for group, _ in modules), Decimal())
    return Figure(
        "module_grade", Phase.ONLINE, "Average grade by module", words, total, count * len(modules), Kind.MEAN, {"module": parts}
    )


def _spread(edition: EditionInfo) -> Figure:
    """Count the learners in bands of ten points, the highest with 100 in it."""
    bands = [func.sum(case((_in_band(low), 1), else_=0)) for low in BANDS]
    row = db.session.execute(select(func.count(), *bands).where(Standing.edition_id == edition.id)).one()
    counts = [int(count or 0) for count in row[1:]]
    parts = tuple(Part(str(low), _band(low), count) for low, count in zip(BANDS, counts, strict=True))
    words = "Registered learners, by final average; what is missing counts 0."
    return Figure("graded", Phase.ONLINE, "Learners by final average", words, int(row[0]), by={"band": parts})


def _in_band(low: int) -> Any:
    above = Standing.final >= Decimal(low)
    return above if low == TOP else above & (Standing.final < Decimal(low + 10))


def _band(low: int) -> str:
    return f"{low} to 100 %" if low == TOP else f"{low} to under {low + 10} %"
