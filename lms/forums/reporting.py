"""What the forums tell the staff: posts of a learner, reports and questions that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Role
from lms.core.reporting import Deed, Happening, Queue, Subject, Waiting, newest
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer
from lms.forums.models import Flag, Post, Topic
from lms.forums.rules import ANNOUNCEMENTS, FlagState, PostState

PATIENCE = timedelta(hours=24)
FIRST = 5


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell what was written."""
    query = select(Post.created_at, Post.id, Post.opening, Post.state, Topic.id, Topic.forum, Topic.title).join(Topic)
    mine = query.where(Post.author_id == subject.enrolment_id)
    for at, post, opening, state, topic, forum, title in db.session.execute(newest(mine, Post.created_at, Post.id, until, most)):
        gone = "" if state == PostState.VISIBLE else f", {state} now"
        url = _address(subject.edition, forum, topic, post)
        yield Happening(at, "post", f"{'Topic started' if opening else 'Post written'}{gone}", title, url=url)


def deeds() -> Iterator[Deed]:
    """Name writing as a way to take part."""
    yield Deed("wrote in a forum", Post.author_id)


def queues(viewer: Viewer, edition: EditionInfo) -> Iterator[Queue]:
    """Count the reports and the questions that wait, in the forums that the viewer looks after."""
    yield _reports(viewer, edition)
    yield _questions(viewer, edition)


def _address(edition: EditionInfo, forum: str, topic: int, post: int) -> str:
    return f"{path_for('forums.topic', edition=edition.slug, forum=forum, topic=topic)}#p{post}"


def _own(viewer: Viewer) -> list[ColumnElement[bool]]:
    return [Topic.forum.in_(viewer.modules)] if viewer.modules else []


def _reports(viewer: Viewer, edition: EditionInfo) -> Queue:
    query = select(func.count(Flag.post_id.distinct()), func.min(Flag.created_at)).join(Post, Post.id == Flag.post_id).join(Topic)
    count, oldest = db.session.execute(query.where(Flag.edition_id == edition.id, Flag.state == FlagState.OPEN, *_own(viewer))).one()
    return Queue("Reported posts", count, oldest, "No report waits for a decision.", path_for("forums.flags", edition=edition.slug))


def _questions(viewer: Viewer, edition: EditionInfo) -> Queue:
    """Count topics of learners that nobody of the staff has answered, whose last post is a learner's and older than a day."""
    last, asker = aliased(Post), aliased(Enrolment)
    answered = (
        select(1)
        .select_from(Post)
        .join(Enrolment, Enrolment.id == Post.author_id)
        .where(Post.topic_id == Topic.id, Enrolment.role != Role.LEARNER)
        .correlate(Topic)
    )
    waits = and_(
        Topic.edition_id == edition.id,
        Topic.forum != ANNOUNCEMENTS,
        Topic.prompt.is_(None),
        ~Topic.hidden,
        ~Topic.locked,
        asker.role == Role.LEARNER,
        last.created_at < clock.now() - PATIENCE,
        ~answered.exists(),
        *_own(viewer),
    )
    query = select(Topic.title, Topic.forum, Topic.id, last.id, last.created_at, func.count().over())
    query = query.join(last, last.id == Topic.last_post_id).join(asker, asker.id == last.author_id).where(waits)
    rows = db.session.execute(query.order_by(last.created_at, Topic.id).limit(FIRST)).all()
    first = tuple(
        Waiting(title, _address(edition, forum, topic, post), at) for title, forum, topic, post, at, _ in rows
    )
    count, oldest = (rows[0][5], rows[0][4]) if rows else (0, None)
    return Queue("Questions without an answer for over 24 hours", count, oldest, "Every question has an answer.", first=first)
