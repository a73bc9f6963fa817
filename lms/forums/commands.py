"""What participants do in forums: start topics, answer, change and withdraw their posts, read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Insert, bindparam, case, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db, read, upsert
from lms.core.domain import Course, Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.forums import announcing, documents, rules
from lms.forums.models import Post, PostVersion, Topic, TopicRead
from lms.forums.rules import ANNOUNCEMENTS, PostState
from lms.modules.api import modules_of, prompts

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a post ended up."""

    topic_id: int
    post_id: int


@dataclass(frozen=True, slots=True)
class _Author:
    person_id: int
    name: str
    announces: bool
    closed: bool


_POST = bindparam("post", type_=BigInteger)
_AUTHOR = (
    select(Person.id, Person.name, Person.administrator, Enrolment.role, Enrolment.modules, Edition.state)
    .select_from(Enrolment)
    .join(Person, Person.id == Enrolment.person_id)
    .join(Edition, Edition.id == Enrolment.edition_id)
    .where(
        Enrolment.id == bindparam("enrolment"),
        Edition.id == bindparam("edition"),
        Enrolment.state == EnrolmentState.CONFIRMED,
    )
)
_KNOWN = select(Post.topic_id, Post.id).where(Post.author_id == bindparam("author"), Post.key == bindparam("key"))
_STATE = select(Topic.hidden, Topic.locked, Topic.lock_reason).where(
    Topic.id == bindparam("topic"), Topic.edition_id == bindparam("edition")
)
_ANSWERED = (
    update(Topic)
    .where(Topic.id == bindparam("topic"))
    .values(posts=Topic.posts + 1, last_post_id=case((Topic.last_post_id < _POST, _POST), else_=Topic.last_post_id))
)


def start_topic(  # noqa: PLR0913, PLR0917 - where, who, and the fields of the form
    edition_id: int, enrolment_id: int, forum: str, title: str, body: str, key: str | None = None
) -> Posted:
    """Start a topic; one in the announcements is mailed to all. The same `key` again changes nothing."""
    author = _author(edition_id, enrolment_id)
    check_forum(edition_id, forum)
    if known := _posted(enrolment_id, key):
        return known
    if forum == ANNOUNCEMENTS and not author.announces:
        message = "Only administrators and tutors of all modules announce something here."
        raise Forbidden(message)
    _allow(rules.why_no_reply(closed=author.closed, hidden=False, locked=False, lock_reason=""))

    def write() -> Posted:
        topic = Topic(edition_id=edition_id, forum=forum, title=title, author_id=enrolment_id)
        posted = _open(topic, Post(author_id=enrolment_id, key=key, body=body))
        mark_read(enrolment_id, posted.topic_id, posted.post_id)
        if forum == ANNOUNCEMENTS:
            announcing.send(topic, author.person_id, author.name, body)
        return posted

    return _once(enrolment_id, key, write)


def reply(edition_id: int, enrolment_id: int, topic_id: int, body: str, key: str | None = None) -> Posted:
    """Answer in a topic; the same `key` again changes nothing."""
    author = _author(edition_id, enrolment_id)
    if known := _posted(enrolment_id, key):
        return known
    hidden, locked, reason = found(read(_STATE, topic=topic_id, edition=edition_id).first(), "topic")
    _allow(rules.why_no_reply(closed=author.closed, hidden=hidden, locked=locked, lock_reason=reason))

    def write() -> Posted:
        post = Post(topic_id=topic_id, author_id=enrolment_id, key=key, body=body)
        db.session.add(post)
        db.session.flush()
        db.session.connection().execute(_ANSWERED, {"topic": topic_id, "post": post.id})
        mark_read(enrolment_id, topic_id, post.id)
        documents.changed(post.id)
        return Posted(topic_id, post.id)

    return _once(enrolment_id, key, write)


def answer_prompt(edition_id: int, enrolment_id: int, module: str, body: str, key: str | None = None) -> Posted:
    """Answer the prompt of a module's forum; the first answer makes a pinned topic of it."""
    _allow(rules.why_no_reply(closed=_author(edition_id, enrolment_id).closed, hidden=False, locked=False, lock_reason=""))
    return reply(edition_id, enrolment_id, open_prompt(edition_id, module), body, key)


