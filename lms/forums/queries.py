"""What the pages of the forums show; each list is one query, however long it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Course, Enrolment, Person
from lms.core.errors import NotFound
from lms.core.progress import Activity
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.forums import rules
from lms.forums.models import Flag, Post, PostVersion, Topic, TopicRead
from lms.forums.rules import ANNOUNCEMENTS, PostState
from lms.forums.values import Forum, ForumCard, PostList, PostRow, TopicHead, TopicList, TopicRow, Version
from lms.modules.api import modules, prompts

Columns = tuple[Any, ...]
_CURSOR = re.compile(r"([01])-([01])-(\d{1,15})")


def forums(edition: EditionInfo) -> tuple[Forum, ...]:
    """List the forums of an edition: announcements, then one a module."""
    texts = _prompts(edition.course_id, edition.course_version)
    found = [Forum(m.slug, f"{m.number} {m.title}", *texts.get(m.slug, ("", "")), m) for m in modules(edition)]
    return (Forum(ANNOUNCEMENTS, "Announcements"), *found)


@lru_cache(maxsize=16)
def _prompts(course_id: int, version: str) -> Mapping[str, tuple[str, str]]:
    del version
    slug = db.session.scalars(select(Course.slug).where(Course.id == course_id)).one()
    return {module: (title, prompt.strip()) for module, title, prompt in prompts(slug)}


def forum(edition: EditionInfo, key: str) -> Forum:
    """Find a forum by its key; raise `NotFound`."""
    for found in forums(edition):
        if found.key == key:
            return found
    message = "There is no such forum in this edition."
    raise NotFound(message)


def open_forums(edition: EditionInfo, *, staff: bool) -> tuple[str, ...]:
    """List the keys of the forums that may be read now: a module's opens with it, for staff at once."""
    now = clock.now()
    return tuple(f.key for f in forums(edition) if staff or (opens := f.opens_at(edition)) is None or opens <= now)


def _mark() -> ColumnElement[int]:
    return func.coalesce(TopicRead.post_id, 0)


def _new(enrolment_id: int | None) -> ColumnElement[bool]:
    """Tell whether a topic has something that is new to a participant; without an enrolment nothing is."""
    if enrolment_id is None:
        return false()
    return and_(Topic.last_post_id > _mark(), Topic.hidden.is_(False))


def _with_marks(query: Select[*Columns], enrolment_id: int | None) -> Select[*Columns]:
    mine = and_(TopicRead.topic_id == Topic.id, TopicRead.enrolment_id == enrolment_id)
    return query.outerjoin(TopicRead, mine)


def _for(viewer: Viewer) -> ColumnElement[bool]:
    """Tell which topics somebody sees: hidden ones only their author and staff."""
    if viewer.is_staff:
        return true()
    return or_(Topic.hidden.is_(False), Topic.author_id == viewer.enrolment_id)


def cards(edition: EditionInfo, viewer: Viewer) -> tuple[ForumCard, ...]:
    """List the forums with what is new in each."""
    new = func.sum(case((_new(viewer.enrolment_id), 1), else_=0))
    facts = select(Topic.forum, func.count(Topic.id), new, func.max(Post.created_at)).join(Post, Post.id == Topic.last_post_id)
    query = _with_marks(facts, viewer.enrolment_id).where(Topic.edition_id == edition.id, _for(viewer)).group_by(Topic.forum)
    counts: dict[str, tuple[Any, ...]] = {row[0]: tuple(row[1:]) for row in db.session.execute(query)}
    now = open_forums(edition, staff=viewer.is_staff)
    found = forums(edition)
    return tuple(ForumCard(f, f.opens_at(edition), f.key in now, *(counts.get(f.key, ()) if f.key in now else ())) for f in found)


