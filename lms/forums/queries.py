"""What the pages of the forums show; each list is one query, however long it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db, read
from lms.core.domain import Course, Enrolment, Person
from lms.core.errors import NotFound
from lms.core.memory import kept
from lms.core.progress import Activity
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer, edition_of
from lms.forums import rules
from lms.forums.models import Flag, Post, PostVersion, Topic, TopicRead
from lms.forums.rules import ANNOUNCEMENTS, PostState
from lms.forums.values import Forum, ForumCard, PostList, PostRow, TopicHead, TopicList, TopicRow, Version
from lms.modules.api import modules, prompts

Columns = tuple[Any, ...]
_CURSOR = re.compile(r"(?P<pinned>[012])-(?P<new>[01])-(?P<last>\d{1,15})", re.ASCII)


def forums(edition: EditionInfo) -> tuple[Forum, ...]:
    """List the forums of an edition: announcements, then one a module."""
    texts = _prompts(edition.course_id, edition.course_version)
    found = [Forum(m.slug, f"{m.number} {m.title}", *texts.get(m.slug, ("", "")), m) for m in modules(edition)]
    return (Forum(ANNOUNCEMENTS, "Announcements"), *found)


@kept(16)
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


# Statements are built once for what the viewer may see: `staff` sees what is hidden, `enrolled` has marks.
_ME = bindparam("me", type_=BigInteger)
_MARK = func.coalesce(TopicRead.post_id, 0)
_MY_MARK = and_(TopicRead.topic_id == Topic.id, TopicRead.enrolment_id == _ME)
_HERE = Topic.edition_id == bindparam("edition")
_KEYS: BindParameter[str] = bindparam("keys", expanding=True)


def _sight(viewer: Viewer) -> tuple[bool, bool]:
    return viewer.is_staff, viewer.enrolment_id is not None


def _new(enrolled: bool) -> ColumnElement[bool]:  # noqa: FBT001 - private
    """Tell whether a topic has something that is new to a participant; without an enrolment nothing is."""
    return and_(Topic.last_post_id > _MARK, Topic.hidden.is_(False)) if enrolled else false()


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _for(staff: bool) -> ColumnElement[bool]:  # noqa: FBT001 - private
    """Tell which topics somebody sees: hidden ones only their author and staff."""
    return true() if staff else or_(Topic.hidden.is_(False), Topic.author_id == _ME)


@cache
def _cards(staff: bool, enrolled: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    return (
        select(Topic.forum, func.count(Topic.id), func.sum(_number(_new(enrolled))), func.max(Post.created_at))
        .join(Post, Post.id == Topic.last_post_id)
        .outerjoin(TopicRead, _MY_MARK)
        .where(_HERE, _for(staff))
        .group_by(Topic.forum)
    )


def cards(edition: EditionInfo, viewer: Viewer) -> tuple[ForumCard, ...]:
    """List the forums with what is new in each."""
    rows = read(_cards(*_sight(viewer)), me=viewer.enrolment_id, edition=edition.id)
    counts: dict[str, tuple[Any, ...]] = {row[0]: tuple(row[1:]) for row in rows}
    now = open_forums(edition, staff=viewer.is_staff)
    return tuple(ForumCard(f, f.opens_at(edition), f.key in now, *(counts.get(f.key, ()) if f.key in now else ())) for f in forums(edition))


@cache
def _rows(enrolled: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    """Select topics with their last post and its author, and what is new of them."""
    last, author, other = aliased(Post), aliased(Enrolment), aliased(Post)
    fresh = and_(
        other.topic_id == Topic.id,
        other.id > _MARK,
        other.state == PostState.VISIBLE,
        true() if enrolled else false(),
    )
    count = select(func.count(other.id)).where(fresh).correlate(Topic, TopicRead).scalar_subquery()
    first = select(func.min(other.id)).where(fresh).correlate(Topic, TopicRead).scalar_subquery()
    facts = (
        Topic.id,
        Topic.forum,
        Topic.prompt,
        Topic.title,
        Topic.pinned,
        Topic.locked,
        Topic.hidden,
        Topic.posts,
        Topic.last_post_id,
    )
    return (
        select(*facts, Person.name, last.created_at, count, first)
        .select_from(Topic)
        .join(last, last.id == Topic.last_post_id)
        .outerjoin(author, author.id == last.author_id)
        .outerjoin(Person, Person.id == author.person_id)
        .outerjoin(TopicRead, _MY_MARK)
    )


@cache
def _topics(staff: bool, enrolled: bool, later: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    order = (
        case((Topic.pinned.is_(False), 0), (Topic.prompt.is_(None), 1), else_=2),
        _number(_new(enrolled)),
        Topic.last_post_id,
    )
    query = _rows(enrolled).where(_HERE, Topic.forum == bindparam("forum"), _for(staff))
    if later:
        place = (bindparam(name, type_=BigInteger) for name in ("pinned", "new", "last"))
        query = query.where(tuple_(*order) < tuple_(*place))
    return query.order_by(*(column.desc() for column in order)).limit(rules.TOPICS_A_PAGE + 1)


def topics(edition_id: int, key: str, viewer: Viewer, cursor: str = "") -> TopicList:
    """Give a page of a forum's topics: its prompt, pinned ones, those with something new, then by last post."""
    match = _CURSOR.fullmatch(cursor)
    place = {name: int(text) for name, text in match.groupdict().items()} if match else {}
    query = _topics(*_sight(viewer), bool(match))
    found = read(query, me=viewer.enrolment_id, edition=edition_id, forum=key, **place)
    rows = [TopicRow(*row) for row in found]
    page = rows[: rules.TOPICS_A_PAGE]
    return TopicList(tuple(page), "-".join(map(str, page[-1].place)) if len(rows) > len(page) else "")


