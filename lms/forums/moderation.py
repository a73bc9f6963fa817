"""What keeps a forum usable: flags by anybody, and what staff do about topics and posts, each on record."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import ScalarSelect, exists, select, update

from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.mail import Message
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer
from lms.forums import documents, emails, permissions, rules
from lms.forums.commands import check_forum, found, post_row, show
from lms.forums.models import Flag, Post, Topic
from lms.forums.rules import CATEGORIES, FlagState, PostState

LOCKED = "This topic is locked already."


def flag(edition_id: int, enrolment_id: int, post_id: int, category: str, note: str = "") -> None:
    """Tell staff that a post should not stand as it is; once per person and post, and not one's own."""
    post, _ = post_row(edition_id, post_id)
    _check_reporter(edition_id, enrolment_id)
    if category not in CATEGORIES:
        message = "Please choose one of the reasons."
        raise Invalid(message, field="category")
    if post.author_id == enrolment_id:
        message = "This is your own post. You can withdraw it in its first minutes, or ask a tutor."
        raise Conflict(message)
    flagged = db.session.scalar(select(Flag.id).where(Flag.post_id == post_id, Flag.reporter_id == enrolment_id))
    if refusal := rules.why_no_flag(post.state, flagged=flagged is not None):
        raise Conflict(refusal)
    db.session.add(Flag(edition_id=edition_id, post_id=post_id, reporter_id=enrolment_id, category=category, note=note))
    db.session.flush()


def _check_reporter(edition_id: int, enrolment_id: int) -> None:
    belongs = exists().where(
        Enrolment.id == enrolment_id,
        Enrolment.edition_id == edition_id,
        Enrolment.state == EnrolmentState.CONFIRMED,
    )
    if not db.session.scalar(select(belongs)):
        message = "There is no such participant in this edition."
        raise NotFound(message)


def dismiss(edition_id: int, post_id: int, viewer: Viewer, note: str = "") -> None:
    """Let a flagged post stand, and tell who reported it."""
    post, topic = _others_post(edition_id, post_id, viewer)
    reporters = _decide(post_id, viewer, FlagState.DISMISSED, note)
    if not reporters:
        message = "These reports were decided already."
        raise Conflict(message)
    audit.record(viewer, "forums.dismiss", "post", post_id, edition_id=edition_id, about=_about(post), note=note, flags=len(reporters))
    _tell(
        reporters,
        edition_id,
        "forums.flag_dismissed",
        lambda name: emails.flag_dismissed(name, topic.title, note),
    )


def hide(edition_id: int, post_id: int, viewer: Viewer, reason: str) -> None:
    """Hide a post from learners with a reason, uphold its open flags, tell its author and who reported it."""
    post, topic = _others_post(edition_id, post_id, viewer)
    if refusal := rules.why_no_hiding(post.state):
        raise Conflict(refusal)
    show(post, topic, PostState.HIDDEN, reason)
    reporters = _decide(post_id, viewer, FlagState.UPHELD, reason)
    audit.record(viewer, "forums.hide", "post", post_id, edition_id=edition_id, about=_about(post), reason=reason, flags=len(reporters))
    url = _address(edition_id, post_id)
    _tell(_author(post), edition_id, "forums.hidden", lambda name: emails.hidden(name, topic.title, reason, url))
    _tell(reporters, edition_id, "forums.flag_upheld", lambda name: emails.flag_upheld(name, topic.title))


def restore(edition_id: int, post_id: int, viewer: Viewer) -> None:
    """Let everybody see a hidden post again, and tell its author."""
    post, topic = _others_post(edition_id, post_id, viewer)
    if post.state != PostState.HIDDEN:
        message = "This post is not hidden."
        raise Conflict(message)
    show(post, topic, PostState.VISIBLE)
    audit.record(viewer, "forums.restore", "post", post_id, edition_id=edition_id, about=_about(post))
    url = _address(edition_id, post_id)
    _tell(_author(post), edition_id, "forums.restored", lambda name: emails.restored(name, topic.title, url))


