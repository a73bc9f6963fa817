"""Giving and taking roles: what it opens and closes, and that there always is an administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import DomainError
from lms.core.mail import OutgoingMail
from lms.core.viewer import Viewer, edition_by_id
from lms.team import commands
from tests.core import factories
from tests.core.threads import at_once


@dataclass
class Place:
    """An edition with an administrator and a tutor, each by enrolment."""

    edition: int
    base: str
    admin: int
    tutor: int


@pytest.fixture
def place(course: Course) -> Place:
    """Make it."""
    edition = factories.edition(course.id)
    admin, tutor = (factories.enrolment(edition, role=role) for role in (Role.ADMINISTRATOR, Role.TUTOR))
    return Place(edition, f"/e/{factories.slug_of(edition)}", admin, tutor)


@pytest.fixture
def admin(place: Place, signed_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(factories.person_of(place.admin))


def role_of(enrolment: int) -> tuple[str, str, list[str]]:
    """Give role, state and modules as they are now."""
    db.session.expire_all()
    row = db.session.get_one(Enrolment, enrolment)
    return row.role, row.state, row.modules


def acts() -> list[str]:
    """Give what is on record."""
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_adding_a_tutor(place: Place, admin: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """For some modules, by address in any case; it holds at once, is told and on record."""
    person = factories.person(email="rosa@example.org", name="Rosa")
    browser = signed_in(person)
    assert browser.get(f"{place.base}/forums/flags").status_code == 403
    data = {"email": "Rosa@Example.org", "role": "tutor", "modules": ["module2"]}
    page = admin.post(f"{place.base}/team", data=data, follow_redirects=True).text
    assert "Rosa is on the team now" in page
    assert "module 2 " in page
    assert browser.get(f"{place.base}/forums/flags").status_code == 200
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.to, "You are a tutor of" in mail.subject) == ("rosa@example.org", True)
    assert acts() == ["team.add"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nobody@example.org", "Nobody has an account"),
        ("email", "new@example.org", "has not confirmed it yet"),
        ("email", "tutor@example.org", "on the team already"),
        ("email", "", "Please fill this in"),
        ("role", "learner", "Not a valid choice"),
        ("role", "", "Please choose one"),
        ("modules", "module9", "not a valid choice"),
    ],
)
def test_who_can_not_be_added(place: Place, admin: FlaskClient, field: str, value: str, words: str) -> None:
    """The reason stands beside the field, and nothing is changed."""
    factories.person(email="new@example.org", email_confirmed_at=None)
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).person.email = "tutor@example.org"
    factories.person(email="fine@example.org")
    page = admin.post(f"{place.base}/team", data={"email": "fine@example.org", "role": "tutor", field: value})
    assert page.status_code == 422
    assert words.lower() in page.text.lower()
    assert (acts(), db.session.scalar(select(func.count(OutgoingMail.id)))) == ([], 0)


def test_a_learner_becomes_a_tutor(place: Place, admin: FlaskClient) -> None:
    """By the same enrolment."""
    learner = factories.enrolment(place.edition, factories.person(email="l@example.org"))
    admin.post(f"{place.base}/team", data={"email": "l@example.org", "role": "tutor"})
    assert role_of(learner) == ("tutor", "confirmed", [])


def test_changing_a_role(place: Place, admin: FlaskClient) -> None:
    """Modules belong to tutors alone; the form shows what is so now."""
    url = f"{place.base}/team/{place.tutor}"
    admin.post(url, data={"role": "tutor", "modules": ["module1", "module2"]})
    assert role_of(place.tutor) == ("tutor", "confirmed", ["module1", "module2"])
    assert admin.get(url).text.count("checked") == 3
    admin.post(url, data={"role": "administrator", "modules": ["module1"]})
    assert role_of(place.tutor) == ("administrator", "confirmed", [])
    assert acts() == ["team.change"] * 2


def test_a_role_ends_at_once_and_comes_back(place: Place, admin: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """From the next request on; undo gives the same role and modules back, and doing it twice is one."""
    tutor = signed_in(factories.person_of(place.tutor))
    admin.post(f"{place.base}/team/{place.tutor}", data={"role": "tutor", "modules": ["module1"]})
    assert tutor.get(f"{place.base}/forums/flags").status_code == 200
    page = admin.post(f"{place.base}/team/{place.tutor}/remove", follow_redirects=True).text
    assert f'action="{place.base}/team/{place.tutor}/restore"' in page
    assert tutor.get(f"{place.base}/forums/flags").status_code == 403
    assert admin.post(f"{place.base}/team/{place.tutor}/remove").status_code == 404
    for _ in range(2):
        assert admin.post(f"{place.base}/team/{place.tutor}/restore").status_code == 302
    assert role_of(place.tutor) == ("tutor", "confirmed", ["module1"])
    assert tutor.get(f"{place.base}/forums/flags").status_code == 200
    assert acts() == ["team.change", "team.remove", "team.add"]


@pytest.mark.parametrize(
    ("role", "may_export", "status"),
    [(Role.LEARNER, True, 403), (Role.TUTOR, False, 403), (Role.TUTOR, True, 200), (Role.ADMINISTRATOR, False, 200)],
)
@pytest.mark.parametrize("file", ["people.csv", "people.xlsx", "ranking.csv", "ranking.xlsx"])
def test_who_takes_lists_as_files(
    place: Place, signed_in: Callable[[int], FlaskClient], file: str, role: Role, may_export: bool, status: int
) -> None:
    """Administrators, and tutors who were given the right; nobody else, whatever the row of a learner says."""
    taker = factories.enrolment(place.edition, role=role, may_export=may_export)
    browser = signed_in(factories.person_of(taker))
    assert browser.get(f"{place.base}/{file}").status_code == status
    page = browser.get(f"{place.base}/people/").text
    assert (f'{place.base}/people.csv"' in page) == (status == 200)


def test_the_files_of_a_tutor_hold_what_the_pages_show(
    place: Place, admin: FlaskClient, signed_in: Callable[[int], FlaskClient]
) -> None:
    """No address or country, nobody without a place; whoever is in them reads who took them, and the right ends at once."""
    mai = factories.enrolment(place.edition, factories.person(name="Mai Nguyen"), country="VN")
    factories.enrolment(place.edition, factories.person(name="Cai Tran"), state=EnrolmentState.APPLIED)
    tutor, url = signed_in(factories.person_of(place.tutor)), f"{place.base}/team/{place.tutor}"
    admin.post(url, data={"role": "tutor", "may_export": "y"})
    assert "may take lists as files" in admin.get(f"{place.base}/team").text
    asked = "columns=email&columns=country&columns=seen&country=SG"
    people = tutor.get(f"{place.base}/people.csv?{asked}").text.splitlines()
    assert people[0].lstrip("\ufeff") == "Name,Last seen"
    assert (len(people), any("Mai" in line for line in people), any("Cai" in line for line in people)) == (4, True, False)
    ranking = tutor.get(f"{place.base}/ranking.csv?{asked}&columns=final").text.splitlines()
    assert (ranking[0].lstrip("\ufeff"), len(ranking)) == ("Rank,Tied,Name,Final", 2)
    page = signed_in(factories.person_of(mai)).get("/account/privacy").text
    assert ("a list of people (CSV) with name, Last seen" in page, "the ranking (CSV) with name, Final" in page) == (True, True)
    admin.post(url, data={"role": "tutor"})
    assert tutor.get(f"{place.base}/people.csv").status_code == 403


def test_seeing_the_edition_as_a_tutor(place: Place, admin: FlaskClient) -> None:
    """With the tutor's rights, reading alone; what is looked at stands on record as the administrator's look; it ends by a button."""
    mai, url = factories.enrolment(place.edition), f"{place.base}/team/{place.tutor}"
    admin.post(url, data={"role": "tutor", "modules": ["module2"]})
    assert "sees it, a tutor of some modules" in admin.post(f"{url}/preview", follow_redirects=True).text
    for page, status in (("today", 200), ("people/", 200), ("forums/flags", 200), ("team", 403), ("people.csv", 403), ("funnel", 403)):
        assert admin.get(f"{place.base}/{page}").status_code == status, page
    reply = admin.post(f"{place.base}/people/{mai}/note", data={"text": "Hello", "last": "0"})
    assert (reply.status_code, "so nothing can be changed" in reply.text) == (409, True)
    assert admin.post(f"{url}/remove").status_code == 403
    assert admin.get(f"{place.base}/people/{mai}").status_code == 200
    looked = db.session.execute(select(AuditEntry.actor_id, AuditEntry.role).where(AuditEntry.action == "people.look")).one()
    assert looked == (factories.person_of(place.admin), "administrator")
    assert admin.get("/").status_code == 302
    assert "as it is again" in admin.post(f"{place.base}/preview/end", follow_redirects=True).text
    assert admin.get(f"{place.base}/team").status_code == 200
    assert acts() == ["team.change", "team.preview", "people.look"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "team.preview")).one()
    assert (entry.about_id, entry.detail["modules"]) == (factories.person_of(place.tutor), ["module2"])


def test_a_preview_gives_and_keeps_no_right(place: Place, admin: FlaskClient) -> None:
    """It is over when the tutor is none any more; whoever has lost the administrator's role has what is left to them."""
    other, url = factories.enrolment(place.edition, role=Role.TUTOR, may_export=True), f"{place.base}/team"
    admin.post(f"{url}/{place.tutor}/preview")
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).state = EnrolmentState.WITHDRAWN
    assert admin.get(url).status_code == 200
    admin.post(f"{url}/{other}/preview")
    with unit_of_work():
        db.session.get_one(Enrolment, place.admin).role = Role.LEARNER
    page = admin.get(f"{place.base}/dashboard").text
    assert ("Hello," in page, "sees it, a tutor" in page) == (True, False)
    assert admin.get(f"{place.base}/people.csv").status_code == 403


