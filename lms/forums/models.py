"""Topics, posts with all their versions, flags, and how far everybody has read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import clock
from lms.core.db import Row
from lms.forums.rules import FlagState, PostState


class Topic(Row):
    """A conversation in a forum; `forum` is a module's slug or 'announcements'.

    `prompt` is the slug of the module whose prompt started it. `posts` counts what learners see, and
    the newest of these is `last_post_id`.
    """

    __tablename__ = "forum_topics"
    __table_args__ = (
        UniqueConstraint("edition_id", "prompt"),
        Index("ix_forum_topics_edition_id_forum_last_post_id", "edition_id", "forum", "last_post_id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    forum: Mapped[str]
    prompt: Mapped[str | None]
    title: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    lock_reason: Mapped[str] = mapped_column(default="")
    hidden: Mapped[bool] = mapped_column(default=False)
    posts: Mapped[int] = mapped_column(default=0)
    last_post_id: Mapped[int] = mapped_column(BigInteger, default=0)


class Post(Row):
    """What somebody wrote, in Markdown; without an author it is the course that speaks.

    `key` comes with the form, so that sending it twice makes one post. `opening` marks a topic's first post.
    """

    __tablename__ = "forum_posts"
    __table_args__ = (
        UniqueConstraint("author_id", "key"),
        Index("ix_forum_posts_topic_id_id", "topic_id", "id"),
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topics.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    key: Mapped[str | None]
    opening: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default=PostState.VISIBLE)
    reason: Mapped[str] = mapped_column(default="")


class PostVersion(Row):
    """A post as it was before it was changed; `title` is that of the topic, for its first post."""

    __tablename__ = "forum_post_versions"
    __table_args__ = (UniqueConstraint("post_id", "number"),)
    post_id: Mapped[int] = mapped_column(ForeignKey("forum_posts.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    written_at: Mapped[datetime]


class TopicRead(Row):
    """Up to which post a participant has read a topic."""

    __tablename__ = "forum_reads"
    __table_args__ = (UniqueConstraint("enrolment_id", "topic_id"),)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("forum_topics.id"), index=True)
    post_id: Mapped[int] = mapped_column(BigInteger)


class Flag(Row):
    """Somebody thinks that a post should not stand as it is; `decision` is what staff say about it."""

    __tablename__ = "forum_flags"
    __table_args__ = (
        UniqueConstraint("post_id", "reporter_id"),
        Index("ix_forum_flags_edition_id_state_post_id", "edition_id", "state", "post_id"),
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("forum_posts.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    category: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[str] = mapped_column(default=FlagState.OPEN)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision: Mapped[str] = mapped_column(default="")
