"""What staff see of flags: the posts that wait for a decision, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.forums.models import Flag, Post, Topic
from lms.forums.rules import CATEGORIES, FlagState
from lms.forums.values import Written

CASES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class FlagRow:
    """What one person reported, and what became of it."""

    post_id: int
    category: str
    note: str
    reporter: str
    created_at: datetime
    state: str
    decided_at: datetime | None
    decided_by: str | None
    decision: str

    @property
    def category_label(self) -> str:
        """What is wrong with the post, in words."""
        return CATEGORIES.get(self.category, self.category)


@dataclass(frozen=True, slots=True)
class Case(Written):
    """A post that was reported; `cursor` marks its place in the list."""

    cursor: int
    id: int
    title: str
    forum: str
    author_id: int | None
    author: str | None
    role: str | None
    body: str
    created_at: datetime
    state: str
    reason: str
    flags: tuple[FlagRow, ...]


def counts(edition_id: int, only: Collection[str] = ()) -> tuple[int, int]:
    """Count the posts with reports that wait, and those with reports that were decided; `only` in some forums, if any are named."""
    waits = Flag.state == FlagState.OPEN
    posts = (
        func.count(Flag.post_id.distinct()).filter(waits),
        func.count(Flag.post_id.distinct()).filter(~waits),
    )
    waiting, decided = db.session.execute(_within(select(*posts).where(Flag.edition_id == edition_id), only)).one()
    return waiting, decided


def _within(flags: Select[*tuple[Any, ...]], only: Collection[str]) -> Select[*tuple[Any, ...]]:
    if not only:
        return flags
    return flags.join(Post, Post.id == Flag.post_id).join(Topic, Topic.id == Post.topic_id).where(Topic.forum.in_(only))


def cases(
    edition_id: int, only: Collection[str] = (), *, waiting: bool, after: int | None = None
) -> tuple[tuple[Case, ...], int | None]:
    """Give a page of reported posts, `only` in some forums if any are named, and the next cursor.

    What waits longest, or was decided last, comes first.
    """
    state = Flag.state == FlagState.OPEN if waiting else Flag.state != FlagState.OPEN
    place = (func.min(Flag.id) if waiting else func.max(Flag.id)).label("place")
    flagged = _within(select(Flag.post_id, place).where(Flag.edition_id == edition_id, state), only)
    groups = flagged.group_by(Flag.post_id).subquery()
    query: Select[*tuple[Any, ...]] = (
        select(
            groups.c.place,
            Post.id,
            Topic.title,
            Topic.forum,
            Post.author_id,
            Person.name,
            Enrolment.role,
            Post.body,
            Post.created_at,
            Post.state,
            Post.reason,
        )
        .join(Post, Post.id == groups.c.post_id)
        .join(Topic, Topic.id == Post.topic_id)
        .outerjoin(Enrolment, Enrolment.id == Post.author_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .order_by(groups.c.place if waiting else groups.c.place.desc())
    )
    if after is not None:
        query = query.where(groups.c.place > after if waiting else groups.c.place < after)
    rows = db.session.execute(query.limit(CASES_A_PAGE + 1)).all()
    flags = _flags([row.id for row in rows])
    page = tuple(_case(row, flags) for row in rows[:CASES_A_PAGE])
    return page, (page[-1].cursor if len(rows) > len(page) else None)


def _case(row: Sequence[Any], flags: Mapping[int, list[FlagRow]]) -> Case:
    values = [*row, tuple(flags.get(row[1], ()))]
    return Case(*values)


def _flags(post_ids: list[int]) -> dict[int, list[FlagRow]]:
    reporter, decider = aliased(Person), aliased(Person)
    query = (
        select(
            Flag.post_id,
            Flag.category,
            Flag.note,
            reporter.name,
            Flag.created_at,
            Flag.state,
            Flag.decided_at,
            decider.name,
            Flag.decision,
        )
        .join(Enrolment, Enrolment.id == Flag.reporter_id)
        .join(reporter, reporter.id == Enrolment.person_id)
        .outerjoin(decider, decider.id == Flag.decided_by)
        .where(Flag.post_id.in_(post_ids))
        .order_by(Flag.id)
    )
    found: dict[int, list[FlagRow]] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0], []).append(FlagRow(*row))
    return found
