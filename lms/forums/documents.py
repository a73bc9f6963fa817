"""Posts as documents that people may look for, each under its own number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from lms.core import markdown
from lms.core.db import db
from lms.core.documents import Document, Documents, DocumentsChanged, plain
from lms.core.events import publish
from lms.forums.models import Post, Topic
from lms.forums.rules import ANNOUNCEMENTS, PostState


def keys() -> Sequence[int]:
    """List all posts."""
    return db.session.scalars(select(Post.id)).all()


def changed(*posts: int) -> None:
    """Tell that posts are new, say something else, or are seen by others than before."""
    publish(DocumentsChanged("forums", posts))


def topic_changed(topic_id: int) -> None:
    """Tell the same of all posts of a topic."""
    changed(*db.session.scalars(select(Post.id).where(Post.topic_id == topic_id)))


def read(posts: Collection[int]) -> Iterator[Document]:
    """Give the posts with what is seen of their topics."""
    facts = (Topic.id, Topic.edition_id, Topic.forum, Topic.title, Topic.hidden, Topic.author_id)
    query = select(Post.id, Post.opening, Post.body, Post.state, Post.author_id, Post.created_at, *facts)
    for row in db.session.execute(query.join(Topic, Topic.id == Post.topic_id).where(Post.id.in_(posts)).order_by(Post.id)):
        yield _document(row)


def _document(row: Any) -> Document:
    post_id, opening, body, state, author_id, at, topic_id, edition_id, forum, title, hidden, starter = row
    visible = state == PostState.VISIBLE
    return Document(
        post_id,
        "post",
        title,
        plain(markdown.post(body)).text,
        "forums.topic",
        {"forum": forum, "topic": topic_id, "at": post_id},
        f"p{post_id}",
        edition_id=edition_id,
        module="" if forum == ANNOUNCEMENTS else forum,
        titled=opening,
        author_id=author_id,
        at=at,
        restricted=hidden or not visible,
        owner_id=_owner(author_id, starter, hidden=hidden, visible=visible),
    )


def _owner(author_id: int | None, starter: int | None, *, hidden: bool, visible: bool) -> int | None:
    """Tell which participant still sees what others don't: the author, in a hidden topic who started it."""
    if hidden:
        return starter if visible or author_id == starter else None
    return None if visible else author_id


documents = Documents({"post": "Forums"}, keys, read)
