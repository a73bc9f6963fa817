"""The funnel, who is at risk, and the day of the staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.core import clock, tasks
from lms.core.db import db, unit_of_work
from lms.core.domain import EditionState, Enrolment, EnrolmentState
from lms.forums.api import flag, reply, start_topic
from lms.gradebook.api import Standing, ensure_settled
from lms.modules.api import mark_read, modules_of
from lms.people import funnel, lists
from lms.people.choice import Choice
from lms.people.stages import stages
from lms.quizzes.api import start_attempt
from tests.core import factories
from tests.people.conftest import Place, SignIn


def read(place: Place, enrolment: int, module: int = 0) -> None:
    """Let a learner read a lesson of a module."""
    with unit_of_work():
        mark_read(enrolment, modules_of(place.info.id)[module].lessons[0].id)


def well(place: Place, name: str = "Ana", **facts: object) -> int:
    """Register a learner for whom nothing speaks of risk."""
    enrolment = place.learner(name, seen_at=clock.now(), **facts)
    for number, module in enumerate(modules_of(place.info.id)):
        if module.opens_at(place.info) < clock.now():
            read(place, enrolment, number)
            with unit_of_work():
                start_attempt(enrolment, module.slug)
    return enrolment


def average(enrolment: int, value: int) -> None:
    """Give a learner an average."""
    with unit_of_work():
        values = {"final": Decimal(value), "so_far": Decimal(value)}
        db.session.execute(update(Standing).where(Standing.enrolment_id == enrolment).values(values))


# The funnel


def test_each_number_is_that_of_the_list_behind_it(place: Place, admin: FlaskClient) -> None:
    """For every step and every part, as the page links it."""
    ana, ben = place.learner("Ana", country="KH"), place.learner("Ben", country="SG", gender="man", sector="private")
    place.learner("Cai", state=EnrolmentState.APPLIED)
    place.learner("Dan", country="TH", gender="undisclosed")
    read(place, ana)
    with unit_of_work():
        start_topic(place.info.id, ben, "module1", "A question", "What?")
    ensure_settled(place.info)
    average(ben, 50)
    found = funnel.funnel(place.info)
    assert [(stage.key, share.count) for stage, share in zip(found.stages, found.all, strict=True)] == [
        ("registered", 3),
        ("active", 2),
        ("passing", 1),
    ]
    page = admin.get(f"{place.base}/funnel").text
    links = re.findall(r'<a href="([^"]*stage=[^"]*)">(\d+)</a>', page)
    assert len(links) == len(found.stages) * (3 + sum(len(parts) for _, parts in found.parts))
    for address, count in links:
        listed = admin.get(address.replace("&amp;", "&"))
        assert listed.text.count('<th scope="row">') == int(count), address


def test_a_large_edition_is_counted_now_and_then(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its funnel says when that was; the periodic task counts anew, and so does who asks after ten minutes."""
    monkeypatch.setattr(funnel, "LARGE", 1)
    place.learner("Ana")
    place.learner("Ben")
    assert [share.count for share in funnel.funnel(place.info).all] == [2, 0, 0]
    place.learner("Cai")
    with clock.at(clock.now() + timedelta(minutes=9)):
        assert [share.count for share in funnel.funnel(place.info).all] == [2, 0, 0]
        page = admin.get(f"{place.base}/funnel").text
        assert "large editions are counted anew every few minutes" in page
        tasks.run("people.count")
        assert [share.count for share in funnel.funnel(place.info).all] == [3, 0, 0]
    place.learner("Dan")
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert funnel.funnel(place.info).all[0].count == 4
    monkeypatch.setattr(funnel, "LARGE", 5000)
    assert "counted anew" not in admin.get(f"{place.base}/funnel").text


def test_countries_without_learners_are_there(place: Place, admin: FlaskClient) -> None:
    """With 0, and a rate only where somebody is registered."""
    place.learner("Ana", country="KH")
    page = admin.get(f"{place.base}/funnel").text
    none = '<td class="num"><a [^>]*>0</a>'
    assert re.search(f'Indonesia</th>{none}</td>{none}<br><span class="meta">of 0</span>', page)
    assert '0</a><br><span class="meta">of 1, 0.0 %</span>' in page
    assert "Registered, and did at least one of these: " in page


def test_an_edition_without_learners_has_a_funnel(place: Place, admin: FlaskClient) -> None:
    assert admin.get(f"{place.base}/funnel").status_code == 200


def test_who_has_a_certificate_is_counted_once_the_edition_is_closed(place: Place) -> None:
    closed = replace(place.info, state=EditionState.CLOSED)
    assert [stage.key for stage in stages(place.info)] == ["registered", "active", "passing"]
    assert [stage.label for stage in stages(closed)] == ["Registered", "Active", "Passed", "Certified", "Selected"]
    assert lists.page(closed, Choice(stage="certified"), private=True).total == 0


# At risk


