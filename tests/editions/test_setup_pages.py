"""The pages on which editions are set up, extended, previewed and closed, in a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.domain import Course, Edition, EditionState, Enrolment, Role
from lms.editions.models import Extension
from tests.core import factories
from tests.editions.factories import filled, plan, with_team
from tests.editions.test_setting_up import draft, stored

Sign = Callable[[int], FlaskClient]
NEW = "/editions/new?course=small&start=2027-08-26"


@pytest.fixture
def admin(signed_in: Sign) -> FlaskClient:
    """Sign in an administrator of the installation."""
    return signed_in(factories.person(administrator=True))


def base(edition_id: int) -> str:
    """Give an edition's address."""
    return f"/e/{factories.slug_of(edition_id)}"


def test_an_edition_is_made_from_a_course(admin: FlaskClient, course: Course) -> None:
    """The form is filled in from the course; what it makes is a draft, on record."""
    start = factories.someday(300)
    address = f"/editions/new?course={course.slug}&start={start}"
    assert "A small course" in admin.get("/editions/new").text
    form = filled(admin.get(address).text)
    assert (form["starts_on"], form["ends_on"]) == (f"{start}", f"{start + timedelta(days=13)}")
    assert (form["opens_module1"], form["closes_module1"]) == ("1", "14")
    sent = {**form, "title": "First of all", "countries": "Viet Nam\nkh", "demo": "y", "zone": "Asia/Singapore"}
    answer = admin.post(address, data=sent)
    assert answer.location == f"/e/{form['slug']}/set-up"
    made = db.session.scalars(select(Edition)).one()
    assert (made.title, made.state, made.countries) == ("First of all", EditionState.DRAFT, ["VN", "KH"])
    page = admin.get(answer.location).text
    assert "2 things are missing" in page
    assert "First of all" in admin.get("/editions").text
    assert db.session.scalars(select(AuditEntry.action)).all() == ["edition.create"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Please fill this in."),
        ("slug", "No Good", "Please use small letters"),
        ("slug", "new", "Please use small letters"),
        ("starts_on", "tomorrow", "Please give a date"),
        ("starts_on", "0001-01-01", "Please give a date from 2000"),
        ("ends_on", "2027-08-25", "The edition would end before it starts."),
        ("zone", "Asia/Atlantis", "There is no such time zone."),
        ("countries", "Atlantis", "Not a country: Atlantis."),
        ("pass_mark", "NaN", "Please give a number from 0 to 100."),
        ("pass_mark", "101", "Please give a number from 0 to 100."),
        ("attempts", "many", "Please give a whole number."),
        ("attempts", "0", "Please give a number from 1 to 100"),
        ("opens_module1", "0", "Please give a day from 1 to 1000."),
        ("closes_module1", "999", "is outside the edition"),
        ("registration_closes", "2020-01-01", "Registration would close before it opens."),
    ],
)
def test_faults_are_said_beside_the_field(admin: FlaskClient, course: Course, field: str, value: str, words: str) -> None:
    """What was typed stays, and nothing is made."""
    address = f"/editions/new?course={course.slug}&start=2027-08-26"
    form = {**filled(admin.get(address).text), "countries": "", "title": "Kept as typed", field: value}
    page = admin.post(address, data=form)
    assert (page.status_code, words in page.text, 'aria-invalid="true"' in page.text) == (422, True, True)
    assert field == "title" or "Kept as typed" in page.text
    assert db.session.scalar(select(func.count(Edition.id))) == 0


def test_an_address_in_use(admin: FlaskClient, course: Course) -> None:
    address = f"/editions/new?course={course.slug}&start=2027-08-26"
    form = {**filled(admin.get(address).text), "countries": ""}
    admin.post(address, data=form)
    page = admin.post(address, data=form)
    assert (page.status_code, "There is an edition" in page.text) == (422, True)


