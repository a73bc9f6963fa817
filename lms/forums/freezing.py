"""What becomes of the posts of somebody whose account is frozen: out of sight, and back with the account."""

from __future__ import annotations

from sqlalchemy import select

from lms.accounts.api import AccountFrozen, AccountThawed
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.forums.commands import show
from lms.forums.models import Post, Topic
from lms.forums.rules import PostState


def hide_all(event: AccountFrozen) -> None:
    """Take the posts out of sight that others see."""
    _turn(event.person_id, PostState.VISIBLE, PostState.FROZEN)


def show_all(event: AccountThawed) -> None:
    """Show the same posts again; what was hidden or withdrawn before stays so."""
    _turn(event.person_id, PostState.FROZEN, PostState.VISIBLE)


def _turn(person_id: int, before: PostState, after: PostState) -> None:
    query = select(Post, Topic).join(Topic, Topic.id == Post.topic_id).join(Enrolment, Enrolment.id == Post.author_id)
    own = query.where(Enrolment.person_id == person_id, Post.state == before).order_by(Post.id)
    for post, topic in db.session.execute(own.with_for_update(of=(Post, Topic))).all():
        show(post, topic, after)
