"""The home page, an edition's public page, the dashboard and the closing, in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Course, Edition, EditionState, Role
from tests.core import factories

Sign = Callable[[int], FlaskClient]


@pytest.fixture
def edition(course: Course) -> int:
    """Store an edition of the small course whose first module is open."""
    return factories.edition(course.id)


def base(edition_id: int) -> str:
    """Give an edition's address."""
    return f"/e/{factories.slug_of(edition_id)}"


def links(page: str) -> list[str]:
    """List where a page's links lead."""
    return re.findall(r'<a [^>]*href="([^"]+)"', page)


def test_without_editions_the_home_page_says_so(client: FlaskClient) -> None:
    page = client.get("/")
    assert (page.status_code, "No edition is open yet" in page.text) == (200, True)


def test_the_home_page_shows_what_is_public(client: FlaskClient, edition: int, course: Course) -> None:
    """Open and closed editions, not drafts."""
    factories.edition(course.id, title="Edition in preparation", state=EditionState.DRAFT)
    over = factories.edition(course.id, title="Edition of last year", state=EditionState.CLOSED)
    page = client.get("/").text
    assert {f"{base(edition)}/", f"{base(over)}/"} <= set(links(page))
    assert "Edition in preparation" not in page


def test_who_belongs_to_one_edition_is_brought_to_it(signed_in: Sign, edition: int) -> None:
    """With a second one there is a choice again; somebody who only applied belongs to none."""
    person_id = factories.person_of(factories.enrolment(edition))
    assert signed_in(person_id).get("/").location == f"{base(edition)}/dashboard"
    factories.enrolment(factories.edition(), person_id)
    page = signed_in(person_id).get("/")
    assert (page.status_code, "Your courses" in page.text) == (200, True)
    applied = factories.person_of(factories.enrolment(edition, state="applied"))
    assert signed_in(applied).get("/").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/e/nothing/", 404), ("/e/nothing/dashboard", 404), ("/e/nothing/register", 404)])
def test_an_edition_that_is_not_there(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_the_public_page_says_what_newcomers_need(client: FlaskClient, edition: int) -> None:
    """Dates, zone, pass mark, countries by name, and the way in."""
    page = client.get(f"{base(edition)}/").text
    for words in ("Asia/Singapore", "at least 50 %", "Cambodia, Indonesia, Singapore", "A small course"):
        assert words in page
    assert f"{base(edition)}/register" in links(page)


@pytest.mark.parametrize(
    ("who", "leads_to", "not_to"),
    [("nobody", "register", "dashboard"), ("stranger", "register", "dashboard"), ("learner", "dashboard", "register")],
)
def test_the_public_page_offers_each_the_next_step(
    signed_in: Sign, client: FlaskClient, edition: int, who: str, leads_to: str, not_to: str
) -> None:
    """Newcomers and strangers may register, participants go on."""
    people = {"stranger": factories.person, "learner": lambda: factories.person_of(factories.enrolment(edition))}
    browser = client if who == "nobody" else signed_in(people[who]())
    found = links(browser.get(f"{base(edition)}/").text)
    assert f"{base(edition)}/{leads_to}" in found
    assert f"{base(edition)}/{not_to}" not in found


def test_a_learners_dashboard(signed_in: Sign, edition: int) -> None:
    """The next step, then the one after it; progress per module; a module that is not open is no link."""
    browser = signed_in(factories.person_of(factories.enrolment(edition)))
    with clock.at(clock.now()):
        page = browser.get(f"{base(edition)}/dashboard").text
        assert f"{base(edition)}/modules/module1/first" in links(page)
        browser.post(f"{base(edition)}/modules/module1/first/read")
        page = browser.get(f"{base(edition)}/dashboard").text
    assert f"{base(edition)}/modules/module1/second" in links(page)
    assert re.search(r"1 of \d+ done", page)


def test_a_module_that_is_not_open_is_no_link(signed_in: Sign, course: Course) -> None:
    edition_id = factories.edition(course.id, starts_on=factories.someday(-1))
    page = signed_in(factories.person_of(factories.enrolment(edition_id))).get(f"{base(edition_id)}/dashboard").text
    assert f"{base(edition_id)}/modules/module1/" in links(page)
    assert f"{base(edition_id)}/modules/module2/" not in links(page)


@pytest.mark.parametrize("role", [Role.TUTOR, Role.ADMINISTRATOR])
def test_staff_see_the_edition_and_not_a_learners_steps(signed_in: Sign, edition: int, role: Role) -> None:
    factories.enrolment(edition)
    page = signed_in(factories.person_of(factories.enrolment(edition, role=role))).get(f"{base(edition)}/dashboard").text
    assert "Next step" not in page
    assert "confirmed enrolments" in page


def test_a_dashboard_costs_few_statements(signed_in: Sign, edition: int, statements: Callable[[], Any]) -> None:
    """However many activities there are."""
    browser = signed_in(factories.person_of(factories.enrolment(edition)))
    browser.get(f"{base(edition)}/dashboard")
    with statements() as seen:
        assert browser.get(f"{base(edition)}/dashboard").status_code == 200
    seen.at_most(14)


def test_closing_is_shown_first_and_done_once(ctx: Flask, signed_in: Sign, edition: int) -> None:
    """The page says what will happen; the first press closes, the second is told so."""
    del ctx
    browser = signed_in(factories.person_of(factories.enrolment(edition, role=Role.ADMINISTRATOR)))
    page = browser.get(f"{base(edition)}/close").text
    assert 'method="post"' in page
    shown = {"shown": re.findall(r'name="shown" value="([^"]+)"', page)[0]}
    assert browser.post(f"{base(edition)}/close", data=shown).location == f"{base(edition)}/dashboard"
    assert browser.post(f"{base(edition)}/close", data=shown).status_code == 409
    assert "This edition is closed" in browser.get(f"{base(edition)}/close").text
    assert db.session.get_one(Edition, edition, populate_existing=True).state == EditionState.CLOSED


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TUTOR])
def test_only_administrators_close(signed_in: Sign, edition: int, role: Role) -> None:
    browser = signed_in(factories.person_of(factories.enrolment(edition, role=role)))
    assert (browser.get(f"{base(edition)}/close").status_code, browser.post(f"{base(edition)}/close").status_code) == (403, 403)
    assert db.session.get_one(Edition, edition, populate_existing=True).state == EditionState.OPEN


def test_administrators_of_another_edition_are_strangers(signed_in: Sign, edition: int) -> None:
    other = factories.edition()
    browser = signed_in(factories.person_of(factories.enrolment(other, role=Role.ADMINISTRATOR)))
    assert browser.get(f"{base(other)}/close").status_code == 200
    assert browser.get(f"{base(edition)}/close").status_code == 403


def test_after_the_end_lessons_stay_readable(signed_in: Sign, course: Course) -> None:
    """A closed edition's dashboard says so, and its lessons are there."""
    today = clock.now().date()
    edition_id = factories.edition(
        course.id, state=EditionState.CLOSED, starts_on=today - timedelta(days=99), ends_on=date(today.year, 1, 1)
    )
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    assert "The edition is over" in browser.get(f"{base(edition_id)}/dashboard").text
    assert browser.get(f"{base(edition_id)}/modules/module1/first").status_code == 200
