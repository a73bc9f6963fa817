"""A learner's page: everything that happened, a note, and who can read that staff looked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import audit, clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import EnrolmentState
from lms.core.mail import OutgoingMail
from lms.core.reporting import Subject
from lms.forums.api import start_topic
from lms.modules.api import mark_read, modules_of
from lms.people import story
from lms.people.models import Note
from lms.quizzes.api import start_attempt, submit_attempt
from tests.core import factories
from tests.people.conftest import Place, SignIn, says_why

PRIVACY = "/account/privacy"


@pytest.fixture
def sokha(place: Place) -> int:
    """Register a learner who has done a little of everything, a minute apart."""
    began = clock.now() - timedelta(hours=2)
    moments = {"created_at": began, "confirmed_at": began + timedelta(minutes=1)}
    enrolment = place.learner("Sokha Pov", email="sokha@example.org", country="VN", **moments)
    acts: list[Callable[[], Any]] = [
        lambda: mark_read(enrolment, modules_of(place.info.id)[0].lessons[0].id),
        lambda: submit_attempt(start_attempt(enrolment, "module1")),
        lambda: start_topic(place.info.id, enrolment, "module1", "My question", "What is it?"),
    ]
    for number, act in enumerate(acts):
        with clock.at(began + timedelta(minutes=2 + number)), unit_of_work():
            act()
    return enrolment


def whats(page: str) -> list[str]:
    """Give what happened, as the page lists it."""
    return re.findall(r'<th scope="row">([^<]*)</th>', page)


def test_everything_that_happened_in_order(place: Place, admin: FlaskClient, sokha: int) -> None:
    """Told by the features, newest first."""
    page = admin.get(f"{place.base}/people/{sokha}")
    told = [what for what in whats(page.text) if not what.startswith(("Looked", "On record"))]
    assert told[0] == "Topic started"
    assert told[-3:] == ["Lesson read", "Place in the edition confirmed", "Registered"]
    assert {"Attempt 1 begun", "Attempt 1 handed in, 0.0 %"} <= set(told)
    assert any(what.startswith("Score of ") and "– to 0.0 %" in what for what in told)
    assert 'href="#"' not in page.text
    assert f"{place.base}/grades/{sokha}" in page.text


def test_what_a_tutor_is_shown(place: Place, tutor: FlaskClient, sokha: int) -> None:
    """Progress, but no address, country, mail or act of others; nobody who has no place."""
    with unit_of_work():
        audit.record(factories.viewer_of(place.admin), "team.change", "enrolment", sokha, edition_id=place.info.id)
    page = says_why(tutor, f"{place.base}/people/{sokha}").get(f"{place.base}/people/{sokha}").text
    assert "Lesson read" in page
    assert not [word for word in ("sokha@example.org", "Viet Nam", "team.change", "Mail") if word in page]
    applied = place.learner("Cai", state=EnrolmentState.APPLIED)
    assert tutor.get(f"{place.base}/people/{applied}").status_code == 404


def test_nobody_of_another_edition_is_shown(place: Place, admin: FlaskClient) -> None:
    elsewhere = factories.enrolment(factories.edition())
    for method, path in (("GET", f"people/{elsewhere}"), ("POST", f"people/{elsewhere}/note"), ("GET", "people/999999")):
        assert admin.open(f"{place.base}/{path}", method=method, data={"text": "x", "last": "0"}).status_code == 404
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_a_story_is_read_page_by_page(place: Place, sokha: int) -> None:
    """Nothing is left out or told twice, also where much happened at one moment."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    with clock.at(at), unit_of_work():
        for number in range(120):
            db.session.add(Note(enrolment_id=sokha, author_id=factories.person_of(place.tutor), text=f"note {number}", at=at))
    subject = Subject(sokha, factories.person_of(sokha), place.info, private=True)
    texts, cursor, pages = [], "", 0
    while pages < 10:
        page = story.page(subject, cursor)
        texts += [line.text for line in page.happenings if line.kind == "note"]
        pages, cursor = pages + 1, page.before
        if not cursor:
            break
    assert pages == 3
    assert sorted(texts) == sorted(f"note {number}" for number in range(120))


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~-1", "2026-01-01T00:00:00+00:00~99999", "~", "\0~0"])
def test_a_cursor_that_makes_no_sense_begins_at_the_top(place: Place, admin: FlaskClient, sokha: int, cursor: str) -> None:
    assert "Topic started" in admin.get(f"{place.base}/people/{sokha}", query_string={"before": cursor}).text


def test_a_page_takes_few_statements(place: Place, admin: FlaskClient, sokha: int, statements: Callable[[], Any]) -> None:
    admin.get(f"{place.base}/people/{sokha}")
    with statements() as seen:
        admin.get(f"{place.base}/people/{sokha}")
    seen.at_most(18)


def test_a_note_goes_out_and_is_kept(place: Place, tutor: FlaskClient, sokha: int) -> None:
    """By mail with the author's name; the page shows when and by whom."""
    data = {"text": "Shall we talk?\n\nI have time.", "last": "0"}
    browser = says_why(tutor, f"{place.base}/people/{sokha}")
    reply = browser.post(f"{place.base}/people/{sokha}/note", data=data, follow_redirects=True)
    assert "Your note is on its way to Sokha Pov." in reply.text
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.to, mail.kind, mail.edition_id) == ("sokha@example.org", "people.note", place.info.id)
    assert "Shall we talk?\n\nI have time." in mail.text
    assert "Rosa Lindqvist" in mail.text
    assert "The last note was written on" in reply.text
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "people.note")).all() == ["people.note"]