@pytest.mark.parametrize("what", ["administrator", "learner", "nobody"])
def test_only_tutors_are_seen_as(place: Place, admin: FlaskClient, what: str) -> None:
    there = {"administrator": place.admin, "learner": factories.enrolment(place.edition), "nobody": 2**53}[what]
    assert admin.post(f"{place.base}/team/{there}/preview").status_code == 404
    assert (admin.get(f"{place.base}/team").status_code, acts()) == (200, [])


def test_nobody_changes_their_own_role(place: Place, admin: FlaskClient) -> None:
    """So the last administrator stays; the page offers it not."""
    page = admin.get(f"{place.base}/team").text
    assert ("This is you" in page, f"/team/{place.admin}/remove" in page) == (True, False)
    assert admin.post(f"{place.base}/team/{place.admin}/remove").status_code == 409
    assert admin.post(f"{place.base}/team/{place.admin}", data={"role": "tutor"}).status_code == 409
    assert role_of(place.admin) == ("administrator", "confirmed", [])


def test_two_who_remove_each_other(place: Place, ctx: Flask) -> None:
    """At the same moment: one is left."""
    other = factories.enrolment(place.edition, role=Role.ADMINISTRATOR)
    pairs = [(factories.viewer_of(place.admin), other), (factories.viewer_of(other), place.admin)]
    assert sorted(at_once(ctx, 2, lambda: _remove(place, pairs.pop()))) == [False, True]
    rows = select(func.count()).select_from(Enrolment).where(Enrolment.role == "administrator", Enrolment.state == "confirmed")
    assert db.session.scalar(rows) == 1


