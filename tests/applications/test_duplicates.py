"""The same person under two names: found, merged once, or remembered as two people."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.applications import duplicates, likeness, tasks
from lms.applications.likeness import Face
from lms.applications.models import Application, Likeness
from lms.core import domain
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, Person, Role
from lms.core.names import search_key
from lms.modules.api import mark_read, modules_of
from tests.applications.conftest import Place, SignIn, kinds, mails, state_of
from tests.core import factories

TRADE = "Ministry of Trade"


def face(name: str, email: str = "a@example.org", country: str = "KH", institution: str = TRADE, printed: str = "") -> Face:
    """Give what an application is recognised by."""
    return Face(1, search_key(name, printed or name), email, country, institution)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (face("Sokha Pov"), face("POV Sokha"), ["the same name, in another order or script"]),
        (face("Nguyễn Thị Mai"), face("Nguyen Thi Mai"), ["the same name, in another order or script"]),
        (face("Sokha Pov", printed="សុខា ពៅ"), face("សុខា ពៅ"), ["the same name, in another order or script"]),
        (face("Siti Aminah"), face("Siti Aminnah"), ["a similar name at the same institution"]),
        (face("Siti Aminah"), face("Siti Aminnah", institution="A bank"), []),
        (face("Siti Aminah", "siti.aminah@a.org"), face("Siti Aminnah", "sitiaminah@b.org", institution="A bank"),
         ["a similar name", "the same beginning of the e-mail address"]),
        (face("Siti Aminah", "aminah88@a.org"), face("S. Rahman", "aminah88@b.org"), ["the same beginning of the e-mail address"]),
        (face("Siti Aminah", "info@a.org"), face("Ben Tan", "info@b.org"), []),
        (face("Siti Aminah"), face("Ben Tan"), []),
        (face("Siti"), face("Siti"), ["a similar name at the same institution"]),
        (face("Siti"), face("Siti", institution="A bank"), []),
    ],
)  # fmt: skip
def test_why_two_may_be_one(one: Face, other: Face, why: list[str]) -> None:
    """The same either way round."""
    assert list(likeness.reasons(one, other)) == list(likeness.reasons(other, one)) == why


@pytest.fixture
def pair(place: Place) -> tuple[int, int, int]:
    """Let somebody have applied twice, and give both enrolments and the proposal."""
    first = place.applicant("Sokha Pov", email="sokha@example.org", motivation="First.")
    second = place.applicant("Pov Sokha", email="spov@example.com", motivation="Second.")
    place.applicant("Ben Tan")
    tasks.sweep()
    return first, second, db.session.scalars(select(Likeness.id)).one()


def test_pairs_are_found_once_and_shown(place: Place, admin: FlaskClient, pair: tuple[int, int, int]) -> None:
    """In the list, on the page of either, side by side; that somebody looked can be read by both."""
    first, second, proposal = pair
    tasks.sweep()
    for path in ("duplicates", str(first), str(second)):
        assert f"applications/duplicates/{proposal}" in admin.get(f"{place.base}/applications/{path}").text
    page = admin.get(f"{place.base}/applications/duplicates/{proposal}").text
    assert ("sokha@example.org" in page, "spov@example.com" in page, "in another order or script" in page) == (True, True, True)
    assert db.session.scalar(select(func.count(Likeness.id))) == 1


def test_merging_keeps_one_account_and_the_history(place: Place, admin: FlaskClient, signed_in: SignIn, pair: tuple[int, int, int]) -> None:
    """The further state is taken over, the other is signed out and told; nothing leads into the kept account."""
    first, second, proposal = pair
    gone = factories.person_of(second)
    elsewhere = signed_in(gone)
    with unit_of_work():
        db.session.get_one(Enrolment, second).state = "confirmed"
    address = f"{place.base}/applications/duplicates/{proposal}"
    assert admin.post(f"{address}/merge", data={"keep": first}).location == f"{place.base}/applications/duplicates"
    assert (state_of(first), state_of(second)) == ("confirmed", "withdrawn")
    person = db.session.get_one(Person, gone, populate_existing=True)
    assert person.merged_into_id == factories.person_of(first)
    assert db.session.scalar(select(func.count(domain.SignIn.id)).where(domain.SignIn.person_id == gone)) == 0
    assert "sign-in" in elsewhere.get("/account/profile").location
    assert sorted(mail.to for mail in mails() if mail.kind == "accounts.merged") == ["sokha@example.org", "spov@example.com"]
    acts = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "application.merge").order_by(AuditEntry.id)).all()
    assert [entry.subject_id for entry in acts] == [first, second]
    assert "spov@example.com was merged into this account" in admin.get(f"{place.base}/applications/{first}").text
    assert admin.post(f"{address}/merge", data={"keep": first}).status_code == 409
    assert "No likely duplicates" in admin.get(f"{place.base}/applications/duplicates").text


def test_the_old_address_leads_nobody_in(place: Place, admin: FlaskClient, client: FlaskClient, pair: tuple[int, int, int]) -> None:
    """No sign-in, no new password; a mail says which account to use."""
    first, _, proposal = pair
    admin.post(f"{place.base}/applications/duplicates/{proposal}/merge", data={"keep": first})
    sent = len(mails())
    assert client.post("/account/sign-in", data={"email": "spov@example.com", "password": factories.PASSWORD}).status_code == 422
    client.post("/account/reset", data={"email": "spov@example.com"})
    letter = mails()[sent]
    assert (letter.to, "sign in with sokha@example.org" in letter.text) == ("spov@example.com", True)
    assert "/account/new-password/" not in letter.text


def test_enrolments_elsewhere_move_along(place: Place, signed_in: SignIn, pair: tuple[int, int, int]) -> None:
    """But only an administrator of the installation sees to that."""
    first, second, proposal = pair
    other = factories.enrolment(factories.edition(), factories.person_of(second))
    address, data = f"{place.base}/applications/duplicates/{proposal}/merge", {"keep": first}
    refused = signed_in(factories.person_of(place.admin)).post(address, data=data)
    assert (refused.status_code, "another edition too" in refused.text, state_of(second)) == (403, True, "applied")
    assert signed_in(factories.person(administrator=True)).post(address, data=data).status_code == 302
    assert db.session.get_one(Enrolment, other, populate_existing=True).person_id == factories.person_of(first)


def read_a_lesson(place: Place, enrolment: int) -> None:
    """Let somebody take part."""
    with unit_of_work():
        db.session.get_one(Enrolment, enrolment).state = "confirmed"
        mark_read(enrolment, modules_of(place.info.id)[0].lessons[0].id)


def test_coursework_is_never_lost(place: Place, admin: FlaskClient, pair: tuple[int, int, int]) -> None:
    """The account with coursework is kept; where both have some, they stay two."""
    first, second, proposal = pair
    read_a_lesson(place, second)
    address = f"{place.base}/applications/duplicates/{proposal}/merge"
    wrong = admin.post(address, data={"keep": first})
    assert (wrong.status_code, "Keep that one instead" in wrong.text) == (409, True)
    read_a_lesson(place, first)
    both = admin.post(address, data={"keep": second})
    assert (both.status_code, "They stay two accounts" in both.text) == (409, True)
    assert (state_of(first), state_of(second), kinds()) == ("confirmed", "confirmed", [])
    assert db.session.scalars(select(Likeness.state)).all() == ["proposed"]


@pytest.mark.parametrize("facts", [{"administrator": True}, {}])
def test_accounts_of_staff_are_not_merged(place: Place, admin: FlaskClient, pair: tuple[int, int, int], facts: dict[str, Any]) -> None:
    first, second, proposal = pair
    person = factories.person_of(second)
    if facts:
        with unit_of_work():
            db.session.get_one(Person, person).administrator = True
    else:
        factories.enrolment(factories.edition(), person, Role.TUTOR)
    assert admin.post(f"{place.base}/applications/duplicates/{proposal}/merge", data={"keep": first}).status_code == 403
    assert db.session.get_one(Person, person, populate_existing=True).merged_into_id is None


def test_different_people_are_not_proposed_again(place: Place, admin: FlaskClient, pair: tuple[int, int, int]) -> None:
    first, _, proposal = pair
    assert admin.post(f"{place.base}/applications/duplicates/{proposal}/different").status_code == 302
    with unit_of_work():
        db.session.scalars(select(Application).where(Application.enrolment_id == first)).one().compared_at = None
    tasks.sweep()
    assert duplicates.proposals(place.info.id) == []
    assert admin.get(f"{place.base}/applications/duplicates/{proposal}").status_code == 404


def test_nobody_else_merges(place: Place, signed_in: SignIn, pair: tuple[int, int, int]) -> None:
    """Neither tutors nor the administrators of another edition, by whatever address."""
    first, _, proposal = pair
    elsewhere = factories.edition(by_decision=True)
    stranger = signed_in(factories.person_of(factories.enrolment(elsewhere, role=Role.ADMINISTRATOR)))
    tutor = signed_in(factories.person_of(place.tutor))
    for act in ("merge", "different"):
        path = f"applications/duplicates/{proposal}/{act}"
        assert tutor.post(f"{place.base}/{path}", data={"keep": first}).status_code == 403
        assert stranger.post(f"/e/{factories.slug_of(elsewhere)}/{path}", data={"keep": first}).status_code == 404
    assert db.session.scalars(select(Likeness.state)).all() == ["proposed"]
    assert stranger.get(f"/e/{factories.slug_of(elsewhere)}/applications/duplicates/{proposal}").status_code == 404