def test_nobody_is_written_to_twice(place: Place, tutor: FlaskClient, admin: FlaskClient, sokha: int) -> None:
    """Who had the page open while another wrote is told, keeps the text, and can send it still."""
    url = f"{place.base}/people/{sokha}/note"
    tutor.post(url, data={"text": "From Rosa", "last": "0"})
    late = admin.post(url, data={"text": "From Mira", "last": "0"})
    assert late.status_code == 422
    assert "Somebody wrote to this learner a moment ago" in late.text
    assert ">\r\nFrom Mira</textarea>" in late.text or ">From Mira</textarea>" in late.text
    last = re.search(r'name="last"[^>]*value="(\d+)"', late.text)
    assert last is not None
    assert admin.post(url, data={"text": "From Mira", "last": last[1]}).status_code == 302
    assert db.session.scalars(select(Note.text).order_by(Note.id)).all() == ["From Rosa", "From Mira"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_a_note_needs_a_text_of_some_length(place: Place, tutor: FlaskClient, sokha: int, text: str) -> None:
    data = {"text": text, "last": "0"}
    assert tutor.post(f"{place.base}/people/{sokha}/note", data=data).location == f"{place.base}/people/{sokha}"
    assert says_why(tutor, f"{place.base}/people/{sokha}").post(f"{place.base}/people/{sokha}/note", data=data).status_code == 422
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 0


def test_notes_are_for_learners(place: Place, admin: FlaskClient) -> None:
    """Staff have addresses for each other; who has no place is not written to."""
    gone = place.learner("Cai", state=EnrolmentState.WITHDRAWN)
    for enrolment in (place.tutor, gone):
        assert admin.post(f"{place.base}/people/{enrolment}/note", data={"text": "Hello", "last": "0"}).status_code == 403


def test_the_person_reads_who_looked(place: Place, admin: FlaskClient, tutor: FlaskClient, signed_in: SignIn, sokha: int) -> None:
    """Name, role and what, newest first; a reload is no second look, a look an hour later is; others read nothing of it."""
    for browser in (admin, admin, says_why(tutor, f"{place.base}/people/{sokha}")):
        browser.get(f"{place.base}/people/{sokha}")
    admin.get(f"{place.base}/grades/{sokha}")
    admin.get(f"{place.base}/ranking.csv?columns=country&columns=final")
    with clock.at(clock.now() + timedelta(hours=1)):
        tutor.get(f"{place.base}/people/{sokha}")
    page = signed_in(factories.person_of(sokha)).get(PRIVACY).text
    assert [page.count(f"to <bdi>{why}</bdi>") for why in ("answer a question", "administer the edition")] == [2, 2]
    assert re.findall(r'<th scope="row"><bdi>([^<]*)</bdi></th><td>([^<]*)</td><td>([^<]*?) ?<', page) == [
        ("Rosa Lindqvist", "tutor", "the page with facts, grades and everything that happened"),
        ("Mira Adler", "administrator", "the ranking (CSV) with name, Country, Final"),
        ("Mira Adler", "administrator", "the grades"),
        ("Rosa Lindqvist", "tutor", "the page with facts, grades and everything that happened"),
        ("Mira Adler", "administrator", "the page with facts, grades and everything that happened"),
    ]
    assert "Nobody has looked" in signed_in(factories.person_of(place.learner("Mai"))).get(PRIVACY).text


def test_a_tutor_says_why_once_a_day(place: Place, tutor: FlaskClient, sokha: int) -> None:
    """For each person; nothing is shown or noted before, for page and grades alike; what was typed stays."""
    pages = [f"{place.base}/people/{sokha}", f"{place.base}/grades/{sokha}"]
    for address in pages:
        assert ("Why do you open them?" in (page := tutor.get(address).text), "Place in the edition" in page) == (True, False)
    wrong = tutor.post(pages[0], data={"purpose": "something else", "words": " "})
    assert (wrong.status_code, "Please fill this in." in wrong.text, wrong.text.count("checked")) == (422, True, 1)
    assert tutor.post(pages[0], data={"purpose": "curiosity", "words": "x" * 201}).status_code == 422
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0
    assert tutor.post(pages[0], data={"purpose": "something else", "words": "She rang me."}).location == pages[0]
    for address in pages:
        assert "Why do you open them?" not in tutor.get(address).text
    assert "Why do you open them?" in tutor.get(f"{place.base}/people/{place.learner('Mai')}").text
    query = select(AuditEntry.action, AuditEntry.detail["purpose"].as_string()).order_by(AuditEntry.id)
    assert [*db.session.execute(query)] == [(act, "She rang me.") for act in ("purpose.state", "people.look", "gradebook.look")]
    with clock.at(clock.now() + timedelta(hours=25)):
        assert "Why do you open them?" in tutor.get(pages[1]).text


def test_ones_own_look_is_no_look(place: Place, admin: FlaskClient) -> None:
    admin.get(f"{place.base}/people/{place.admin}")
    assert "Nobody has looked" in admin.get(PRIVACY).text


def test_who_looked_is_read_page_by_page(place: Place, signed_in: SignIn, sokha: int) -> None:
    viewer = factories.viewer_of(place.tutor)
    with unit_of_work():
        for number in range(60):
            audit.seen(viewer, "people.look", ("enrolment", number), story.person(sokha), what=f"page {number}")
    browser = signed_in(factories.person_of(sokha))
    first = browser.get(PRIVACY).text
    more = re.search(r'rel="next" href="([^"]*)"', first)
    assert more is not None
    second = browser.get(more[1]).text
    assert [*re.findall(r"page (\d+)", first), *re.findall(r"page (\d+)", second)] == [str(n) for n in reversed(range(60))]
    assert "Nobody looked before that" in browser.get(f"{PRIVACY}?before=0").text


def test_privacy_needs_a_sign_in(client: FlaskClient) -> None:
    assert client.get(PRIVACY).status_code == 302