@pytest.mark.parametrize("query", ["", "?course=small", "?start=2027-01-01", "?course=&start=x", "?course=small&start=9999-12-31"])
def test_without_course_and_day_they_are_asked_for(admin: FlaskClient, course: Course, query: str) -> None:
    del course
    page = admin.get(f"/editions/new{query}")
    assert (page.status_code, 'name="start"' in page.text) == (200, True)


def test_a_course_that_is_not_there(admin: FlaskClient) -> None:
    assert admin.get("/editions/new?course=nothing&start=2027-08-26").status_code == 404


def test_a_draft_is_invisible(signed_in: Sign, client: FlaskClient, course: Course) -> None:
    """To the public and to strangers on every page; its staff see it."""
    edition_id = draft(course)
    with_team(edition_id)
    stranger = signed_in(factories.person())
    for browser in (client, stranger):
        assert {browser.get(f"{base(edition_id)}{path}").status_code for path in ("/", "/dashboard", "/register", "/set-up")} == {404}
        assert "Edition of 2027" not in browser.get("/").text
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    assert tutor.get(f"{base(edition_id)}/dashboard").status_code == 200
    assert tutor.get(f"{base(edition_id)}/set-up").status_code == 403


def test_publishing_from_the_page(admin: FlaskClient, client: FlaskClient, course: Course) -> None:
    """The button is there when nothing is missing; without it a press is refused with the reasons."""
    edition_id = draft(course)
    refused = admin.post(f"{base(edition_id)}/set-up/publish")
    assert (refused.status_code, "At least one tutor" in refused.text) == (409, True)
    with_team(edition_id)
    assert "/set-up/publish" in admin.get(f"{base(edition_id)}/set-up").text
    assert admin.post(f"{base(edition_id)}/set-up/publish").status_code == 302
    assert client.get(f"{base(edition_id)}/").status_code == 200
    assert admin.post(f"{base(edition_id)}/set-up/publish").status_code == 409


def test_a_page_out_of_date_keeps_what_was_typed(admin: FlaskClient, course: Course) -> None:
    """It says what is stored now; sent again, it is taken."""
    edition_id = draft(course)
    address = f"{base(edition_id)}/set-up/change"
    form = filled(admin.get(address).text)
    assert admin.post(address, data={**form, "title": "By the first"}).status_code == 302
    page = admin.post(address, data={**form, "title": "By the second"})
    assert (page.status_code, "By the second" in page.text, "title: By the first" in page.text) == (409, True, True)
    again = filled(page.text)
    assert admin.post(address, data=again).status_code == 302
    assert stored(edition_id).title == "By the second"


def test_saving_what_is_there_changes_nothing(admin: FlaskClient, course: Course) -> None:
    edition_id = factories.edition(course.id)
    form = filled(admin.get(f"{base(edition_id)}/set-up/change").text)
    assert admin.post(f"{base(edition_id)}/set-up/change", data=form).status_code == 302
    assert "edition.change" not in db.session.scalars(select(AuditEntry.action)).all()


def test_cloning_from_the_page(admin: FlaskClient, course: Course) -> None:
    """With another day; a taken address is refused beside its field."""
    edition_id = draft(course, plan())
    factories.enrolment(edition_id)
    page = admin.post(f"{base(edition_id)}/set-up/clone", data={"title": "Next", "slug": "next", "starts_on": "2028-08-26"})
    assert page.location == "/e/next/set-up"
    made = db.session.scalars(select(Edition).where(Edition.slug == "next")).one()
    assert made.ends_on - made.starts_on == timedelta(days=34)
    assert db.session.scalar(select(func.count(Enrolment.id)).where(Enrolment.edition_id == made.id)) == 0
    again = admin.post(f"{base(edition_id)}/set-up/clone", data={"title": "Next", "slug": "next", "starts_on": "2028-08-26"})
    assert (again.status_code, "There is an edition" in again.text) == (422, True)


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TUTOR, Role.ADMINISTRATOR])
def test_who_may_set_up(signed_in: Sign, course: Course, role: Role) -> None:
    """Administrators of the edition set it up; only those of the installation make editions; others' are out of reach."""
    mine, theirs = factories.edition(course.id), factories.edition(course.id)
    browser = signed_in(factories.person_of(factories.enrolment(mine, role=role)))
    allowed = 200 if role == Role.ADMINISTRATOR else 403
    assert {browser.get(f"{base(mine)}/set-up{path}").status_code for path in ("", "/change")} == {allowed}
    assert {browser.get(address).status_code for address in ("/editions", NEW, f"{base(mine)}/set-up/clone")} == {403}
    assert browser.get(f"{base(theirs)}/set-up").status_code == 403
    assert browser.get(f"{base(mine)}/more-time").status_code == (403 if role == Role.LEARNER else 200)
    assert browser.get(f"{base(theirs)}/more-time").status_code == 403