def _remove(place: Place, pair: tuple[Viewer, int]) -> bool:
    try:
        with unit_of_work():
            commands.remove(edition_by_id(place.edition), *pair)
    except DomainError:
        return False
    return True


@pytest.mark.parametrize("what", ["learner", "elsewhere", "withdrawn", "nobody"])
def test_who_is_not_on_the_team_is_not_found(place: Place, admin: FlaskClient, what: str) -> None:
    """A learner, the tutor of another edition, somebody who left as a learner, a number of nobody."""
    there = {
        "learner": lambda: factories.enrolment(place.edition),
        "elsewhere": lambda: factories.enrolment(factories.edition(), role=Role.TUTOR),
        "withdrawn": lambda: factories.enrolment(place.edition, state=EnrolmentState.WITHDRAWN),
        "nobody": lambda: 2**53,
    }[what]()
    for act in ("", "/remove", "/restore"):
        assert admin.post(f"{place.base}/team/{there}{act}", data={"role": "tutor"}).status_code == 404, act


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TUTOR])
def test_the_team_is_for_administrators(place: Place, signed_in: Callable[[int], FlaskClient], role: Role) -> None:
    """Others read and change nothing of it."""
    browser = signed_in(factories.person_of(factories.enrolment(place.edition, role=role)))
    assert browser.get(f"{place.base}/team").status_code == 403
    assert browser.post(f"{place.base}/team/{place.tutor}/remove").status_code == 403
    assert browser.get("/administrators").status_code == 403


def test_the_installations_administrators(place: Place, signed_in: Callable[[int], FlaskClient]) -> None:
    """Are added by address and removed with undo, at once; nobody removes themselves."""
    first, second = factories.person(administrator=True), factories.person(email="b@example.org", name="Berta")
    browser, berta = signed_in(first), signed_in(second)
    assert "Berta administers" in browser.post("/administrators", data={"email": "b@example.org"}, follow_redirects=True).text
    assert browser.post("/administrators", data={"email": "b@example.org"}).status_code == 422
    assert berta.get("/desk/audit").status_code == 200
    assert berta.post(f"/administrators/{second}/remove").status_code == 409
    page = browser.post(f"/administrators/{second}/remove", follow_redirects=True).text
    assert '<input type="hidden" name="email" value="b@example.org">' in page
    assert berta.get("/desk/audit").status_code == 403
    assert browser.post(f"/administrators/{second}/remove").status_code == 404
    assert acts() == ["team.add_administrator", "team.remove_administrator"]
    assert (db.session.get_one(Person, first).administrator, place.admin > 0) == (True, True)


def test_two_administrators_who_remove_each_other(ctx: Flask) -> None:
    """At the same moment: one is left."""
    people = [factories.person(administrator=True) for _ in range(2)]
    pairs = [(people[0], people[1]), (people[1], people[0])]

    def remove() -> bool:
        actor, other = pairs.pop()
        try:
            with unit_of_work():
                commands.remove_administrator(Viewer(person_id=actor, administrator=True), other)
        except DomainError:
            return False
        return True

    assert sorted(at_once(ctx, 2, remove)) == [False, True]
    assert db.session.scalar(select(func.count(Person.id)).where(Person.administrator)) == 1


def test_the_list_takes_one_query(place: Place, admin: FlaskClient, statements: Callable[[], object]) -> None:
    """However many there are."""
    counts = []
    for _ in range(2):
        with statements() as seen:  # type: ignore[attr-defined]
            admin.get(f"{place.base}/team")
        counts.append(len(seen))
        for _ in range(5):
            factories.enrolment(place.edition, role=Role.TUTOR)
    assert counts[1] <= counts[0] <= 6
