"""Keeping the ledger, and drawing the standings from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Select, bindparam, delete, func, insert, select, update

from lms.core import clock
from lms.core.db import Model, change_all, db, put, read, unit_of_work
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.progress import ActivityChanged, ScoreReleased
from lms.core.viewer import EditionInfo
from lms.editions.api import EditionClosed, EnrolmentConfirmed
from lms.gradebook import ledger, rules
from lms.gradebook.models import GradedGroup, GradeEntry, Standing
from lms.gradebook.rules import Change, Item

FOUND = "This was found when the grades were drawn up."
BATCH = 200
LARGE = 2000
ALL = 2**53
_LEARNS = (Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED)
# Said by what is, not by what isn't, and in two parts, so that an index finds the few there are.
_OTHERS = (
    (Enrolment.role.in_([role for role in Role if role != Role.LEARNER]),),
    (Enrolment.role == Role.LEARNER, Enrolment.state.in_([s for s in EnrolmentState if s != EnrolmentState.CONFIRMED])),
)
# What every change of a grade asks for is built once. The edition's state is read shared, so that closing waits for the entries
# under way, and before the enrolment, as closing takes them in this order.
_STATE = (
    select(Edition.state)
    .where(Edition.id == select(Enrolment.edition_id).where(Enrolment.id == bindparam("enrolment_id")).scalar_subquery())
    .with_for_update(read=True)
)
_HOLDER = (
    select(Enrolment.id, Enrolment.edition_id, Enrolment.country, Enrolment.gender, Enrolment.sector, Person.name)
    .join(Person)
    .where(Enrolment.id == bindparam("enrolment_id"), *_LEARNS)
    .with_for_update(key_share=True, of=Enrolment)
)
_GROUPS = select(GradedGroup.group, GradedGroup.title, GradedGroup.position).where(GradedGroup.edition_id == bindparam("edition_id"))
_ENTRY = insert(Model.metadata.tables[GradeEntry.__tablename__])


@dataclass(frozen=True, slots=True)
class Holder:
    """The learner whose grades are kept."""

    enrolment_id: int
    edition_id: int
    country: str
    gender: str
    sector: str
    name: str


def follow(event: ActivityChanged) -> None:
    """Enter what changed for a learner; nothing in an edition that is closed, where grades are frozen."""
    _record(event.enrolment_id, event.actor_id, event.why)


def begin(event: EnrolmentConfirmed) -> None:
    """Open the ledger of a learner with what counts."""
    _record(event.enrolment_id, None, FOUND)


def note(event: ScoreReleased) -> None:
    """Enter a score that counts for no average, whether or not the grades of the edition are frozen."""
    if holder := _hold(event.enrolment_id):
        item = Item(event.item, event.title, event.item, event.about, rules.ZERO, rules.kept(event.score))
        known = ledger.fold(ledger.entries(holder.enrolment_id)).get(event.item)
        change_all(_ENTRY, [_entry(holder, event.actor_id, Change(item, known.score if known else None, event.why))])


def _record(enrolment_id: int, actor_id: int | None, why: str) -> None:
    state = read(_STATE, enrolment_id=enrolment_id).scalar()
    if state != EditionState.CLOSED and (holder := _hold(enrolment_id)):
        _enter(holder, actor_id, why)


def _hold(enrolment_id: int) -> Holder | None:
    """Keep two changes of one learner apart, and read whose they are; `None` for who isn't a confirmed learner."""
    row = read(_HOLDER, enrolment_id=enrolment_id).first()
    return Holder(*row) if row else None


def _enter(holder: Holder, actor_id: int | None, why: str) -> None:
    known = ledger.fold(ledger.entries(holder.enrolment_id))
    found = ledger.counting(holder.enrolment_id)
    changes = rules.changes(known, found, why)
    if changes:
        change_all(_ENTRY, [_entry(holder, actor_id, change) for change in changes])
        _note_groups(holder.edition_id, found)
    _draw(holder, known | {change.item.key: change.item for change in changes})


def _entry(holder: Holder, actor_id: int | None, change: Change) -> dict[str, Any]:
    return {
        "enrolment_id": holder.enrolment_id,
        "item": change.item.key,
        "title": change.item.title,
        "group": change.item.group,
        "group_title": change.item.group_title,
        "weight": change.item.weight,
        "from_score": change.before,
        "to_score": change.item.score,
        "why": change.why,
        "actor_id": actor_id,
        "at": clock.now(),
    }


def _draw(holder: Holder, items: Mapping[str, Item]) -> None:
    values = {
        "edition_id": holder.edition_id,
        "country": holder.country,
        "gender": holder.gender,
        "sector": holder.sector,
        "name_key": rules.name_key(holder.name),
        "updated_at": clock.now(),
        **drawn(items.values()),
    }
    put(Standing, {"enrolment_id": holder.enrolment_id}, values)


