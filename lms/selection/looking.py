"""What administrators see of runs: a run with its figures, a page of its candidates, the balance, what two runs differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.work import DONE, GIVEN_UP
from lms.selection import wording
from lms.selection.choice import FILTERS, Choice
from lms.selection.models import SelectionApproval, SelectionPlace, SelectionRun
from lms.selection.values import Rules, State, rules_from

RUNS = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the list of runs shows it; `before` is the number of the one finished before it."""

    id: int
    number: int
    by_id: int | None
    by: str
    asked_at: datetime
    done_at: datetime | None
    state: str
    last_error: str
    candidates: int
    feasible: bool | None
    fingerprint: str
    approved_at: datetime | None
    approved_by: str
    before: int | None

    @property
    def is_done(self) -> bool:
        """Whether it came to an end."""
        return self.state == DONE

    @property
    def failed(self) -> bool:
        """Whether it will not come to an end."""
        return self.state == GIVEN_UP


def _runs() -> Select[*tuple[Any, ...]]:
    asker, approver, other, row = aliased(Person), aliased(Person), aliased(SelectionRun), SelectionRun
    before = select(func.max(other.number)).where(other.edition_id == row.edition_id, other.number < row.number, other.state == DONE)
    facts = (row.state, row.last_error, row.candidates, row.feasible, row.fingerprint)
    return (
        select(
            *(row.id, row.number, row.by_id, func.coalesce(asker.name, ""), row.asked_at, row.done_at, *facts),
            *(SelectionApproval.at, func.coalesce(approver.name, ""), before.scalar_subquery()),
        )
        .outerjoin(asker, asker.id == row.by_id)
        .outerjoin(SelectionApproval, SelectionApproval.run_id == row.id)
        .outerjoin(approver, approver.id == SelectionApproval.by_id)
    )


def runs(edition_id: int) -> list[Run]:
    """List the runs of an edition, the newest first."""
    query = _runs().where(SelectionRun.edition_id == edition_id).order_by(SelectionRun.number.desc()).limit(RUNS)
    return [Run(*row) for row in db.session.execute(query)]


def finished(edition_id: int) -> list[int]:
    """List the numbers of the runs that came to an end, the newest first."""
    query = select(SelectionRun.number).where(SelectionRun.edition_id == edition_id, SelectionRun.state == DONE)
    return list(db.session.scalars(query.order_by(SelectionRun.number.desc())))