def _rows(enrolment_id: int | None) -> Select[*Columns]:
    """Select topics with their last post and its author, and what is new of them."""
    last, author, other = aliased(Post), aliased(Enrolment), aliased(Post)
    fresh = and_(
        other.topic_id == Topic.id,
        other.id > _mark(),
        other.state == PostState.VISIBLE,
        true() if enrolment_id is not None else false(),
    )
    count = select(func.count(other.id)).where(fresh).correlate(Topic, TopicRead).scalar_subquery()
    first = select(func.min(other.id)).where(fresh).correlate(Topic, TopicRead).scalar_subquery()
    facts = (
        Topic.id,
        Topic.forum,
        Topic.title,
        Topic.pinned,
        Topic.locked,
        Topic.hidden,
        Topic.posts,
        Topic.last_post_id,
    )
    query = (
        select(*facts, Person.name, last.created_at, count, first)
        .select_from(Topic)
        .join(last, last.id == Topic.last_post_id)
        .outerjoin(author, author.id == last.author_id)
        .outerjoin(Person, Person.id == author.person_id)
    )
    return _with_marks(query, enrolment_id)


def topics(edition_id: int, key: str, viewer: Viewer, cursor: str = "") -> TopicList:
    """Give a page of a forum's topics: pinned first, then those with something new, each by the last post."""
    order = (
        case((Topic.pinned, 1), else_=0),
        case((_new(viewer.enrolment_id), 1), else_=0),
        Topic.last_post_id,
    )
    query = _rows(viewer.enrolment_id).where(Topic.edition_id == edition_id, Topic.forum == key, _for(viewer))
    if match := _CURSOR.fullmatch(cursor):
        query = query.where(tuple_(*order) < tuple_(*map(int, match.groups())))
    query = query.order_by(*(column.desc() for column in order)).limit(rules.TOPICS_A_PAGE + 1)
    rows = [TopicRow(*row) for row in db.session.execute(query)]
    page = rows[: rules.TOPICS_A_PAGE]
    return TopicList(tuple(page), _cursor(page[-1]) if len(rows) > len(page) else "")


def _cursor(row: TopicRow) -> str:
    return f"{int(row.pinned)}-{int(row.unread > 0 and not row.hidden)}-{row.last_post_id}"


def unread_topics(edition: EditionInfo, viewer: Viewer, limit: int = 5) -> tuple[TopicRow, ...]:
    """List topics with something new in the forums that are open, the longest waiting first."""
    if viewer.enrolment_id is None:
        return ()
    keys = open_forums(edition, staff=viewer.is_staff)
    query = _rows(viewer.enrolment_id).where(Topic.edition_id == edition.id, Topic.forum.in_(keys), _new(viewer.enrolment_id))
    return tuple(TopicRow(*row) for row in db.session.execute(query.order_by(Topic.last_post_id).limit(limit)))


def prompt_topic(edition_id: int, key: str) -> int | None:
    """Give the topic that a module's prompt has become; `None` while nobody has answered it."""
    return db.session.scalar(select(Topic.id).where(Topic.edition_id == edition_id, Topic.prompt == key))


def topic(edition: EditionInfo, topic_id: int, viewer: Viewer) -> TopicHead:
    """Give a topic; raise `NotFound` where there is none, or none for this viewer."""
    facts = (
        Topic.id,
        Topic.forum,
        Topic.prompt,
        Topic.title,
        Topic.author_id,
        Topic.pinned,
        Topic.locked,
        Topic.lock_reason,
        Topic.hidden,
        Topic.posts,
        Topic.last_post_id,
        _mark(),
        _more(edition, topic_id, viewer),
    )
    query = _with_marks(select(*facts), viewer.enrolment_id)
    row = db.session.execute(query.where(Topic.id == topic_id, Topic.edition_id == edition.id, _for(viewer))).first()
    if row is None:
        message = "There is no such topic here, or it was hidden by a tutor."
        raise NotFound(message)
    return TopicHead(*row)


def _more(edition: EditionInfo, topic_id: int, viewer: Viewer) -> ColumnElement[bool]:
    if viewer.enrolment_id is None:
        return false()
    other, read = aliased(Topic), aliased(TopicRead)
    keys = open_forums(edition, staff=viewer.is_staff)
    query = (
        select(other.id)
        .outerjoin(read, and_(read.topic_id == other.id, read.enrolment_id == viewer.enrolment_id))
        .where(
            other.edition_id == edition.id,
            other.id != topic_id,
            other.forum.in_(keys),
            other.hidden.is_(False),
        )
        .where(other.last_post_id > func.coalesce(read.post_id, 0))
    )
    return exists(query.correlate(None))