def test_more_time_from_the_page(signed_in: Sign, course: Course) -> None:
    """The learner reads until when and why; then it is withdrawn."""
    edition_id = factories.edition(course.id)
    learner = factories.person(email="sokha@example.org")
    factories.enrolment(edition_id, learner)
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    sent = {"learner": "Sokha@example.org", "country": "", "module": "module1", "hours": "48", "reason": "The power was off."}
    wrong = tutor.post(f"{base(edition_id)}/more-time", data={**sent, "hours": "0"})
    assert (wrong.status_code, "from 1 to 2160" in wrong.text, "The power was off." in wrong.text) == (422, True, True)
    unknown = tutor.post(f"{base(edition_id)}/more-time", data={**sent, "learner": "nobody@example.org"})
    assert (unknown.status_code, "No learner of this edition" in unknown.text) == (422, True)
    assert tutor.post(f"{base(edition_id)}/more-time", data=sent).status_code == 302
    page = signed_in(learner).get(f"{base(edition_id)}/quizzes/module1/").text
    assert "Extended until" in page
    assert "The power was off." in page
    extension = db.session.scalars(select(Extension.id)).one()
    assert "The power was off." in tutor.get(f"{base(edition_id)}/more-time").text
    assert tutor.post(f"{base(edition_id)}/more-time/{extension}/withdraw").status_code == 302
    assert tutor.post(f"{base(edition_id)}/more-time/{extension}/withdraw").status_code == 409
    assert tutor.post(f"{base(edition_id)}/more-time/{extension + 1}/withdraw").status_code == 404
    assert "Extended until" not in signed_in(learner).get(f"{base(edition_id)}/quizzes/module1/").text


def test_more_time_for_the_learner_whose_page_led_there(signed_in: Sign, course: Course) -> None:
    """Without the address, which tutors don't see; colleagues and learner read it among the grades."""
    edition_id = factories.edition(course.id)
    learner = factories.enrolment(edition_id, factories.person(name="Sokha Pov"))
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    page = tutor.post(f"{base(edition_id)}/people/{learner}", data={"purpose": "help with the course"}, follow_redirects=True).text
    address = f"{base(edition_id)}/more-time?to={learner}"
    assert f'href="{address}"' in page
    form = tutor.get(address).text
    assert ("Sokha Pov" in form, "E-mail address of a learner" in form) == (True, False)
    sent = {"module": "module1", "hours": "48", "reason": "The power was off."}
    assert tutor.post(address, data={**sent, "hours": ""}).status_code == 422
    assert tutor.post(address, data=sent).status_code == 302
    assert [*db.session.execute(select(Extension.enrolment_id, Extension.country))] == [(learner, None)]
    assert "48 hours more: The power was off." in tutor.get(f"{base(edition_id)}/grades/{learner}").text
    for wrong in ("x", "", str(learner + 1), "9" * 15):
        assert tutor.post(f"{base(edition_id)}/more-time?to={wrong}", data=sent).status_code == 404


