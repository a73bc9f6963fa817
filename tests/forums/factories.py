"""Forums to test with: an edition of the small course with people in it, and what they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Role
from lms.core.mail import OutgoingMail
from lms.core.viewer import Viewer
from lms.forums import commands
from lms.forums.commands import Posted
from lms.forums.models import Post, Topic
from tests.core import factories

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """An edition with two learners, a tutor and an administrator, each by enrolment."""

    edition: int
    base: str
    learner: int
    other: int
    tutor: int
    admin: int

    def person(self, who: str) -> int:
        """Give the person behind a role's name."""
        return factories.person_of(getattr(self, who))

    def viewer(self, who: str) -> Viewer:
        """Give the viewer that a request of this role would have."""
        return factories.viewer_of(getattr(self, who))


def place(course: Course, **facts: Any) -> Place:
    """Store an edition whose modules are all open, with its people."""
    edition = factories.edition(course.id, **facts)
    roles = (Role.LEARNER, Role.LEARNER, Role.TUTOR, Role.ADMINISTRATOR)
    people = [factories.enrolment(edition, role=role) for role in roles]
    return Place(edition, f"/e/{factories.slug_of(edition)}/forums", *people)


def topic(where: Place, author: int, forum: str = "module1", **facts: Any) -> Posted:
    """Start a topic."""
    number = next(_numbers)
    values = {"title": f"Topic {number}", "body": f"The text of topic {number}.", **facts}
    with unit_of_work():
        return commands.start_topic(where.edition, author, forum, **values)


def reply(where: Place, author: int, topic_id: int, body: str = "I agree.", **facts: Any) -> Posted:
    """Answer in a topic."""
    with unit_of_work():
        return commands.reply(where.edition, author, topic_id, body, **facts)


def post_row(post_id: int) -> Post:
    """Read a post as it is now."""
    db.session.rollback()
    return db.session.get_one(Post, post_id)


def topic_row(topic_id: int) -> Topic:
    """Read a topic as it is now."""
    db.session.rollback()
    return db.session.get_one(Topic, topic_id)


def mails(kind: str) -> list[tuple[str, str, str]]:
    """List (address, subject, text) of the mails of a kind."""
    db.session.rollback()
    rows = db.session.query(OutgoingMail).filter_by(kind=kind).order_by(OutgoingMail.id)
    return [(row.to, row.subject, row.text) for row in rows]


def minutes(count: int) -> datetime:
    """Give the moment so many minutes from now."""
    return clock.now() + timedelta(minutes=count)
