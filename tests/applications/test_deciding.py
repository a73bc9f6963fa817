"""Administrators: the list, one application, deciding singly and in bulk with a preview, two at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.applications import deciding, lists, rules
from lms.applications.choice import SORTS, Choice
from lms.applications.deciding import Order, Selection
from lms.applications.models import Application
from lms.applications.values import Decision
from lms.core import clock
from lms.core.audit import AuditEntry, Sighting
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState, Role
from lms.core.errors import Conflict
from lms.modules.api import mark_read, modules_of
from tests.applications.conftest import Place, SignIn, acts, hidden, kinds, mails, state_of
from tests.core import factories
from tests.core.threads import at_once

ROW = re.compile(r'applications/\d+"><bdi>([^<]*)')


def names(page: Any) -> list[str]:
    """Give who is listed, in order."""
    assert page.status_code == 200
    return ROW.findall(page.text)


def press(browser: FlaskClient, place: Place, page: Any, **changed: Any) -> Any:
    """Press the last button of a preview, with what it carries."""
    picks = re.findall(r'name="pick" value="(\d+)"', page.text)
    chosen = re.search(r'<option selected value="([^"]*)">[^<]*</option>', page.text)
    words = re.search(r'name="words"[^>]*>\s*([^<]*)</textarea>', page.text)
    data = {**hidden(page.text), "pick": picks, "decision": chosen[1] if chosen else "", "words": words[1] if words else "", "reason": ""}
    return browser.post(f"{place.base}/applications/decide", data={**data, **changed})


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Cai", "Ben", "Nguyễn Thị Mai"]),
        ({"sort": "name"}, ["Ben", "Cai", "Nguyễn Thị Mai"]),
        ({"state": "rejected"}, ["Cai"]),
        ({"country": "SG"}, ["Ben"]),
        ({"gender": "man"}, ["Ben"]),
        ({"sector": "private"}, ["Ben"]),
        ({"q": "nguyen mai"}, ["Nguyễn Thị Mai"]),
        ({"q": "MAI@"}, ["Nguyễn Thị Mai"]),
        ({"q": "%"}, []),
        ({"state": "nowhere", "country": "??", "sort": "size"}, ["Cai", "Ben", "Nguyễn Thị Mai"]),
    ],
)
def test_the_list(place: Place, admin: FlaskClient, asked: dict[str, str], found: list[str]) -> None:
    """Newest first, filtered and searched; the team is not in it."""
    place.applicant("Nguyễn Thị Mai", email="mai@example.org")
    place.applicant("Ben", country="SG", gender="man", sector="private")
    place.applicant("Cai", state="rejected")
    assert names(admin.get(f"{place.base}/applications/", query_string=asked)) == found


@pytest.mark.parametrize("sort", [sign + key for key in SORTS for sign in ("", "-")])
def test_pages_show_everybody_once(place: Place, sort: str) -> None:
    for number in range(7):
        place.applicant(f"Person {number % 3}")
    choice = Choice(sort=sort, rows=2)
    everybody = [line.id for line in lists.every_line(place.info.id, choice)]
    forth, page = [], lists.page(place.info.id, choice)
    while True:
        forth += [line.id for line in page.lines]
        if page.next is None:
            break
        page = lists.page(place.info.id, choice, after=page.next)
    back = [line.id for line in page.lines]
    while page.previous is not None:
        page = lists.page(place.info.id, choice, before=page.previous)
        back = [line.id for line in page.lines] + back
    assert len(everybody) == len(set(everybody)) == 7
    assert forth == back == everybody


def test_counts_by_state_and_country(place: Place, admin: FlaskClient) -> None:
    for country, state in (("KH", "applied"), ("KH", "applied"), ("KH", "rejected"), ("SG", "wait-listed")):
        place.applicant(country=country, state=state)
    counts = lists.counts(place.info.id)
    assert counts.states == {"applied": 2, "rejected": 1, "wait-listed": 1}
    assert counts.countries == {"KH": {"applied": 2, "rejected": 1}, "SG": {"wait-listed": 1}}
    page = admin.get(f"{place.base}/applications/").text
    assert 'applications/?country=KH&amp;state=applied">2<' in page


def test_files_equal_the_page_and_are_on_record(place: Place, admin: FlaskClient) -> None:
    enrolment = place.applicant("=SUM(1)", position="+1", country="SG")
    place.applicant("Elsewhere")
    asked = {"country": "SG", "columns": ["position", "country"]}
    rows = list(csv.reader(io.StringIO(admin.get(f"{place.base}/applications.csv", query_string=asked).data.decode("utf-8-sig"))))
    assert rows == [["Name", "Country", "Position"], ["'=SUM(1)", "Singapore", "'+1"]]
    assert admin.get(f"{place.base}/applications.xlsx", query_string=asked).data.startswith(b"PK")
    assert set(db.session.scalars(select(Sighting.person_id))) == {factories.person_of(enrolment)}


def test_one_application_shows_everything_and_looking_is_recorded(place: Place, admin: FlaskClient, signed_in: SignIn) -> None:
    enrolment = place.applicant("Sokha Pov", motivation="First.\nSecond.", position="Head")
    page = admin.get(f"{place.base}/applications/{enrolment}").text
    for words in ("Sokha Pov", "Head", "First.", "Second.", "Cambodia", "Ministry of Trade", "Confirm …", "Reject …", "Wait-list …"):
        assert words in page
    assert "Back to applied …" not in page
    assert "the application" in signed_in(factories.person_of(enrolment)).get("/account/privacy").text


@pytest.mark.parametrize(
    ("decision", "state", "kind", "words"),
    [
        ("confirm", "confirmed", "applications.confirmed", "Welcome to"),
        ("reject", "rejected", "applications.reject", "We can't offer you a place"),
        ("wait-list", "wait-listed", "applications.wait-list", "is on the wait-list"),
    ],
)
def test_a_decision_with_its_mail(place: Place, admin: FlaskClient, decision: str, state: str, kind: str, words: str) -> None:
    """The mail is shown before it is sent, and is the one that goes out; the act is on record with its words."""
    enrolment = place.applicant("Sokha Pov")
    data = {"decision": decision, "pick": enrolment, "words": "Warm regards."}
    page = admin.post(f"{place.base}/applications/preview", data=data)
    assert (page.status_code, state_of(enrolment), kinds()) == (200, "applied", [])
    answer = press(admin, place, page)
    assert answer.location == f"{place.base}/applications/"
    assert state_of(enrolment) == state
    mail = mails()[0]
    assert (len(mails()), mail.kind) == (1, kind)
    assert (words in f"{mail.subject} {mail.text}", "Warm regards." in mail.text, "Warm regards." in mail.html) == (True, True, True)
    shown = page.text.replace("&#39;", "'")
    assert all(part in shown for part in mail.text.strip().split("\n\n"))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == f"application.{decision}")).one()
    assert (entry.subject_id, entry.detail["before"], entry.detail["after"]) == (enrolment, "applied", state)
    assert "Warm regards." in admin.get(f"{place.base}/applications/{enrolment}").text


def test_a_decision_can_be_taken_back(place: Place, admin: FlaskClient) -> None:
    """The applicant can change the application again; who has begun to study keeps the place."""
    enrolment = place.applicant()
    for decision in ("confirm", "reopen", "reject", "reopen"):
        press(admin, place, admin.post(f"{place.base}/applications/preview", data={"decision": decision, "pick": enrolment}))
    assert (state_of(enrolment), len(kinds())) == ("applied", 4)
    row = db.session.scalars(select(Application).execution_options(populate_existing=True)).one()
    assert (row.decided_at, row.version) == (None, 5)
    press(admin, place, admin.post(f"{place.base}/applications/preview", data={"decision": "confirm", "pick": enrolment}))
    with unit_of_work():
        mark_read(enrolment, modules_of(place.info.id)[0].lessons[0].id)
    page = admin.post(f"{place.base}/applications/preview", data={"decision": "reopen", "pick": enrolment})
    assert "has begun to study" in page.text


def test_all_that_match_are_decided_together(place: Place, admin: FlaskClient) -> None:
    """Of a filter over several pages; those for whom it makes no sense are left out, with the reason."""
    for number in range(60):
        place.applicant(f"Person {number:02}", country="SG")
    place.applicant("Elsewhere", country="KH")
    place.applicant("Done", country="SG", state="confirmed")
    place.applicant("Unknown", country="SG", email_confirmed_at=None)
    data = {"decision": "confirm", "scope": "all", "country": "SG"}
    page = admin.post(f"{place.base}/applications/preview", data=data)
    assert "60 applications: confirmed" in page.text
    assert re.findall(r"<bdi>(Done|Unknown)</bdi></a> ([^<,]*)", page.text) == [
        ("Done", "is confirmed already"),
        ("Unknown", "has not confirmed the e-mail address yet"),
    ]
    more = admin.post(f"{place.base}/applications/preview", data={**data, "show": "40"})
    assert ("To <bdi>Person 45</bdi>" in page.text, "To <bdi>Person 45</bdi>" in more.text) == (False, True)
    press(admin, place, page)
    assert (kinds().count("applications.confirmed"), acts().count("application.confirm")) == (60, 60)
    assert lists.counts(place.info.id).states == {"confirmed": 61, "applied": 2}


def test_what_is_too_much_at_once_is_a_click_away(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who were decided about before take no place; the list comes back with everything chosen for the rest."""
    monkeypatch.setattr(rules, "AT_ONCE", 3)
    for number in range(4):
        place.applicant(f"Done {number}", state="confirmed")
    for number in range(5):
        place.applicant(f"New {number}")
    data = {"decision": "confirm", "scope": "all", "country": "KH"}
    first = admin.post(f"{place.base}/applications/preview", data=data)
    assert ("3 applications: confirmed" in first.text, "Left out" in first.text) == (True, False)
    assert press(admin, place, first).location.endswith("/applications/?country=KH&decide=confirm#several")
    second = admin.post(f"{place.base}/applications/preview", data=data)
    assert ("2 applications: confirmed" in second.text, "Left out: 1 and more like them" in second.text) == (True, True)
    assert press(admin, place, second).location.endswith("/applications/")
    assert lists.counts(place.info.id).states == {"confirmed": 9}