def open_prompt(edition_id: int, module: str) -> int:
    """Make the prompt of a module's forum a pinned topic, unless it is one already, and give its id."""
    query = select(Topic.id).where(Topic.edition_id == edition_id, Topic.prompt == module)
    if (known := db.session.scalar(query)) is not None:
        return known
    course = db.session.scalars(select(Course.slug).join(Edition).where(Edition.id == edition_id)).one()
    title, body = next(((title, body) for slug, title, body in prompts(course) if slug == module), ("", ""))
    if not title or not body:
        message = "This forum has no question to begin with."
        raise NotFound(message)
    try:
        with db.session.begin_nested():
            topic = Topic(edition_id=edition_id, forum=module, prompt=module, title=title, pinned=True)
            return _open(topic, Post(body=body.strip())).topic_id
    except IntegrityError:
        return db.session.scalars(query).one()


def _author(edition_id: int, enrolment_id: int) -> _Author:
    row = read(_AUTHOR, enrolment=enrolment_id, edition=edition_id).first()
    person_id, name, administrator, role, modules, state = found(row, "participant")
    announces = administrator or role == Role.ADMINISTRATOR or (role == Role.TUTOR and not modules)
    return _Author(person_id, name, announces, state == EditionState.CLOSED)


def check_forum(edition_id: int, forum: str) -> None:
    """Raise `NotFound` for a forum that the edition does not have."""
    if forum != ANNOUNCEMENTS and all(module.slug != forum for module in modules_of(edition_id)):
        message = "There is no such forum in this edition."
        raise NotFound(message)


def _allow(refusal: str) -> None:
    if refusal:
        raise Conflict(refusal)


def _open(topic: Topic, post: Post) -> Posted:
    db.session.add(topic)
    db.session.flush()
    post.topic_id, post.opening = topic.id, True
    db.session.add(post)
    db.session.flush()
    topic.posts, topic.last_post_id = 1, post.id
    db.session.flush()
    documents.changed(post.id)
    return Posted(topic.id, post.id)


def _once(author_id: int, key: str | None, write: Callable[[], Posted]) -> Posted:
    """Write unless this author sends the same `key` elsewhere just now: pressing twice makes one post."""
    if key is None:
        return write()
    try:
        with db.session.begin_nested():
            return write()
    except IntegrityError:
        if known := _posted(author_id, key):
            return known
        raise


def _posted(author_id: int, key: str | None) -> Posted | None:
    row = None if key is None else read(_KNOWN, author=author_id, key=key).first()
    return Posted(*row) if row else None


def found(thing: Thing | None, name: str) -> Thing:
    """Give what a query came back with; raise `NotFound` for nothing."""
    if thing is None:
        message = f"There is no such {name} in this edition."
        raise NotFound(message)
    return thing


def post_row(edition_id: int, post_id: int) -> tuple[Post, Topic]:
    """Give a post of this edition and its topic, kept from others until the commit; raise `NotFound`."""
    query = select(Post, Topic).join(Topic, Topic.id == Post.topic_id).with_for_update()
    row = found(db.session.execute(query.where(Post.id == post_id, Topic.edition_id == edition_id)).first(), "post")
    return row[0], row[1]


def edit_post(  # noqa: PLR0913, PLR0917 - whose post it is, and the fields of the form
    edition_id: int, enrolment_id: int, post_id: int, version: int, body: str, title: str | None = None
) -> None:
    """Change one's own post in its first minutes and keep what it was; `version` is the one that was read."""
    post, topic = _own(edition_id, enrolment_id, post_id)
    now = clock.now()
    _allow(rules.why_no_edit(post.state, post.created_at, now))
    title = topic.title if title is None or not post.opening else title
    if (body, title) == (post.body, topic.title):
        return
    if post.version != version:
        message = "This post was changed elsewhere meanwhile. Copy your text, then open the post again."
        raise Conflict(message, field="body")
    old = topic.title if post.opening else ""
    written_at = post.edited_at or post.created_at
    db.session.add(PostVersion(post_id=post_id, number=version, title=old, body=post.body, written_at=written_at))
    retitled = title != topic.title
    post.body, post.version, post.edited_at, topic.title = body, version + 1, now, title
    db.session.flush()
    if retitled:
        documents.topic_changed(topic.id)
    else:
        documents.changed(post_id)