def test_the_preview_shows_a_learners_day_and_changes_nothing(signed_in: Sign, course: Course) -> None:
    """On the first day module 2 is closed, a week later it is open; every change is refused until the way out is taken."""
    edition_id = factories.edition(course.id)
    start = stored(edition_id).starts_on
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    assert tutor.post(f"{base(edition_id)}/preview", data={"on": start.isoformat()}).status_code == 302
    page = tutor.get(f"{base(edition_id)}/modules/").text
    assert "Preview: the course as a learner sees it" in page
    assert f"{base(edition_id)}/modules/module2/" not in page
    assert [tutor.get(f"{base(edition_id)}/modules/{m}/").status_code for m in ("module1", "module2")] == [200, 403]
    assert "Preview the quiz" not in tutor.get(f"{base(edition_id)}/quizzes/module1/").text
    assert tutor.get(f"{base(edition_id)}/forums/").status_code == 200
    refused = tutor.post(f"{base(edition_id)}/more-time", data={})
    assert (refused.status_code, "Leave the preview" in refused.text) == (409, True)
    assert tutor.post(f"{base(edition_id)}/modules/module1/first/read").status_code == 409
    tutor.post(f"{base(edition_id)}/preview", data={"on": (start + timedelta(days=7)).isoformat()})
    assert tutor.get(f"{base(edition_id)}/modules/module2/").status_code == 200
    assert tutor.post(f"{base(edition_id)}/preview/end").status_code == 302
    assert "Preview: the course" not in tutor.get(f"{base(edition_id)}/modules/").text


def test_the_menu_of_a_preview_leads_where_a_learner_goes(signed_in: Sign, course: Course) -> None:
    """To the pages that can be seen so, behind a button on phones; to none of the staff's."""
    edition_id = factories.edition(course.id)
    tutor = signed_in(factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR)))
    tutor.post(f"{base(edition_id)}/preview", data={"on": stored(edition_id).starts_on.isoformat()})
    page = tutor.get(f"{base(edition_id)}/modules/").text
    menu = page.partition('<nav class="places"')[2].partition("</nav>")[0]
    assert '<details class="menu phone">' in page
    assert f'href="{base(edition_id)}/modules/"' in menu
    assert f'href="{base(edition_id)}/forums/"' in menu
    assert f'href="{base(edition_id)}/people/"' not in menu


def test_a_preview_ends_with_the_role(signed_in: Sign, course: Course) -> None:
    """And it is one edition's; a learner can't begin one."""
    edition_id, other = factories.edition(course.id), factories.edition(course.id)
    person = factories.person()
    for each in (edition_id, other):
        factories.enrolment(each, person, role=Role.TUTOR if each == edition_id else Role.LEARNER)
    browser = signed_in(person)
    browser.post(f"{base(edition_id)}/preview", data={"on": stored(edition_id).starts_on.isoformat()})
    assert "Preview: the course" not in browser.get(f"{base(other)}/modules/").text
    assert browser.post(f"{base(other)}/preview", data={"on": "2027-01-01"}).status_code == 403
    assert browser.post(f"{base(edition_id)}/preview", data={"on": "never"}).status_code == 422


def test_closing_what_changed_since_is_refused(admin: FlaskClient, course: Course) -> None:
    """The page says what, and shows the new numbers to press on."""
    edition_id = factories.edition(course.id)
    form = filled(admin.get(f"{base(edition_id)}/close").text)
    factories.enrolment(edition_id)
    page = admin.post(f"{base(edition_id)}/close", data=form)
    assert (page.status_code, "Learners: 0 before, 1 now" in page.text) == (409, True)
    assert admin.post(f"{base(edition_id)}/close", data=filled(page.text)).status_code == 302


@pytest.mark.parametrize(("path", "most"), [("/editions", 4), ("/e/{}/set-up", 12), ("/e/{}/more-time", 6), ("/e/{}/set-up/change", 7)])
def test_pages_cost_few_statements(admin: FlaskClient, course: Course, statements: Callable[[], Any], path: str, most: int) -> None:
    """However many editions, people and exceptions there are."""
    editions = [factories.edition(course.id) for _ in range(3)]
    for edition_id in editions:
        factories.enrolment(edition_id)
    address = path.format(factories.slug_of(editions[0]))
    admin.get(address)
    with statements() as seen:
        assert admin.get(address).status_code == 200
    seen.at_most(most)
