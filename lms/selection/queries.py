"""What pages and other features read of a selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.work import due as due_work
from lms.gradebook.api import Standing
from lms.selection import candidates, rules
from lms.selection.models import SelectionApproval, SelectionMark, SelectionPlace, SelectionRun
from lms.selection.problem import Candidate
from lms.selection.succession import following
from lms.selection.values import Facts, Mark, Rules, State, rules_from

ROWS = 50
MOST = 300


@dataclass(frozen=True, slots=True)
class Approved:
    """The list that stands, by enrolments: the selected and the reserves, each best first."""

    run_id: int
    selected: tuple[int, ...]
    reserves: tuple[int, ...]


def is_approved(edition_id: int) -> bool:
    """Tell whether a run of an edition is approved, so that nothing of the selection changes any more."""
    return db.session.scalar(select(SelectionApproval.id).where(SelectionApproval.edition_id == edition_id)) is not None


def approved(edition_id: int) -> Approved | None:
    """Give the list that a second administrator has approved; `None` as long as there is none."""
    run_id = db.session.scalar(select(SelectionApproval.run_id).where(SelectionApproval.edition_id == edition_id))
    if run_id is None:
        return None
    query = select(SelectionPlace.enrolment_id, SelectionPlace.state).where(SelectionPlace.run_id == run_id)
    rows = db.session.execute(query.where(SelectionPlace.state != State.OUT).order_by(SelectionPlace.place)).all()
    selected, reserves = (tuple(row.enrolment_id for row in rows if row.state == state) for state in (State.SELECTED, State.RESERVE))
    return Approved(run_id, selected, reserves)


def gone(edition_id: int, found: Approved) -> list[tuple[int, str]]:
    """List who is on the approved list and is no candidate any more: withdrawn since, or without a valid certificate."""
    there = select(Enrolment.id).where(*candidates.eligible(edition_id))
    query = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id).join(SelectionPlace)
    listed = SelectionPlace.run_id == found.run_id, SelectionPlace.state != State.OUT
    return list(db.session.execute(query.where(*listed, Enrolment.id.not_in(there)).order_by(SelectionPlace.place)))


def next_reserve(edition_id: int, held: tuple[int, ...], tried: tuple[int, ...]) -> int | None:
    """Give the next reserve who keeps the quotas, if the enrolments `held` have a seat and those `tried` don't come; `None` if nobody."""
    found = approved(edition_id)
    if found is None:
        return None
    run = db.session.get_one(SelectionRun, found.run_id)
    wanted, marks = rules_from(run.rules), [Mark(**mark) for mark in run.marks]
    people = _people(found.run_id)
    quotas = rules.quotas(wanted, [facts for facts, _ in people.values()], marks)
    seated, gone = set(held), {*held, *tried}
    members = [_candidate(*people[number]) for number in held if number in people]
    left = [_candidate(*people[number]) for number in found.reserves if number not in gone]
    return following(wanted.seats - (len(seated) - len(members)), quotas, members, left)


def _people(run_id: int) -> dict[int, tuple[Facts, int]]:
    row = SelectionPlace
    query = select(row.enrolment_id, row.country, row.gender, row.sector, row.institution, row.score).where(row.run_id == run_id)
    return {r[0]: (Facts(*r[:5], values={}), r[5]) for r in db.session.execute(query)}


def _candidate(facts: Facts, score: int) -> Candidate:
    return Candidate(facts.id, score, 0, rules.groups_of(facts))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many candidates there are, and how many must and must not be selected."""

    candidates: int
    must: int
    must_not: int


def counts(edition_id: int) -> Counts:
    """Count the candidates of an edition."""
    total = db.session.scalar(select(func.count()).select_from(Enrolment).where(*candidates.eligible(edition_id))) or 0
    marks = [mark.must for mark in candidates.marks(edition_id)]
    return Counts(total, sum(marks), len(marks) - sum(marks))


def countries_there(edition_id: int) -> tuple[str, ...]:
    """Give the countries of the candidates, for an edition that is for all."""
    return tuple(db.session.scalars(select(Enrolment.country).where(*candidates.eligible(edition_id)).distinct().limit(MOST)))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in the ranking by final average; equal ones share a rank."""

    enrolment_id: int
    name: str
    country: str
    sector: str
    institution: str
    final: Decimal | None
    rank: int
    tied: bool
    must: bool | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the ranking."""

    lines: tuple[Ranked, ...]
    total: int
    number: int
    more: bool


def ranking(edition_id: int, number: int) -> Ranking:
    """Read a page of the candidates, the highest final average first; numbers that no page has give the first."""
    eligible, final = candidates.eligible(edition_id), func.coalesce(Standing.final, 0)
    total = db.session.scalar(select(func.count()).select_from(Enrolment).where(*eligible)) or 0
    number = number if 1 <= number <= -(-total // ROWS) else 1
    rank = func.rank().over(order_by=final.desc())
    same = func.count().over(partition_by=final)
    facts = (Enrolment.country, Enrolment.sector, Enrolment.institution)
    query = (
        select(Enrolment.id, Person.name, *facts, Standing.final, rank, same > 1, SelectionMark.must)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(SelectionMark, SelectionMark.enrolment_id == Enrolment.id)
        .where(*eligible)
        .order_by(final.desc(), Enrolment.id)
    )
    rows = db.session.execute(query.limit(ROWS).offset((number - 1) * ROWS))
    return Ranking(tuple(Ranked(*row) for row in rows), total, number, number * ROWS < total)


def marks_with_names(edition_id: int) -> list[tuple[int, str, bool, str]]:
    """List who must and must not be selected: (enrolment, name, must, reason)."""
    query = select(SelectionMark.enrolment_id, Person.name, SelectionMark.must, SelectionMark.reason)
    query = query.join(Enrolment, Enrolment.id == SelectionMark.enrolment_id).join(Person, Person.id == Enrolment.person_id)
    rows = db.session.execute(query.where(SelectionMark.edition_id == edition_id).order_by(SelectionMark.id).limit(MOST))
    return [(enrolment, name, must, reason) for enrolment, name, must, reason in rows]


def mark_of(enrolment_id: int) -> Mark | None:
    """Read what is put down of somebody."""
    row = db.session.scalar(select(SelectionMark).where(SelectionMark.enrolment_id == enrolment_id))
    return Mark(row.enrolment_id, must=row.must, reason=row.reason) if row else None


@dataclass(frozen=True, slots=True)
class Someone:
    """A candidate with the values that there are now."""

    enrolment_id: int
    name: str
    facts: Facts

    @property
    def values(self) -> Mapping[str, Decimal]:
        """The values by the keys of the criteria."""
        return self.facts.values


def person(edition_id: int, enrolment_id: int) -> Someone:
    """Read a candidate; raise `NotFound`."""
    found = candidates.current(edition_id)
    facts = candidates.facts(edition_id, found[1] if found else Rules(0), only=enrolment_id)
    if not facts:
        message = "There is no such candidate in this edition."
        raise NotFound(message)
    name = db.session.scalars(select(Person.name).join(Enrolment).where(Enrolment.id == enrolment_id)).one()
    return Someone(enrolment_id, name, facts[0])


def due() -> Sequence[int]:
    """List the runs that wait to be carried out."""
    return due_work(SelectionRun)