@cache
def _unread() -> Select[*Columns]:
    query = _rows(enrolled=True).where(_HERE, Topic.forum.in_(_KEYS), _new(enrolled=True))
    return query.order_by(Topic.last_post_id).limit(bindparam("most", type_=Integer))


def unread_topics(edition: EditionInfo, viewer: Viewer, limit: int = 5) -> tuple[TopicRow, ...]:
    """List topics with something new in the forums that are open, the longest waiting first."""
    if viewer.enrolment_id is None:
        return ()
    keys = open_forums(edition, staff=viewer.is_staff)
    rows = read(_unread(), me=viewer.enrolment_id, edition=edition.id, keys=keys, most=limit)
    return tuple(TopicRow(*row) for row in rows)


_PROMPT = select(Topic.id).where(_HERE, Topic.prompt == bindparam("module"))


def prompt_topic(edition_id: int, key: str) -> int | None:
    """Give the topic that a module's prompt has become; `None` while nobody has answered it."""
    found: int | None = read(_PROMPT, edition=edition_id, module=key).scalar()
    return found


@cache
def _topic(staff: bool, enrolled: bool) -> Select[*Columns]:  # noqa: FBT001 - private
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
    )
    more = exists(_others()) if enrolled else false()
    query = select(*facts, _MARK, more).outerjoin(TopicRead, _MY_MARK)
    return query.where(Topic.id == bindparam("topic"), _HERE, _for(staff))


def _others() -> Select[*Columns]:
    """Select the other topics that have something new."""
    other, mark = aliased(Topic), aliased(TopicRead)
    return (
        select(other.id)
        .outerjoin(mark, and_(mark.topic_id == other.id, mark.enrolment_id == _ME))
        .where(other.edition_id == bindparam("edition"), other.id != bindparam("topic"), other.forum.in_(_KEYS))
        .where(other.hidden.is_(False), other.last_post_id > func.coalesce(mark.post_id, 0))
        .correlate(None)
    )


def topic(edition: EditionInfo, topic_id: int, viewer: Viewer) -> TopicHead:
    """Give a topic; raise `NotFound` where there is none, or none for this viewer."""
    values: dict[str, object] = {"me": viewer.enrolment_id, "edition": edition.id, "topic": topic_id}
    if viewer.enrolment_id is not None:
        values["keys"] = open_forums(edition, staff=viewer.is_staff)
    row = read(_topic(*_sight(viewer)), **values).first()
    if row is None:
        message = "There is no such topic here, or it was hidden by a tutor."
        raise NotFound(message)
    return TopicHead(*row)


@cache
def _posts(staff: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    """Select posts with their authors; what is not visible is seen by its author and by staff only."""
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
        .outerjoin(Flag, and_(Flag.post_id == Post.id, Flag.reporter_id == _ME))
    )
    return query if staff else query.where(or_(Post.state == PostState.VISIBLE, Post.author_id == _ME))


@cache
def _page(staff: bool, backwards: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    query, at = _posts(staff).where(Post.topic_id == bindparam("topic")), bindparam("at", type_=BigInteger)
    if backwards:
        return query.where(Post.id <= at).order_by(Post.id.desc()).limit(rules.POSTS_A_PAGE)
    return query.where(Post.id >= at).order_by(Post.id).limit(rules.POSTS_A_PAGE + 1)


def posts(head: TopicHead, viewer: Viewer, first: int | None = None, until: int | None = None) -> PostList:
    """Give a page of a topic's posts: from the post `first` on, or the last ones up to the post `until`."""
    backwards = until is not None
    found = read(_page(viewer.is_staff, backwards), me=viewer.enrolment_id, topic=head.id, at=until or first or 0)
    rows = [PostRow(*row) for row in found]
    if backwards:
        rows.reverse()
        later = bool(rows) and rows[-1].id < head.last_post_id
    else:
        later = len(rows) > rules.POSTS_A_PAGE
    page = tuple(rows[: rules.POSTS_A_PAGE])
    return PostList(page, bool(page) and not page[0].opening, later)


@cache
def _post(staff: bool) -> Select[*Columns]:  # noqa: FBT001 - private
    query = _posts(staff).join(Topic, Topic.id == Post.topic_id)
    return query.where(_HERE, Post.id == bindparam("post"))


def post(edition: EditionInfo, post_id: int, viewer: Viewer) -> tuple[PostRow, TopicHead]:
    """Give a post with its topic; raise `NotFound` where there is none, or none for this viewer."""
    row = read(_post(viewer.is_staff), me=viewer.enrolment_id, edition=edition.id, post=post_id).first()
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


@cache
def _standings() -> Select[*Columns]:
    own = select(Post.topic_id).where(Post.author_id == _ME, Post.state == PostState.VISIBLE).distinct().subquery()
    return (
        select(Topic.forum, func.max(_number(own.c.topic_id.is_not(None))), func.sum(_number(_new(enrolled=True))))
        .outerjoin(own, own.c.topic_id == Topic.id)
        .outerjoin(TopicRead, _MY_MARK)
        .where(_HERE)
        .group_by(Topic.forum)
    )


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report for each module whether a participant has written something in its forum that others see."""
    edition = edition_of(enrolment_id)
    rows = read(_standings(), me=enrolment_id, edition=edition.id)
    standing: dict[str, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in rows}
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