def drawn(items: Iterable[Item]) -> dict[str, Any]:
    """Give the columns of a standing that follow from the ledger."""
    items = tuple(items)
    grades = rules.grade(items)
    groups = [
        {"group": group.group, "so_far": None if group.so_far is None else str(group.so_far), "final": str(group.final)}
        for group in grades.groups
    ]
    return {
        "so_far": grades.so_far,
        "final": grades.final,
        "graded": grades.graded,
        "counted": grades.counted,
        "groups": groups,
        "plan": ledger.plan_of(items),
    }


def _note_groups(edition_id: int, items: Iterable[Item]) -> None:
    known = {group: (title, position) for group, title, position in read(_GROUPS, edition_id=edition_id)}
    titles = {item.group: item.group_title for item in items}
    for position, (group, title) in enumerate(titles.items()):
        if known.get(group) != (title, position):
            key = {"edition_id": edition_id, "group": group}
            put(GradedGroup, key, {"title": title, "position": position})


def ensure_settled(edition: EditionInfo) -> None:
    """See to it that every confirmed learner of an edition has a standing, and nobody else; writes only if need be.

    The standings of a closed edition stay as closing fixed them, whatever its learners become later. Very large
    editions are left to the sweep: nobody waits for a count of all their learners.
    """
    if not edition.is_closed and _unsettled(edition.id, most=LARGE):
        with unit_of_work():
            settle(edition.id)


def settle_all() -> None:
    """See to all open editions, however large."""
    for edition_id in db.session.scalars(select(Edition.id).where(Edition.state != EditionState.CLOSED)).all():
        if _unsettled(edition_id):
            with unit_of_work():
                settle(edition_id)


def _count(query: Select[int]) -> ScalarSelect[int]:
    some = query.limit(bindparam("most", type_=BigInteger)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_HERE = Enrolment.edition_id == bindparam("edition")
_STRANGERS = select(Enrolment.id).join(Standing, Standing.enrolment_id == Enrolment.id).where(_HERE)
_COUNTS = select(
    _count(select(Enrolment.id).where(_HERE, *_LEARNS)),
    _count(select(Standing.id).where(Standing.edition_id == bindparam("edition"))),
    *(_count(_STRANGERS.where(*rule)) for rule in _OTHERS),
)


def _unsettled(edition_id: int, most: int = ALL) -> bool:
    row: Sequence[int] = read(_COUNTS, edition=edition_id, most=most).one()
    learners, drawn_up, *strangers = row
    return any(strangers) or learners != drawn_up


def settle(edition_id: int) -> None:
    """Draw up the standings that are missing, and take away those of people who are learners no more."""
    learners = select(Enrolment.id).where(Enrolment.edition_id == edition_id, *_LEARNS)
    drawn_up = select(Standing.enrolment_id).where(Standing.edition_id == edition_id)
    db.session.execute(
        delete(Standing)
        .where(Standing.edition_id == edition_id, Standing.enrolment_id.not_in(learners))
        .execution_options(synchronize_session=False)
    )
    _enter_all(db.session.scalars(learners.where(Enrolment.id.not_in(drawn_up)).order_by(Enrolment.id)).all())


def _enter_all(enrolment_ids: Iterable[int]) -> None:
    for enrolment_id in enrolment_ids:
        if holder := _hold(enrolment_id):
            _enter(holder, None, FOUND)


def freeze(event: EditionClosed) -> None:
    """Fix the final average of every learner, measured by what counts at this moment."""
    settle(event.edition_id)
    query = select(Standing.enrolment_id).where(Standing.edition_id == event.edition_id)
    first = db.session.scalar(query.order_by(Standing.enrolment_id).limit(1))
    if first is not None:
        plan = ledger.plan_of(ledger.counting(first))
        _enter_all(db.session.scalars(query.where(Standing.plan != plan).order_by(Standing.enrolment_id)).all())


def redraw(edition_id: int) -> int:
    """Draw every standing of an edition anew from the ledger alone; give how many were different."""
    columns = (Standing.so_far, Standing.final, Standing.graded, Standing.counted, Standing.groups, Standing.plan)
    query = select(Standing.enrolment_id, *columns).where(Standing.edition_id == edition_id)
    rows = db.session.execute(query.order_by(Standing.enrolment_id)).all()
    wrong = 0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        kept: dict[int, list[ledger.Entry]] = {row[0]: [] for row in batch}
        for entry in ledger.entries(*kept):
            kept[entry.enrolment_id].append(entry)
        for enrolment_id, *values in batch:
            right = drawn(ledger.fold(kept[enrolment_id]).values())
            if dict(zip([column.key for column in columns], values, strict=True)) != right:
                wrong += 1
                db.session.execute(update(Standing).where(Standing.enrolment_id == enrolment_id).values(**right))
    return wrong


def refresh_names() -> None:
    """Bring the names by which standings are sorted up to date with the people's."""
    query = select(Standing.enrolment_id, Standing.name_key, Person.name)
    query = query.join(Enrolment, Enrolment.id == Standing.enrolment_id).join(Person)
    stale = [(i, rules.name_key(name)) for i, key, name in db.session.execute(query) if rules.name_key(name) != key]
    if stale:
        with unit_of_work():
            for enrolment_id, key in stale:
                db.session.execute(update(Standing).where(Standing.enrolment_id == enrolment_id).values(name_key=key))