def test_the_rest_is_chosen_already(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list shows the filters, all that match and the decision, so that Preview is the next press."""
    monkeypatch.setattr(rules, "AT_ONCE", 1)
    for number in range(2):
        place.applicant(f"New {number}")
    page = admin.post(f"{place.base}/applications/preview", data={"decision": "reject", "scope": "all", "state": "applied"})
    assert "More match than can be decided at once" in page.text
    answer = press(admin, place, page)
    assert answer.location.endswith("/applications/?state=applied&decide=reject#several")
    shown = admin.get(answer.location).text
    assert "Preview shows the next of them." in shown
    assert ('<option value="all" selected>' in shown, '<option value="reject" selected>' in shown) == (True, True)


def test_what_changed_since_the_preview_is_shown_first(place: Place, admin: FlaskClient) -> None:
    """An application that came, one that its applicant changed, other words: 409, and nothing happens."""
    first = place.applicant("First")
    data = {"decision": "reject", "scope": "all", "state": "applied"}
    page = admin.post(f"{place.base}/applications/preview", data=data)
    place.applicant("Second")
    late = press(admin, place, page)
    assert (late.status_code, "2 applications: rejected" in late.text) == (409, True)
    assert "Something changed since you looked" in late.text
    with unit_of_work():
        deciding.application_of(first).version += 1
    again = press(admin, place, late)
    assert again.status_code == 409
    assert press(admin, place, again, words="Not shown before").status_code == 409
    assert (kinds(), acts()) == ([], [])
    assert press(admin, place, again).status_code == 302
    assert kinds() == ["applications.reject"] * 2


def test_two_administrators_decide_at_once(place: Place, admin: FlaskClient, signed_in: SignIn) -> None:
    """The second is told who decided when; nothing happens twice."""
    other = factories.enrolment(place.info.id, factories.person(name="Anan Suk"), role=Role.ADMINISTRATOR)
    second = signed_in(factories.person_of(other))
    enrolment = place.applicant()
    pages = [who.post(f"{place.base}/applications/preview", data={"decision": "confirm", "pick": enrolment}) for who in (admin, second)]
    assert press(admin, place, pages[0]).status_code == 302
    late = press(second, place, pages[1])
    assert late.status_code == 409
    assert "is confirmed already, decided by <bdi>Mira Adler</bdi> on" in late.text
    assert (kinds(), acts()) == (["applications.confirmed"], ["application.confirm"])


def test_pressing_at_the_same_moment_decides_once(ctx: Flask, place: Place) -> None:
    enrolment = place.applicant()
    selection, order = Selection((enrolment,)), Order(Decision.WAITLIST, "")
    shown = deciding.prospect(place.info.id, selection, order.decision).mark(order)
    viewer, info = place.viewer, place.info

    def decide() -> bool:
        try:
            with unit_of_work():
                return len(deciding.decide(info, viewer, selection, order, shown).ready) == 1
        except Conflict:
            return False

    assert sorted(at_once(ctx, 3, decide)) == [False, False, True]
    assert (kinds(), acts()) == (["applications.wait-list"], ["application.wait-list"])


def test_whoever_was_put_down_without_an_application_can_be_decided_about(place: Place, admin: FlaskClient) -> None:
    enrolment = factories.enrolment(place.info.id, state="applied", confirmed_at=None)
    press(admin, place, admin.post(f"{place.base}/applications/preview", data={"decision": "reject", "pick": enrolment}))
    assert state_of(enrolment) == "rejected"
    assert db.session.scalar(select(func.count(Application.id))) == 1
    assert admin.get(f"{place.base}/applications/{enrolment}").status_code == 200


def test_nothing_is_decided_in_an_edition_that_is_closed(place: Place, admin: FlaskClient) -> None:
    enrolment = place.applicant()
    page = admin.post(f"{place.base}/applications/preview", data={"decision": "confirm", "pick": enrolment})
    with unit_of_work():
        db.session.get_one(Edition, place.info.id).state = EditionState.CLOSED
    assert press(admin, place, page).status_code == 409
    assert state_of(enrolment) == "applied"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "confirm"},
        {"decision": "behead", "pick": "1"},
        {"decision": "confirm", "pick": "x"},
        {"decision": "confirm", "scope": "none"},
    ],
)
def test_without_a_choice_nothing_is_shown_or_done(place: Place, admin: FlaskClient, data: dict[str, str]) -> None:
    for path in ("preview", "decide"):
        assert admin.post(f"{place.base}/applications/{path}", data=data).status_code == 422


def test_words_have_an_end(place: Place, admin: FlaskClient) -> None:
    """What was typed stays."""
    enrolment = place.applicant()
    data = {"decision": "reject", "pick": enrolment, "words": "x" * 1001}
    page = admin.post(f"{place.base}/applications/preview", data=data)
    assert (page.status_code, "at most 1,000 characters" in page.text, "x" * 1001 in page.text) == (422, True, True)


def test_somebody_of_another_edition_is_nobody_here(place: Place, admin: FlaskClient) -> None:
    elsewhere = factories.enrolment(factories.edition(by_decision=True), state="applied")
    assert admin.get(f"{place.base}/applications/{elsewhere}").status_code == 404
    assert admin.get(f"{place.base}/applications/{place.tutor}").status_code == 404
    page = admin.post(f"{place.base}/applications/preview", data={"decision": "confirm", "pick": [elsewhere, place.tutor]})
    assert "There is nobody for whom this can be decided" in page.text
    press(admin, place, page, decision="confirm", pick=[elsewhere, place.tutor])
    assert (state_of(elsewhere), acts()) == ("applied", [])


def test_only_administrators_decide(place: Place, signed_in: SignIn) -> None:
    enrolment = place.applicant()
    for who in (place.tutor, place.applicant(state="confirmed")):
        browser = signed_in(factories.person_of(who))
        for path in ("", str(enrolment)):
            assert browser.get(f"{place.base}/applications/{path}").status_code == 403
        for path in ("preview", "decide"):
            assert browser.post(f"{place.base}/applications/{path}", data={"decision": "confirm", "pick": enrolment}).status_code == 403
    assert state_of(enrolment) == "applied"


def test_pages_take_few_statements(place: Place, admin: FlaskClient, statements: Callable[[], Any]) -> None:
    """As many for fifty applications as for one."""
    moment = clock.now()
    enrolments = [place.applicant(f"Person {number}") for number in range(50)]
    data = {"decision": "confirm", "scope": "all"}
    with clock.at(moment):
        admin.get(f"{place.base}/applications/{enrolments[0]}")
        for method, path, most in (("GET", "", 5), ("GET", str(enrolments[0]), 6), ("POST", "preview", 5)):
            with statements() as seen:
                assert admin.open(f"{place.base}/applications/{path}", method=method, data=data).status_code == 200
            seen.at_most(most)
