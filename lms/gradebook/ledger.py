"""Reading the ledger, and what counts now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core import progress
from lms.core.db import read
from lms.core.domain import Person
from lms.core.progress import Activity
from lms.gradebook import rules
from lms.gradebook.models import GradeEntry
from lms.gradebook.rules import Item


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger."""

    enrolment_id: int
    item: Item
    from_score: Decimal | None
    why: str
    at: datetime
    actor_id: int | None
    actor: str | None

    @property
    def is_grade(self) -> bool:
        """Whether a score changed, rather than what counts."""
        return self.from_score != self.item.score


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    GradeEntry.enrolment_id,
    GradeEntry.from_score,
    GradeEntry.why,
    GradeEntry.at,
    GradeEntry.actor_id,
    Person.name,
    GradeEntry.item,
    GradeEntry.title,
    GradeEntry.group,
    GradeEntry.group_title,
    GradeEntry.weight,
    GradeEntry.to_score,
)
_ENTRIES = (
    select(*_COLUMNS)
    .outerjoin(Person, Person.id == GradeEntry.actor_id)
    .where(GradeEntry.enrolment_id.in_(bindparam("enrolments", expanding=True)))
    .order_by(GradeEntry.enrolment_id, GradeEntry.id)
)


def entries(*enrolment_ids: int) -> Sequence[Entry]:
    """Read what the ledger says of enrolments, oldest first."""
    rows: Iterable[Sequence[Any]] = read(_ENTRIES, enrolments=enrolment_ids)
    return [
        Entry(enrolment_id, Item(*item), from_score, why, at, actor_id, name)
        for enrolment_id, from_score, why, at, actor_id, name, *item in rows
    ]


def fold(found: Iterable[Entry]) -> dict[str, Item]:
    """Give each item as its last entry leaves it."""
    return {entry.item.key: entry.item for entry in found}


def counting(enrolment_id: int) -> list[Item]:
    """List what counts for an enrolment now, with its scores, as the features report it."""
    return list(items(progress.counting(enrolment_id)))


def items(found: Iterable[Activity]) -> Iterator[Item]:
    """Pick what counts out of activities; what belongs to no group is one of its own."""
    for activity in found:
        if activity.counts and activity.weight > rules.ZERO:
            key = key_of(activity)
            yield Item(
                key=key,
                title=activity.title,
                group=activity.group or key,
                group_title=activity.group_title or activity.title,
                weight=activity.weight,
                score=None if activity.score is None else rules.kept(activity.score),
            )


def key_of(activity: Activity) -> str:
    """Give the name under which the ledger knows an activity."""
    return f"{activity.feature}/{activity.key}"


def plan_of(found: Iterable[Item]) -> str:
    """Give a short mark of what counts with which weight, to see whether two learners are measured alike."""
    text = "\n".join(sorted(f"{i.key}\t{i.group}\t{i.weight.normalize()}" for i in found if i.weight > rules.ZERO))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