def one(edition_id: int, number: int) -> Run:
    """Read a run of an edition by its number; raise `NotFound`."""
    row: Sequence[Any] | None = db.session.execute(
        _runs().where(SelectionRun.edition_id == edition_id, SelectionRun.number == number)
    ).first()
    if row is None:
        message = "There is no such run in this edition."
        raise NotFound(message)
    return Run(*row)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """What a quota did."""

    words: str
    points: str
    binding: bool
    brought: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a run, in words; not `whole` if an earlier version kept less of it."""

    rules: Rules
    mean: str
    lost: str
    quotas: tuple[QuotaLine, ...]
    marks: tuple[tuple[str, str], ...]
    conflict: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    brought: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    named: frozenset[int] = frozenset()
    whole: bool = True


_NOTHING: Mapping[str, Any] = {"quotas": (), "prices": (), "conflict": None, "total": None, "unbound": 0}
_PRICE: Mapping[str, Any] = {"points": 0, "binding": False, "brought": (), "kept_out": ()}
_CONFLICT: Mapping[str, Any] = {"keys": (), "alone": (), "together": ()}


def result(run_id: int) -> Result:
    """Read what came out of a run; a run that an earlier version has kept may say less."""
    rules_json, marks, kept = db.session.execute(
        select(SelectionRun.rules, SelectionRun.marks, SelectionRun.outcome).where(SelectionRun.id == run_id)
    ).one()
    wanted, outcome = rules_from(rules_json), {**_NOTHING, **kept}
    names = _names([mark["enrolment_id"] for mark in marks])
    bounds = {"seats": {"low": wanted.seats, "high": wanted.seats}, **{quota["key"]: quota for quota in outcome["quotas"]}}
    prices, conflict = [{**_PRICE, **price} for price in outcome["prices"]], {**_CONFLICT, **(outcome["conflict"] or {})}

    def words(key: str) -> str:
        return wording.quota(key, bounds.get(key, {}), names)

    def ways(name: str) -> tuple[str, ...]:
        return tuple(wording.relaxed(r["key"], r["by"], bounds.get(r["key"], {}), names, up=r["up"]) for r in conflict[name])

    return Result(
        rules=wanted,
        mean=wording.mean(outcome["total"], wanted.seats),
        lost=wording.mean(outcome["unbound"] - (outcome["total"] or 0), wanted.seats),
        quotas=tuple(QuotaLine(words(p["key"]), wording.shown(p["points"]), p["binding"], len(p["brought"])) for p in prices),
        marks=tuple((words(f"{'must' if m['must'] else 'must-not'}:{m['enrolment_id']}"), m["reason"]) for m in marks),
        conflict=tuple(words(key) for key in conflict["keys"]),
        alone=ways("alone"),
        together=ways("together"),
        brought=_brought(prices, words),
        general=tuple(words(key) for key in bounds if not key.startswith(("must", "seats"))),
        named=frozenset(mark["enrolment_id"] for mark in marks),
        whole=_NOTHING.keys() <= kept.keys(),
    )


def _brought(prices: Sequence[Mapping[str, Any]], words: Callable[[str], str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for price in prices:
        for number in (*price["brought"], *price["kept_out"]):
            found[number] = (*found.get(number, ()), words(price["key"]))
    return found


def _names(enrolments: Sequence[int]) -> dict[int, str]:
    query = select(Enrolment.id, Person.name).join(Person, Person.id == Enrolment.person_id).where(Enrolment.id.in_(enrolments))
    return dict(db.session.execute(query).all()) if enrolments else {}


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate in a run."""

    enrolment_id: int
    name: str
    place: int
    state: str
    score: int
    missing: int | None
    drawn: bool
    country: str
    gender: str
    sector: str
    institution: str
    values: Mapping[str, str]

    @property
    def points(self) -> str:
        """The score as it is shown."""
        return wording.shown(self.score)

    def why(self, brought: Mapping[int, tuple[str, ...]]) -> str:
        """Say why they are, or are not, on the list."""
        return wording.why(self.state, self.missing, brought.get(self.enrolment_id, ()), drawn=self.drawn)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of candidates."""

    lines: tuple[Line, ...]
    total: int
    number: int
    more: bool


_LINE = (
    *(SelectionPlace.enrolment_id, Person.name, SelectionPlace.place, SelectionPlace.state, SelectionPlace.score, SelectionPlace.missing),
    *(SelectionPlace.drawn, SelectionPlace.country, SelectionPlace.gender, SelectionPlace.sector, SelectionPlace.institution),
    SelectionPlace.values,
)


def lines(run_id: int, choice: Choice, number: int, total: int) -> Page:
    """Read a page of the candidates of a run, of whom a choice has so many; numbers that no page has give the first."""
    number = number if 1 <= number <= -(-total // choice.rows) else 1
    query = select(*_LINE).join(Enrolment, Enrolment.id == SelectionPlace.enrolment_id).join(Person, Person.id == Enrolment.person_id)
    meant = SelectionPlace.run_id == run_id, *choice.conditions()
    rows = db.session.execute(query.where(*meant).order_by(SelectionPlace.place).limit(choice.rows).offset((number - 1) * choice.rows))
    return Page(tuple(Line(*row) for row in rows), total, number, number * choice.rows < total)


def line(run_id: int, enrolment_id: int) -> Line | None:
    """Read one candidate of a run; `None` for somebody who was none."""
    query = select(*_LINE).join(Enrolment, Enrolment.id == SelectionPlace.enrolment_id).join(Person, Person.id == Enrolment.person_id)
    row = db.session.execute(query.where(SelectionPlace.run_id == run_id, SelectionPlace.enrolment_id == enrolment_id)).first()
    return Line(*row) if row else None


def last_line(edition_id: int, enrolment_id: int) -> tuple[Line, int, Mapping[int, tuple[str, ...]]] | None:
    """Read what the newest finished run made of somebody, its number, and whom its quotas brought in or kept out."""
    done = SelectionRun.edition_id == edition_id, SelectionRun.feasible.is_(True)
    query = select(SelectionRun.id, SelectionRun.number).where(*done).order_by(SelectionRun.number.desc()).limit(1)
    row = db.session.execute(query).first()
    found = line(row.id, enrolment_id) if row else None
    return (found, row.number, result(row.id).brought) if row and found else None


Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Balance:
    """How many candidates of a run there are of each kind: state, country, gender and sector."""

    kinds: tuple[tuple[Mapping[str, str], int], ...]

    @property
    def states(self) -> dict[str, int]:
        """How many there are of each state."""
        return {state.value: sum(count for kind, count in self.kinds if kind["state"] == state) for state in State}

    def by(self, name: str) -> Counts:
        """Count by country, gender or sector, each with state."""
        found: Counts = {}
        for kind, count in self.kinds:
            counts = found.setdefault(kind[name], {})
            counts[kind["state"]] = counts.get(kind["state"], 0) + count
        return found

    def total(self, choice: Choice) -> int:
        """Count whom a choice shows."""
        return sum(count for kind, count in self.kinds if all(getattr(choice, name) in {"", kind[name]} for name in FILTERS))


def balance(run_id: int) -> Balance:
    """Count the candidates of a run."""
    facts = [getattr(SelectionPlace, name) for name in FILTERS]
    rows = db.session.execute(select(*facts, func.count()).where(SelectionPlace.run_id == run_id).group_by(*facts))
    return Balance(tuple((dict(zip(FILTERS, kind, strict=True)), count) for *kind, count in rows))


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody whom two runs treat differently."""

    enrolment_id: int
    name: str
    before: str
    after: str
    score_before: str
    score_after: str


def differences(before: int, after: int) -> tuple[tuple[Change, ...], bool]:
    """List who is on the list of one run and not of the other, or moved to or from the reserves; and whether there are more."""
    old, new = aliased(SelectionPlace), aliased(SelectionPlace)
    states = func.coalesce(old.state, "no candidate"), func.coalesce(new.state, "no candidate")
    query = (
        select(Enrolment.id, Person.name, *states, old.score, new.score)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(old, (old.enrolment_id == Enrolment.id) & (old.run_id == before))
        .outerjoin(new, (new.enrolment_id == Enrolment.id) & (new.run_id == after))
        .where(states[0] != states[1])
        .where(Enrolment.edition_id == select(SelectionRun.edition_id).where(SelectionRun.id == before).scalar_subquery())
        .order_by(func.coalesce(new.place, old.place), Enrolment.id)
        .limit(MOST + 1)
    )
    rows = db.session.execute(query).all()
    found = (Change(*row[:4], _points(row[4]), _points(row[5])) for row in rows[:MOST])
    return tuple(found), len(rows) > MOST


def _points(score: int | None) -> str:
    return "–" if score is None else wording.shown(score)


def people(enrolments: Sequence[int]) -> Select[int]:
    """Select whose enrolments they are."""
    return select(Enrolment.person_id).where(Enrolment.id.in_(enrolments))