def _posts(viewer: Viewer) -> Select[*Columns]:
    """Select posts with their authors; what is not visible is seen by its author and by staff only."""
    mine = and_(Flag.post_id == Post.id, Flag.reporter_id == viewer.enrolment_id)
    query = (
        select(
            Post.id,
            Post.topic_id,
            Post.author_id,
            Person.name,
            Enrolment.role,
            Post.opening,
            Post.body,
            Post.created_at,
            Post.edited_at,
            Post.version,
            Post.state,
            Post.reason,
            Flag.id.is_not(None),
        )
        .outerjoin(Enrolment, Enrolment.id == Post.author_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Flag, mine)
    )
    return query if viewer.is_staff else query.where(or_(Post.state == PostState.VISIBLE, Post.author_id == viewer.enrolment_id))


def posts(head: TopicHead, viewer: Viewer, first: int | None = None, until: int | None = None) -> PostList:
    """Give a page of a topic's posts: from the post `first` on, or the last ones up to the post `until`."""
    query = _posts(viewer).where(Post.topic_id == head.id)
    most = rules.POSTS_A_PAGE
    if until is not None:
        query = query.where(Post.id <= until).order_by(Post.id.desc()).limit(most)
        rows = [PostRow(*row) for row in db.session.execute(query)][::-1]
        later = bool(rows) and rows[-1].id < head.last_post_id
    else:
        query = query.where(Post.id >= (first or 0)).order_by(Post.id).limit(most + 1)
        rows = [PostRow(*row) for row in db.session.execute(query)]
        later = len(rows) > most
    page = tuple(rows[:most])
    return PostList(page, bool(page) and not page[0].opening, later)


def post(edition: EditionInfo, post_id: int, viewer: Viewer) -> tuple[PostRow, TopicHead]:
    """Give a post with its topic; raise `NotFound` where there is none, or none for this viewer."""
    query = _posts(viewer).join(Topic, Topic.id == Post.topic_id).where(Topic.edition_id == edition.id)
    row = db.session.execute(query.where(Post.id == post_id)).first()
    if row is None:
        message = "There is no such post here, or it is not visible any more."
        raise NotFound(message)
    found = PostRow(*row)
    return found, topic(edition, found.topic_id, viewer)


def versions(found: PostRow, head: TopicHead) -> tuple[Version, ...]:
    """List what a post is and what it was before it was changed, newest first."""
    now = Version(found.version, head.title if found.opening else "", found.body, found.edited_at or found.created_at)
    query = select(PostVersion.number, PostVersion.title, PostVersion.body, PostVersion.written_at)
    query = query.where(PostVersion.post_id == found.id).order_by(PostVersion.number.desc())
    return (now, *(Version(*row) for row in db.session.execute(query)))


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report for each module whether a participant has written something in its forum that others see."""
    edition = edition_by_id(db.session.scalars(select(Enrolment.edition_id).where(Enrolment.id == enrolment_id)).one())
    standing = _standing(edition.id, enrolment_id)
    for found in forums(edition):
        if found.module is None:
            continue
        wrote, unread = standing.get(found.key, (0, 0))
        news = f"{unread} topic{'' if unread == 1 else 's'} with new posts" if unread else ""
        yield Activity(
            feature="forums",
            key=found.key,
            title=f"Take part in the discussion: {found.topic_title or found.module.title}",
            group=found.key,
            group_title=found.title,
            group_url=path_for("modules.module", edition=edition.slug, module=found.key),
            done=bool(wrote),
            url=path_for("forums.forum", edition=edition.slug, forum=found.key),
            opens_at=found.opens_at(edition),
            detail=news or ("you have written here" if wrote else ""),
        )


def _standing(edition_id: int, enrolment_id: int) -> dict[str, tuple[int, int]]:
    own = select(Post.topic_id).where(Post.author_id == enrolment_id, Post.state == PostState.VISIBLE).distinct().subquery()
    wrote = func.max(case((own.c.topic_id.is_not(None), 1), else_=0))
    new = func.sum(case((_new(enrolment_id), 1), else_=0))
    facts = select(Topic.forum, wrote, new).select_from(Topic).outerjoin(own, own.c.topic_id == Topic.id)
    query = _with_marks(facts, enrolment_id).where(Topic.edition_id == edition_id).group_by(Topic.forum)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
