"""What the pages about one learner's grades, and the figures about all of them, show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select

from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Person, Role
from lms.core.errors import NotFound
from lms.core.progress import Activity, activities
from lms.core.viewer import EditionInfo
from lms.gradebook import ledger, rules
from lms.gradebook.ledger import Entry
from lms.gradebook.models import Standing
from lms.gradebook.rules import Grades, Item, Missing

NEAR = Decimal(5)
MOST_NEAR = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A counting piece of work as a learner sees it: the score that is kept, and what its feature says of it."""

    title: str
    score: Decimal | None
    weight: Decimal
    url: str
    detail: str
    opens_at: datetime | None
    due_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can be looked at already."""
        return self.opens_at is None or self.opens_at <= now


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, such as a module, with its grade and its pieces."""

    title: str
    url: str
    weight: Decimal
    so_far: Decimal | None
    final: Decimal
    complete: bool
    pieces: tuple[Piece, ...]

    def is_open(self, now: datetime) -> bool:
        """Whether anything of it can be looked at already."""
        return any(piece.is_open(now) for piece in self.pieces)

    @property
    def opens_at(self) -> datetime | None:
        """When the first of what is missing opens."""
        return min((p.opens_at for p in self.pieces if p.score is None and p.opens_at), default=None)

    @property
    def due_at(self) -> datetime | None:
        """When the first of what is missing is due."""
        return min((p.due_at for p in self.pieces if p.score is None and p.due_at), default=None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A learner's grades, all of them drawn from the ledger."""

    grades: Grades
    missing: Missing
    mark: Decimal
    frozen: bool
    groups: tuple[GroupLine, ...]
    history: tuple[Entry, ...]

    @property
    def passed(self) -> bool:
        """Whether the final average is enough."""
        return rules.passes(self.grades.final, self.mark)

    @property
    def even(self) -> bool:
        """Whether all groups weigh the same."""
        return len({group.weight for group in self.groups}) <= 1


def sheet(enrolment_id: int, edition: EditionInfo) -> Sheet:
    """Read a learner's grades."""
    found, entries = activities(enrolment_id), ledger.entries(enrolment_id)
    items = _in_order(ledger.fold(entries), found)
    grades = rules.grade(items)
    return Sheet(
        grades=grades,
        missing=rules.missing(items, edition.pass_mark),
        mark=edition.pass_mark,
        frozen=edition.is_closed,
        groups=_lines(grades, items, {ledger.key_of(activity): activity for activity in found}),
        history=tuple(entry for entry in reversed(entries) if entry.is_grade),
    )


def _in_order(known: dict[str, Item], found: Iterable[Activity]) -> list[Item]:
    """Give what the ledger counts in the order of the course; where no ledger is open yet, what would be counted."""
    listed = list(ledger.items(found))
    if not known:
        return listed
    order = {item.key: number for number, item in enumerate(listed)}
    return sorted((item for item in known.values() if item.weight), key=lambda item: order.get(item.key, len(order)))


def _lines(grades: Grades, items: Sequence[Item], found: dict[str, Activity]) -> tuple[GroupLine, ...]:
    lines = []
    for group in grades.groups:
        own = [item for item in items if item.group == group.group]
        title, url = next(((a.group_title, a.group_url) for i in own if (a := found.get(i.key))), ("", ""))
        pieces = tuple(_piece(item, found.get(item.key)) for item in own)
        lines.append(GroupLine(title or group.title, url, group.weight, group.so_far, group.final, group.complete, pieces))
    return tuple(lines)


def _piece(item: Item, activity: Activity | None) -> Piece:
    if activity is None:
        return Piece(item.title, item.score, item.weight, "", "", None, None)
    opens_at, due_at = activity.opens_at, activity.due_at
    return Piece(activity.title, item.score, item.weight, activity.url, activity.detail, opens_at, due_at)


@dataclass(frozen=True, slots=True)
class Learner:
    """Whose grades a member of the staff looks at."""

    enrolment_id: int
    name: str


def learner(edition_id: int, enrolment_id: int) -> Learner:
    """Find a learner of an edition; raise `NotFound`."""
    row = db.session.execute(
        select(Enrolment.id, Person.name)
        .join(Person)
        .where(Enrolment.id == enrolment_id, Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER)
    ).first()
    if row is None:
        message = "There is no such learner in this edition."
        raise NotFound(message)
    return Learner(*row)


def person_of(enrolment_id: int) -> Select[int]:
    """Select whose enrolment it is."""
    return select(Enrolment.person_id).where(Enrolment.id == enrolment_id)


@dataclass(frozen=True, slots=True)
class StandingInfo:
    """Where a learner stands; `graded` and `counted` are numbers of groups."""

    enrolment_id: int
    so_far: Decimal | None
    final: Decimal
    graded: int
    counted: int


_STANDING = (Standing.enrolment_id, Standing.so_far, Standing.final, Standing.graded, Standing.counted)


def standing(enrolment_id: int) -> StandingInfo | None:
    """Read where a learner stands."""
    row = db.session.execute(select(*_STANDING).where(Standing.enrolment_id == enrolment_id)).first()
    return StandingInfo(*row) if row else None


def standings(edition_id: int) -> Sequence[StandingInfo]:
    """Read where every learner of an edition stands, best final average first."""
    query = select(*_STANDING).where(Standing.edition_id == edition_id)
    return [StandingInfo(*row) for row in db.session.execute(query.order_by(Standing.final.desc(), Standing.enrolment_id))]


def passing(edition: EditionInfo) -> Sequence[StandingInfo]:
    """Read the standings of the confirmed learners whose final average is enough, best first."""
    query = (
        select(*_STANDING)
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .where(
            Standing.edition_id == edition.id,
            Standing.final >= edition.pass_mark,
            Enrolment.role == Role.LEARNER,
            Enrolment.state == EnrolmentState.CONFIRMED,
        )
    )
    return [StandingInfo(*row) for row in db.session.execute(query.order_by(Standing.final.desc(), Standing.enrolment_id))]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many learners pass now, of how many, and how many are not far below the mark."""

    passing: int
    near: int
    learners: int


def outlook(edition: EditionInfo) -> Outlook:
    """Count who would pass if the edition were closed now."""
    here, mark = Standing.edition_id == edition.id, edition.pass_mark

    def count(*rule: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(Standing).where(here, *rule).scalar_subquery()

    numbers = select(count(Standing.final >= mark), count(*_near(mark)), count())
    return Outlook(*db.session.execute(numbers).one())


@dataclass(frozen=True, slots=True)
class Averages:
    """The mean of final averages: of those who pass and of all learners, each with how many that are; `None` for nobody."""

    passing: Decimal | None
    passed: int
    everybody: Decimal | None
    learners: int


def averages(edition: EditionInfo) -> Averages:
    """Average the final averages, as they stand now or were fixed by closing."""
    passes, total, number = Standing.final >= edition.pass_mark, func.sum(Standing.final), func.count()
    query = select(total.filter(passes), number.filter(passes), total, number).where(Standing.edition_id == edition.id)
    above, passed, every, learners = db.session.execute(query).one()
    return Averages(above / passed if passed else None, passed, every / learners if learners else None, learners)


def _near(mark: Decimal) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Standing.final < mark, Standing.final >= mark - NEAR


def nearly(edition: EditionInfo) -> Sequence[tuple[int, str, Decimal]]:
    """List (enrolment, name, final average) of those within five points below the mark, nearest first, ten at most."""
    query = (
        select(Standing.enrolment_id, Person.name, Standing.final)
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .join(Person)
        .where(Standing.edition_id == edition.id, *_near(edition.pass_mark))
        .order_by(Standing.final.desc(), Standing.enrolment_id)
    )
    return [(enrolment_id, name, final) for enrolment_id, name, final in db.session.execute(query.limit(MOST_NEAR))]
