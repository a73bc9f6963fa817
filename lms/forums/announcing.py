"""Announcements by mail: to whom one goes, and how it arrives."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from lms.core import mail
from lms.core.db import db
from lms.core.domain import Course, Edition, Enrolment, EnrolmentState, Person
from lms.core.mail import Mailing, Message
from lms.core.urls import absolute_url, path_for
from lms.core.viewer import EditionInfo
from lms.forums import emails
from lms.forums.models import Topic
from lms.forums.rules import ANNOUNCEMENTS

KIND = "forums.announcement"


def send(topic: Topic, author_id: int, author: str, body: str) -> None:
    """Write a mail to every confirmed participant but the author, as one mailing whose delivery can be followed."""
    facts = (Person.id, Person.name, Person.email, Course.short_title, Edition.title, Edition.slug)
    query = _people(select(*facts), topic.edition_id, topic.author_id)
    query = query.join(Edition, Edition.id == Enrolment.edition_id).join(Course, Course.id == Edition.course_id)
    people = db.session.execute(query.order_by(Person.id)).all()
    if not people:
        return
    *_, course, edition, slug = people[0]
    where: dict[str, Any] = {"edition": slug, "forum": ANNOUNCEMENTS, "topic": topic.id}
    news = emails.News(f"{course}, {edition}", author, topic.title, body, absolute_url("forums.topic", **where))
    rows = []
    for person_id, name, address, *_ in people:
        message = emails.announcement(name, news)
        letter = {"to": address, "subject": message.subject, "text": message.text, "html": message.html}
        rows.append({**letter, "person_id": person_id, "edition_id": topic.edition_id, "kind": KIND})
    facts_of_all = {"edition_id": topic.edition_id, "author_id": author_id, "kind": KIND, "subject": topic.title}
    mail.post_many(rows, Mailing(**facts_of_all, url=path_for("forums.topic", **where)))


def sample(edition: EditionInfo, author: str, title: str, body: str) -> Message:
    """Write an announcement as it will arrive, before it is sent."""
    url = absolute_url("forums.forum", edition=edition.slug, forum=ANNOUNCEMENTS)
    return emails.announcement("…", emails.News(f"{edition.short_title}, {edition.title}", author, title, body, url))


def count(edition_id: int, author_id: int | None) -> int:
    """Count to how many people an announcement goes."""
    return db.session.scalar(_people(select(func.count(Person.id)), edition_id, author_id)) or 0


def _people(query: Select[*tuple[Any, ...]], edition_id: int, author_id: int | None) -> Select[*tuple[Any, ...]]:
    here = Enrolment.edition_id == edition_id, Enrolment.state == EnrolmentState.CONFIRMED
    return query.join(Enrolment, Enrolment.person_id == Person.id).where(*here, Enrolment.id != author_id, Person.frozen_at.is_(None))