def test_reasons_and_order(place: Place, tutor: FlaskClient) -> None:
    """Who was never here first, then who has been away longest; who does well is not listed."""
    well(place, "Ana")
    well(place, "Ben")
    away = well(place, "Cai")
    low = well(place, "Dan")
    place.learner("Eve")
    place.learner("Fay", state=EnrolmentState.WITHDRAWN)
    with unit_of_work():
        db.session.execute(update(Enrolment).where(Enrolment.id == away).values(seen_at=clock.now() - timedelta(days=9)))
    ensure_settled(place.info)
    average(low, 30)
    page = tutor.get(f"{place.base}/at-risk").text
    assert re.findall(r'<th scope="row"><a [^>]*><bdi>([^<]*)', page) == ["Eve", "Cai", "Dan"]
    for reason in ("Has never signed in.", "No sign-in for 9 days.", "Average so far 30.0 %, 20.0 points below the pass mark."):
        assert f"<li>{reason}</li>" in page
    assert "<li>Not begun: module 1" in page
    assert re.search(r"No quiz attempted of \d open\.", page)


def test_a_tutor_of_some_modules_sees_risks_of_these(place: Place, signed_in: SignIn) -> None:
    """Another module that is not begun is no reason for them."""
    learner = place.learner("Ana", seen_at=clock.now())
    slugs = [module.slug for module in modules_of(place.info.id)]
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).modules = slugs[-1:]
    read(place, learner, len(slugs) - 1)
    with unit_of_work():
        db.session.execute(update(Enrolment).where(Enrolment.id == learner).values(seen_at=clock.now()))
    page = signed_in(factories.person_of(place.tutor)).get(f"{place.base}/at-risk").text
    assert "Not begun: module 1" not in page


def test_many_at_risk_in_pages(place: Place, tutor: FlaskClient, statements: Callable[[], Any]) -> None:
    """As many statements for a full page as for an empty one."""
    with statements() as none:
        assert "No learner is at risk" in tutor.get(f"{place.base}/at-risk").text
    for number in range(55):
        place.learner(f"Person {number}")
    tutor.get(f"{place.base}/at-risk")
    with statements() as many:
        first = tutor.get(f"{place.base}/at-risk").text
    assert len(many) <= len(none)
    more = re.search(r'rel="next" href="([^"]*)"', first)
    assert more is not None
    second = tutor.get(more[1]).text
    assert len(set(re.findall(r"<bdi>(Person \d+)", first + second))) == 55


def test_the_last_note_is_shown(place: Place, tutor: FlaskClient) -> None:
    learner = place.learner("Eve")
    assert "Write a note" in tutor.get(f"{place.base}/at-risk").text
    tutor.post(f"{place.base}/people/{learner}/note", data={"text": "Hello", "last": "0"})
    page = tutor.get(f"{place.base}/at-risk").text
    assert "by <bdi>Rosa Lindqvist</bdi>" in page
    assert "Write a note" not in page


# Today


def test_what_waits(place: Place, tutor: FlaskClient) -> None:
    """Reports, and questions without an answer for over a day: not those that a tutor answered, nor fresh ones."""
    ana, ben = well(place, "Ana"), well(place, "Ben")
    with clock.at(clock.now() - timedelta(hours=30)), unit_of_work():
        old = start_topic(place.info.id, ana, "module1", "An old question", "What?")
        answered = start_topic(place.info.id, ana, "module1", "An answered question", "Why?")
        reply(place.info.id, place.tutor, answered.topic_id, "Because.")
        reply(place.info.id, ben, answered.topic_id, "Thank you.")
    with unit_of_work():
        start_topic(place.info.id, ana, "module1", "A fresh question", "When?")
        flag(place.info.id, ben, old.post_id, "rude", "")
    page = tutor.get(f"{place.base}/today").text
    assert re.findall(r'<p class="big">(\d+)</p>', page) == ["1", "1"]
    assert "An old question" in page
    assert "An answered question" not in page
    assert "A fresh question" not in page
    assert "The oldest waits since" in page


def test_a_quiet_day(place: Place, tutor: FlaskClient) -> None:
    page = tutor.get(f"{place.base}/today").text
    assert "No report waits for a decision." in page
    assert "Every question has an answer." in page
    assert "No learner is at risk" in page


def test_a_tutor_of_other_modules_is_spared(place: Place, tutor: FlaskClient) -> None:
    ana = well(place, "Ana")
    with clock.at(clock.now() - timedelta(hours=30)), unit_of_work():
        start_topic(place.info.id, ana, "module1", "An old question", "What?")
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).modules = ["module2"]
    assert "An old question" not in tutor.get(f"{place.base}/today").text


def test_today_takes_few_statements(place: Place, tutor: FlaskClient, statements: Callable[[], Any]) -> None:
    for number in range(8):
        place.learner(f"Person {number}")
    tutor.get(f"{place.base}/today")
    with statements() as seen:
        tutor.get(f"{place.base}/today")
    seen.at_most(10)
