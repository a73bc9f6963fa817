"""Announcements go out by mail, one to each participant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment
from lms.core.errors import Forbidden
from lms.core.mail import OutgoingMail
from lms.forums import commands
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

KEY = "f" * 32


def test_everybody_gets_one_mail(place: Place) -> None:
    """Every confirmed participant but the author, once, with a link, as plain text and as HTML."""
    core.enrolment(place.edition, state="applied")
    core.enrolment(place.edition, state="withdrawn")
    facts = {"title": "Module 2 <opens>", "body": "Please *read* <u>this</u>.", "key": KEY}
    posted = factories.topic(place, place.tutor, "announcements", **facts)
    assert factories.topic(place, place.tutor, "announcements", **facts) == posted
    rows = db.session.query(OutgoingMail).filter_by(kind="forums.announcement").all()
    people = {place.person(who) for who in ("learner", "other", "admin")}
    assert sorted(row.person_id or 0 for row in rows) == sorted(people)
    for row in rows:
        assert row.edition_id == place.edition
        assert "Module 2 <opens>" in row.subject
        assert f"http://localhost{place.base}/announcements/{posted.topic_id}" in row.text
        assert "Please *read*" in row.text
        assert "Please <em>read</em>" in row.html
        assert "Module 2 &lt;opens&gt;" in row.html
        assert "<u>" not in row.html
        assert row.state == "done"


def test_it_costs_the_same_for_many(place: Place, statements: Callable[[], Any]) -> None:
    """Mails for sixty participants are written with one statement."""
    for _ in range(60):
        core.enrolment(place.edition)
    with statements() as seen, unit_of_work() as unit:
        commands.start_topic(place.edition, place.tutor, "announcements", "News", "Text")
        unit.jobs.clear()
    inserts = [statement for statement in seen if "INSERT INTO outgoing_mails" in statement]
    assert len(inserts) == 1
    seen.at_most(12)
    assert db.session.query(OutgoingMail).count() == 63


def test_a_failed_announcement_mails_nobody(place: Place) -> None:
    """Mails are written in the transaction of the topic: no topic, no mail."""
    with unit_of_work() as unit:
        commands.start_topic(place.edition, place.tutor, "announcements", "News", "Text")
        unit.abandoned = True
    assert not db.session.query(OutgoingMail).count()


def test_in_the_browser(place: Place, signed_in: Callable[[int], FlaskClient]) -> None:
    """Staff find the form, learners don't; moving a learner's topic there mails nobody."""
    tutor, learner = signed_in(place.person("tutor")), signed_in(place.person("learner"))
    assert "Start a topic" in tutor.get(f"{place.base}/announcements/").text
    assert "Start a topic" not in learner.get(f"{place.base}/announcements/").text
    assert learner.get(f"{place.base}/announcements/new").status_code == 403
    assert learner.post(f"{place.base}/announcements/new", data={"title": "T", "body": "B", "send": "1"}).status_code == 403
    assert "by mail" in tutor.get(f"{place.base}/announcements/new").text
    assert tutor.post(f"{place.base}/announcements/new", data={"title": "T", "body": "B", "send": "1"}).status_code == 302
    assert len(factories.mails("forums.announcement")) == 3
    posted = factories.topic(place, place.learner)
    tutor.post(f"{place.base}/module1/{posted.topic_id}/move", data={"forum": "announcements"})
    assert len(factories.mails("forums.announcement")) == 3


def test_it_is_shown_before_it_is_sent(place: Place, signed_in: Callable[[int], FlaskClient]) -> None:
    """As on a phone and as plain text, with the number of people; nothing goes out until it is sent, and nothing typed is lost."""
    tutor, typed = signed_in(place.person("tutor")), {"title": "News <1>", "body": "Some *text*.", "key": KEY}
    page = tutor.post(f"{place.base}/announcements/new", data=typed)
    assert page.status_code == 200
    for words in ("Send to 3 people", "On a phone", "Some <em>text</em>.", "As plain text", "Some *text*.", "News &lt;1&gt;"):
        assert words in page.text
    assert not factories.mails("forums.announcement")
    back = tutor.post(f"{place.base}/announcements/new", data={**typed, "preview": "1"})
    assert "Some *text*.</textarea>" in back.text
    for _ in range(2):
        assert tutor.post(f"{place.base}/announcements/new", data={**typed, "send": "1"}).status_code == 302
    assert len(factories.mails("forums.announcement")) == 3
    assert tutor.post(f"{place.base}/announcements/new", data={**typed, "title": ""}).status_code == 422


def test_a_tutor_of_some_modules_does_not_write_to_all(place: Place, signed_in: Callable[[int], FlaskClient]) -> None:
    """Neither by the form nor past it, and sees no deliveries."""
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).modules = ["module2"]
    tutor = signed_in(place.person("tutor"))
    assert "Start a topic" not in tutor.get(f"{place.base}/announcements/").text
    assert tutor.get(f"{place.base}/announcements/new").status_code == 403
    assert tutor.post(f"{place.base}/announcements/new", data={"title": "T", "body": "B", "send": "1"}).status_code == 403
    with pytest.raises(Forbidden, match="tutors of all modules"):
        factories.topic(place, place.tutor, "announcements")
    assert tutor.get(place.base.replace("/forums", "/deliveries/")).status_code == 403
    assert not factories.mails("forums.announcement")