def _own(edition_id: int, enrolment_id: int, post_id: int) -> tuple[Post, Topic]:
    post, topic = post_row(edition_id, post_id)
    if post.author_id != enrolment_id:
        message = "This post is not yours."
        raise NotFound(message)
    closed = _author(edition_id, enrolment_id).closed
    hidden = topic.hidden and not post.opening
    _allow(rules.why_no_reply(closed=closed, hidden=hidden, locked=topic.locked, lock_reason=topic.lock_reason))
    return post, topic


def withdraw(edition_id: int, enrolment_id: int, post_id: int) -> None:
    """Take one's own post back in its first minutes, if nobody has written after it."""
    post, topic = _own(edition_id, enrolment_id, post_id)
    answered = topic.last_post_id > post.id
    _allow(rules.why_no_withdrawal(post.state, post.created_at, clock.now(), answered=answered))
    show(post, topic, PostState.WITHDRAWN)


def put_back(edition_id: int, enrolment_id: int, post_id: int) -> None:
    """Undo the withdrawal of one's own post."""
    post, topic = _own(edition_id, enrolment_id, post_id)
    if post.state != PostState.WITHDRAWN:
        message = "This post is not withdrawn."
        raise Conflict(message)
    show(post, topic, PostState.VISIBLE)


def show(post: Post, topic: Topic, state: PostState, reason: str = "") -> None:
    """Change who sees a post, and count its topic anew; with its first post a topic comes and goes."""
    post.state, post.reason = state, reason
    if post.opening:
        topic.hidden = state != PostState.VISIBLE
    db.session.flush()
    other = aliased(Post)
    seen = other.state == PostState.VISIBLE
    counted = select(func.count().filter(seen), func.coalesce(func.max(other.id).filter(seen), func.min(other.id)))
    topic.posts, topic.last_post_id = db.session.execute(counted.where(other.topic_id == topic.id)).one()
    db.session.flush()
    if post.opening:
        documents.topic_changed(topic.id)
    else:
        documents.changed(post.id)


def mark_read(enrolment_id: int, topic_id: int, post_id: int) -> None:
    """Note that a participant has read a topic up to a post; what was read stays read."""
    values = {"reader": enrolment_id, "topic": topic_id, "post": post_id}
    db.session.connection().execute(_read_up_to(db.engine.dialect.name), values)


@cache
def _read_up_to(dialect: str) -> Insert:
    """Build the statement that moves a mark, never backwards, once for each kind of database."""
    del dialect
    key: dict[str, Any] = {"enrolment_id": bindparam("reader"), "topic_id": bindparam("topic")}
    further = case((TopicRead.post_id < _POST, _POST), else_=TopicRead.post_id)
    return upsert(TopicRead, key, {"post_id": _POST}, {"post_id": further})


def mark_all_read(edition_id: int, enrolment_id: int, forums: Collection[str]) -> None:
    """Note that a participant has read everything in these forums."""
    query = (
        select(Topic.id, Topic.last_post_id)
        .outerjoin(TopicRead, (TopicRead.topic_id == Topic.id) & (TopicRead.enrolment_id == enrolment_id))
        .where(
            Topic.edition_id == edition_id,
            Topic.forum.in_(forums),
            Topic.last_post_id > func.coalesce(TopicRead.post_id, 0),
        )
    )
    rows = [{"reader": enrolment_id, "topic": topic_id, "post": post_id} for topic_id, post_id in db.session.execute(query)]
    if rows:
        db.session.connection().execute(_read_up_to(db.engine.dialect.name), rows)