def _others_post(edition_id: int, post_id: int, viewer: Viewer) -> tuple[Post, Topic]:
    post, topic = post_row(edition_id, post_id)
    _check_leads(viewer, topic.forum)
    if post.author_id is not None and post.author_id == viewer.enrolment_id:
        message = "This is your own post: another tutor or an administrator decides about it."
        raise Forbidden(message)
    return post, topic


def _check_leads(viewer: Viewer, forum: str) -> None:
    if not permissions.moderate(viewer, forum):
        message = "You look after other modules than this one."
        raise Forbidden(message)


def _decide(post_id: int, viewer: Viewer, state: FlagState, decision: str) -> list[int]:
    decided = (
        update(Flag)
        .where(Flag.post_id == post_id, Flag.state == FlagState.OPEN)
        .values(state=state, decided_at=clock.now(), decided_by=viewer.person_id, decision=decision)
        .returning(Flag.reporter_id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(decided))


def _about(post: Post) -> ScalarSelect[int] | None:
    return None if post.author_id is None else audit.person_of(post.author_id)


def _author(post: Post) -> list[int]:
    return [] if post.author_id is None else [post.author_id]


def _address(edition_id: int, post_id: int) -> str:
    slug = db.session.scalars(select(Edition.slug).where(Edition.id == edition_id)).one()
    return absolute_url("forums.post", edition=slug, post=post_id)


def _tell(enrolments: Collection[int], edition_id: int, kind: str, write: Callable[[str], Message]) -> None:
    query = select(Person.id, Person.name, Person.email).join(Enrolment).where(Enrolment.id.in_(enrolments))
    for person_id, name, address in db.session.execute(query.order_by(Person.id)).all() if enrolments else ():
        mail.post(write(name), address, kind=kind, person_id=person_id, edition_id=edition_id)


def pin(edition_id: int, topic_id: int, viewer: Viewer, *, pinned: bool = True) -> None:
    """Keep a topic at the head of its forum, or not any more; again changes nothing."""
    topic = _topic(edition_id, topic_id, viewer)
    if topic.pinned != pinned:
        topic.pinned = pinned
        audit.record(viewer, "forums.pin" if pinned else "forums.unpin", "topic", topic_id, edition_id=edition_id)


def lock(edition_id: int, topic_id: int, viewer: Viewer, reason: str) -> None:
    """Let nobody write in a topic any more, and say why."""
    topic = _topic(edition_id, topic_id, viewer)
    if topic.locked:
        raise Conflict(LOCKED)
    topic.locked, topic.lock_reason = True, reason
    audit.record(viewer, "forums.lock", "topic", topic_id, edition_id=edition_id, reason=reason)


def unlock(edition_id: int, topic_id: int, viewer: Viewer) -> None:
    """Let everybody write in a locked topic again; again changes nothing."""
    topic = _topic(edition_id, topic_id, viewer)
    if topic.locked:
        topic.locked, topic.lock_reason = False, ""
        audit.record(viewer, "forums.unlock", "topic", topic_id, edition_id=edition_id)


def move(edition_id: int, topic_id: int, viewer: Viewer, forum: str) -> str:
    """Bring a topic into another forum of the edition, and give the one it came from."""
    topic = _topic(edition_id, topic_id, viewer)
    check_forum(edition_id, forum)
    if topic.prompt:
        message = "This is the question that the forum begins with: it stays in its module."
        raise Conflict(message)
    if topic.forum == forum:
        message = "The topic is in this forum already."
        raise Invalid(message, field="forum")
    _check_leads(viewer, forum)
    before, topic.forum = topic.forum, forum
    db.session.flush()
    documents.topic_changed(topic_id)
    audit.record(viewer, "forums.move", "topic", topic_id, edition_id=edition_id, before=before, after=forum)
    return before


def _topic(edition_id: int, topic_id: int, viewer: Viewer) -> Topic:
    query = select(Topic).where(Topic.id == topic_id, Topic.edition_id == edition_id).with_for_update()
    topic = found(db.session.scalar(query), "topic")
    _check_leads(viewer, topic.forum)
    return topic
