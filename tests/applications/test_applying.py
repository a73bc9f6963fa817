"""From the form to the decision, as applicants live it, and everything that can go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.applications import applying, notices
from lms.applications.models import Application, Consent
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person, Role
from lms.core.viewer import Viewer
from lms.editions.api import confirm
from tests.applications.conftest import ANSWERS, Place, SignIn, acts, hidden, kinds, link, mails, state_of
from tests.core import factories


def publish(text: str = "## What we keep\n\nYour **name**.") -> int:
    """Publish a version of the privacy notice."""
    with unit_of_work():
        return notices.publish(Viewer(), text, notices.current_version() or 0)


def test_the_whole_road(place: Place, client: FlaskClient) -> None:
    """Apply, confirm the address, wait for a decision: a mail at each step, and nothing of the edition is open meanwhile."""
    page = client.get(f"{place.base}/register").text
    assert "Your application is decided after that" in page
    assert client.post(f"{place.base}/register", data=ANSWERS).location == "/account/check-mail"
    client.post(link(mails()[-1]))
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.role == Role.LEARNER)).one()
    assert enrolment.state == EnrolmentState.APPLIED
    assert kinds() == ["accounts.confirm", "applications.received"]
    said = db.session.scalars(select(Application)).one()
    assert (said.position, said.motivation, said.version) == (ANSWERS["position"], ANSWERS["motivation"], 1)
    assert "Applied: waits for a decision" in client.get("/").text
    assert "Applied: waits for a decision" in client.get(link(mails()[-1])).text
    assert client.get(f"{place.base}/dashboard").status_code == 403
    assert client.get(f"{place.base}/register").location == f"{place.base}/application"
    assert "See my application" in client.get(f"{place.base}/").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("position", "", "Please fill this in"),
        ("position", "x" * 121, "at most 120 characters"),
        ("motivation", " ", "Please fill this in"),
        ("motivation", "x" * 2001, "at most 2,000 characters"),
        ("motivation", "a\u202eb", "invisible character U+202E"),
        ("agree", "", "Please agree"),
    ],
)
def test_a_fault_is_said_beside_its_field(place: Place, client: FlaskClient, field: str, value: str, words: str) -> None:
    """What was typed stays, and nothing is stored."""
    version = publish()
    sent = {key: text for key, text in {**ANSWERS, "notice": version, "agree": "y", field: value}.items() if text}
    page = client.post(f"{place.base}/register", data=sent)
    assert (page.status_code, words in page.text, f'id="{field}-error"' in page.text) == (422, True, True)
    assert "Ministry of Trade" in page.text
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_consent_is_to_the_version_that_was_shown(place: Place, client: FlaskClient) -> None:
    """A notice that changed meanwhile is asked about again, with what was typed; the consent has its moment."""
    first = publish()
    page = client.get(f"{place.base}/register").text
    assert hidden(page)["notice"] == str(first)
    second = publish("## What we keep\n\nMore.")
    sent = {**ANSWERS, "notice": str(first), "agree": "y"}
    late = client.post(f"{place.base}/register", data=sent)
    assert (late.status_code, "has changed since you opened this page" in late.text) == (422, True)
    assert (hidden(late.text)["notice"], ANSWERS["motivation"] in late.text) == (str(second), True)
    assert client.post(f"{place.base}/register", data={**sent, "notice": second}).status_code == 302
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.version, clock.now() - consent.at < timedelta(minutes=1)) == (second, True)


def test_a_known_address_looks_the_same(place: Place, client: FlaskClient) -> None:
    factories.person(email="sokha@example.org")
    assert client.post(f"{place.base}/register", data=ANSWERS).location == "/account/check-mail"
    assert (kinds(), db.session.scalar(select(func.count(Application.id)))) == (["accounts.already_there"], 0)


def test_who_comes_late_applies_for_the_wait_list(place: Place, client: FlaskClient) -> None:
    """The page says so before and after; so does the mail."""
    place.closed()
    assert "Apply for the wait-list" in client.get(f"{place.base}/").text
    assert "closed on" in client.get(f"{place.base}/register").text
    client.post(f"{place.base}/register", data=ANSWERS)
    client.post(link(mails()[-1]))
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.role == Role.LEARNER)).one()
    assert enrolment.state == EnrolmentState.WAITLISTED
    assert mails()[-1].subject == f"You are on the wait-list of {place.info.short_title}, {place.info.title}"
    assert "On the wait-list" in client.get(f"{place.base}/application").text


@pytest.mark.parametrize("facts", [{"by_decision": False}, {"ends_on": factories.someday(-1)}, {"state": "closed"}])
def test_where_there_is_no_wait_list_the_door_is_closed(place: Place, client: FlaskClient, facts: dict[str, Any]) -> None:
    place.closed()
    with unit_of_work():
        for name, value in facts.items():
            setattr(db.session.get_one(Edition, place.info.id), name, value)
    assert "Registration is not open" in client.get(f"{place.base}/register").text
    assert client.post(f"{place.base}/register", data=ANSWERS).status_code == 409
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_somebody_with_an_account_applies(place: Place, signed_in: SignIn) -> None:
    """Facts are filled in from the account and noted; one mail; a second time leads to the application."""
    person = factories.person(country="SG", institution="Port Authority")
    browser = signed_in(person)
    assert "Port Authority" in browser.get(f"{place.base}/register").text
    assert browser.post(f"{place.base}/register", data={**ANSWERS, "institution": "Customs"}).location == f"{place.base}/application"
    assert browser.post(f"{place.base}/register", data=ANSWERS).location == f"{place.base}/application"
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
    assert (enrolment.institution, enrolment.country, enrolment.state) == ("Customs", "KH", "applied")
    assert db.session.get_one(Person, person, populate_existing=True).institution == "Customs"
    assert (kinds(), acts()) == (["applications.received"], ["application.submit"])


def test_it_can_be_changed_until_it_is_decided(place: Place, signed_in: SignIn) -> None:
    """A page that is out of date changes nothing and keeps what was typed; then a decision ends it."""
    enrolment = place.applicant()
    browser, page = signed_in(factories.person_of(enrolment)), f"{place.base}/application"
    sent = {**ANSWERS, "motivation": "Said better.", "version": hidden(browser.get(page).text)["version"]}
    assert browser.post(page, data=sent).location == page
    late = browser.post(page, data={**sent, "motivation": "From another window."})
    assert (late.status_code, "From another window." in late.text, "in another window perhaps" in late.text) == (409, True, True)
    row = db.session.scalars(select(Application).execution_options(populate_existing=True)).one()
    assert (row.motivation, row.version) == ("Said better.", 2)
    with unit_of_work():
        confirm(enrolment)
    decided = browser.post(page, data={**sent, "version": "2"})
    assert (decided.status_code, "decided by now" in decided.text) == (409, True)


def test_withdrawing_and_applying_again(place: Place, signed_in: SignIn) -> None:
    """One mail for each; the same enrolment goes on, with the new words."""
    enrolment = place.applicant(motivation="Once.")
    browser = signed_in(factories.person_of(enrolment))
    for _ in range(2):
        assert browser.post(f"{place.base}/application/withdraw").status_code == 302
    assert (state_of(enrolment), kinds()) == ("withdrawn", ["applications.withdrawn"])
    assert "Once." in browser.get(f"{place.base}/register").text
    browser.post(f"{place.base}/register", data=ANSWERS)
    assert (state_of(enrolment), kinds()[1:]) == ("applied", ["applications.received"])
    assert db.session.scalars(select(Application.motivation)).all() == [ANSWERS["motivation"]]


@pytest.mark.parametrize("state", ["rejected", "confirmed"])
def test_too_late_to_withdraw(place: Place, signed_in: SignIn, state: str) -> None:
    """After a rejection, and for who has a place once the course has begun."""
    enrolment = place.applicant(state=state)
    with unit_of_work():
        db.session.get_one(Edition, place.info.id).starts_on = factories.someday(-3)
    assert signed_in(factories.person_of(enrolment)).post(f"{place.base}/application/withdraw").status_code == 409
    assert (state_of(enrolment), kinds()) == (state, [])


def test_who_was_on_the_team_does_not_become_a_learner_by_a_form(place: Place, signed_in: SignIn) -> None:
    gone = factories.enrolment(place.info.id, role=Role.TUTOR, state=EnrolmentState.WITHDRAWN)
    answer = signed_in(factories.person_of(gone)).post(f"{place.base}/register", data=ANSWERS)
    assert (answer.status_code, state_of(gone)) == (409, "withdrawn")
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_nobody_reaches_the_application_of_another(place: Place, signed_in: SignIn, client: FlaskClient) -> None:
    place.applicant()
    stranger = signed_in(factories.person())
    assert stranger.get(f"{place.base}/application").status_code == 404
    assert stranger.post(f"{place.base}/application", data=ANSWERS).status_code == 404
    assert stranger.post(f"{place.base}/application/withdraw").status_code == 404
    assert "sign-in" in client.get(f"{place.base}/application").location


def test_in_other_editions_whoever_comes_in_time_has_a_place_at_once(signed_in: SignIn, client: FlaskClient, ctx: object) -> None:
    del ctx
    base = f"/e/{factories.slug_of(factories.edition())}"
    assert signed_in(factories.person()).post(f"{base}/register", data=ANSWERS).location == f"{base}/dashboard"
    client.post(f"{base}/register", data=ANSWERS)
    client.post(link(mails()[-1]))
    assert client.get(f"{base}/dashboard").status_code == 200
    assert kinds() == ["applications.confirmed", "accounts.confirm", "applications.confirmed"]


def test_a_changed_notice_is_asked_about_on_the_dashboard(place: Place, signed_in: SignIn) -> None:
    """And on the page of an application, until it is agreed to."""
    publish()
    learner = place.applicant(state="confirmed")
    browser = signed_in(factories.person_of(learner))
    page = browser.get(f"{place.base}/dashboard").text
    assert "version 1 of the privacy notice" in page
    answer = browser.post("/privacy-notice/agree", data={"version": "1", "next": f"{place.base}/dashboard"})
    assert answer.location == f"{place.base}/dashboard"
    assert "of the privacy notice" not in browser.get(f"{place.base}/dashboard").text
    publish("Changed.")
    for where in ("dashboard", "application"):
        assert "version 2 of the privacy notice" in browser.get(f"{place.base}/{where}").text
    assert "You agreed to version 1" in browser.get("/privacy-notice").text


def test_the_notice_is_public_and_its_versions_stay(client: FlaskClient, signed_in: SignIn, place: Place) -> None:
    del place
    assert "There is no privacy notice yet" in client.get("/privacy-notice").text
    admin = signed_in(factories.person(administrator=True))
    assert admin.post("/privacy-notice/change", data={"text": "## First <script>alert(1)</script>", "before": "0"}).status_code == 302
    stale = admin.post("/privacy-notice/change", data={"text": "Another", "before": "0"})
    assert (stale.status_code, "Somebody published another version" in stale.text) == (422, True)
    assert ">Another<" in stale.text.replace("\r\n", "")
    assert admin.post("/privacy-notice/change", data={"text": "Second", "before": "1"}).status_code == 302
    assert admin.post("/privacy-notice/change", data={"text": "Second", "before": "2"}).status_code == 422
    page = client.get("/privacy-notice/1").text
    assert ("<script>alert" in page, "replaced by version 2" in page, "First" in page) == (False, True, True)
    assert "Second" in client.get("/privacy-notice").text
    assert client.get("/privacy-notice/3").status_code == 404
    assert client.post("/privacy-notice/change", data={"text": "x", "before": "2"}).status_code == 302  # to the sign-in page
    assert signed_in(factories.person()).post("/privacy-notice/change", data={"text": "x", "before": "2"}).status_code == 403
    assert notices.current_version() == 2


def test_withdrawing_at_the_moment_of_a_decision_is_one_or_the_other(place: Place, signed_in: SignIn) -> None:
    """A decision of a page that was shown before the applicant withdrew is refused."""
    enrolment = place.applicant()
    applicant = factories.viewer_of(enrolment)
    admin = signed_in(factories.person_of(place.admin))
    shown = hidden(admin.post(f"{place.base}/applications/preview", data={"decision": "reject", "pick": enrolment}).text)["shown"]
    with unit_of_work():
        applying.withdraw(place.info, applicant)
    data = {"decision": "reject", "reason": "", "words": "", "pick": enrolment, "shown": shown}
    late = admin.post(f"{place.base}/applications/decide", data=data)
    assert (late.status_code, "has withdrawn" in late.text) == (409, True)
    assert state_of(enrolment) == "withdrawn"


def test_pages_take_few_statements(place: Place, signed_in: SignIn, client: FlaskClient, statements: Callable[[], Any]) -> None:
    publish()
    browser = signed_in(factories.person_of(place.applicant()))
    for who, path, most in ((browser, "application", 5), (client, "register", 4), (client, "", 5)):
        who.get(f"{place.base}/{path}")
        with statements() as seen:
            assert who.get(f"{place.base}/{path}").status_code == 200
        seen.at_most(most)
