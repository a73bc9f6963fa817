"""What the forums hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.forums import documents
from lms.forums.models import Flag, Post, PostVersion, Topic, TopicRead

ERASED = "*The author has left, and the text was removed.*"
HOLDS = "Your topics and posts with every version of them, the posts you reported and why, and how far you have read each topic."


def export(person_id: int) -> Mapping[str, Any]:
    """Give everything that a person wrote, reported and read."""
    mine = _enrolments(person_id)
    posts = select(Post.id, Topic.title, Post.created_at, Post.state, Post.body).join(Topic, Topic.id == Post.topic_id)
    versions = select(PostVersion.post_id, PostVersion.written_at, PostVersion.body).join(Post, Post.id == PostVersion.post_id)
    return {
        "posts": _rows(posts.where(Post.author_id.in_(mine)).order_by(Post.id)),
        "earlier_versions": _rows(versions.where(Post.author_id.in_(mine)).order_by(PostVersion.id)),
        "reports": _rows(
            select(Flag.post_id, Flag.created_at, Flag.category, Flag.note, Flag.state).where(Flag.reporter_id.in_(mine)).order_by(Flag.id)
        ),
        "read": _rows(select(TopicRead.topic_id, TopicRead.post_id).where(TopicRead.enrolment_id.in_(mine)).order_by(TopicRead.id)),
    }


def erase(person_id: int) -> None:
    """Remove a person's texts, notes and marks; the posts' places stay, so that answers still make sense."""
    mine = _enrolments(person_id)
    posts = select(Post.id).where(Post.author_id.in_(mine))
    db.session.execute(delete(PostVersion).where(PostVersion.post_id.in_(posts)))
    db.session.execute(update(Post).where(Post.author_id.in_(mine)).values(body=ERASED))
    db.session.execute(update(Topic).where(Topic.author_id.in_(mine)).values(title="Removed"))
    db.session.execute(update(Flag).where(Flag.reporter_id.in_(mine)).values(note=""))
    db.session.execute(delete(TopicRead).where(TopicRead.enrolment_id.in_(mine)))
    titles = select(Topic.id).where(Topic.author_id.in_(mine))
    touched = select(Post.id).where(or_(Post.author_id.in_(mine), Post.topic_id.in_(titles)))
    documents.changed(*db.session.scalars(touched))


def _enrolments(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
