"""Saving from pages: one question at a time by script, all at once without, and nothing newer is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.core import clock
from lms.core.asking import read
from lms.core.db import db, unit_of_work
from lms.core.marking import right_answer
from lms.quizzes import papers
from lms.quizzes.models import Attempt
from lms.quizzes.rules import GRACE
from tests.quizzes.factories import (
    SMALL,
    Learner,
    answer_right,
    fields,
    info,
    later,
    of_kind,
    paper,
    save,
    start,
    stored,
    submit,
)

KINDS = ["single", "multiple", "true-false", "numeric", "short", "matching", "ordering"]
ANSWERS: dict[str, Any] = {
    "single": [2],
    "multiple": [0, 3],
    "true-false": [1],
    "numeric": "12,5 %",
    "short": "Biometric",
    "matching": [1, None, 0],
    "ordering": [2, 1, 0],
}
FORM = "application/x-www-form-urlencoded"
NASTY = [
    "\0",
    "\ud800",
    "x" * 1_000_000,
    "'; DROP TABLE quiz_items; --",
    "<script>",
    "\u202e",
    "٣",
    "-1",
    "1e9",
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_answer_is_saved_on_its_own(who: Learner, browser: FlaskClient, kind: str) -> None:
    """Sending again changes nothing."""
    attempt = start(who)
    item = of_kind(attempt, kind)
    for _ in range(2):
        answer = browser.post(who.url(attempt, "answer"), data=fields(item, ANSWERS[kind]))
        assert answer.status_code == 200
        assert re.fullmatch(r"\d\d:\d\d:\d\d", answer.get_json()["saved"])
    expected = dict.fromkeys(range(1, SMALL + 1)) | {item.position: ANSWERS[kind]}
    assert stored(attempt) == expected


def test_the_time_is_that_of_the_viewers_zone(who: Learner, browser: FlaskClient) -> None:
    """Singapore is eight hours ahead of UTC."""
    attempt = start(who)
    item = of_kind(attempt, "single")
    now = info(who, attempt).started_at.replace(microsecond=0) + timedelta(seconds=7)
    with clock.at(now):
        answer = browser.post(who.url(attempt, "answer"), data=fields(item, [0]))
    assert answer.get_json() == {"saved": f"{now + timedelta(hours=8):%H:%M:%S}"}


def test_an_answer_can_be_taken_back(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    item = of_kind(attempt, "multiple")
    browser.post(who.url(attempt, "answer"), data=fields(item, [0, 1]))
    browser.post(who.url(attempt, "answer"), data=fields(item, None))
    assert stored(attempt)[item.position] is None


def test_the_flag_is_saved_with_the_answer(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    item = of_kind(attempt, "single")
    browser.post(who.url(attempt, "answer"), data=fields(item, None, **{f"flag{item.position}": "1"}))
    assert papers.answers(attempt)[item.position].flagged
    browser.post(who.url(attempt, "answer"), data=fields(item, None))
    assert not papers.answers(attempt)[item.position].flagged


def test_saving_an_answer_costs_two_statements(
    who: Learner, browser: FlaskClient, statements: Callable[[], Any]
) -> None:
    """Who asks and where, and the answer, which is stored only where the attempt is still open."""
    attempt = start(who)
    data = fields(of_kind(attempt, "single"), [0])
    browser.post(who.url(attempt, "answer"), data=data)
    with statements() as seen:
        assert browser.post(who.url(attempt, "answer"), data=data).status_code == 200
    seen.at_most(2)


def test_another_attempt_under_a_known_number(who: Learner, browser: FlaskClient) -> None:
    """What a process remembers of an attempt is used only while it is the same: a backup may have been restored."""
    attempt = start(who)
    old = fields(of_kind(attempt, "ordering"), [0, 1, 2])
    with unit_of_work():
        db.session.get_one(Attempt, attempt).seed += 1
    browser.post(who.url(attempt, "answer"), data=old)
    item = of_kind(attempt, "ordering")
    assert stored(attempt)[item.position] == read(item.asked, f"a{item.position}", MultiDict(old).getlist).answer


def test_after_the_deadline_an_answer_is_refused(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    data = fields(of_kind(attempt, "single"), [0])
    with clock.at(later(20) + GRACE + timedelta(seconds=1)):
        answer = browser.post(who.url(attempt, "answer"), data=data)
    assert answer.status_code == 409
    assert answer.get_json() == {"message": "The time is over. What was saved until then counts."}
    assert set(stored(attempt).values()) == {None}


def test_after_handing_in_an_answer_is_refused(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    submit(who, attempt)
    answer = browser.post(who.url(attempt, "answer"), data=fields(of_kind(attempt, "single"), [0]))
    assert answer.status_code == 409
    assert "handed in" in answer.get_json()["message"]


@pytest.mark.parametrize("page", ["", "answer", "summary", "submit", "result"])
def test_somebody_elses_attempt_is_not_there(who: Learner, browser: FlaskClient, page: str) -> None:
    """Neither of a learner of the same edition nor the own one of another edition's address."""
    other = who.another()
    attempt = start(other)
    item = of_kind(attempt, "single")
    if page in {"", "answer", "submit"}:
        assert browser.post(who.url(attempt, page), data=fields(item, [0])).status_code == 404
    if page in {"", "summary", "result"}:
        assert browser.get(who.url(attempt, page)).status_code == 404
    assert set(stored(attempt).values()) == {None}
    assert info(other, attempt).submitted_at is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"item": ""},
        {"item": "0"},
        {"item": "8"},
        {"item": "x"},
        {"item": "٣"},
        {"item": ["1", "2"]},
        {"item": "\0"},
        {"item": "9" * 400},
    ],
)
def test_a_question_that_is_not_asked(who: Learner, browser: FlaskClient, data: dict[str, Any]) -> None:
    answer = browser.post(who.url(start(who), "answer"), data=data)
    assert answer.status_code == 422
    assert answer.get_json()["message"]


@pytest.mark.parametrize("kind", KINDS)
def test_nasty_strings_do_no_harm(who: Learner, browser: FlaskClient, kind: str) -> None:
    """Every one is an answer or is refused with a sentence, on its own and with the whole page."""
    attempt = start(who)
    item = of_kind(attempt, kind)
    names = [f"a{item.position}", f"a{item.position}-0", f"a{item.position}-1"]
    for text in NASTY:
        data = {
            "item": str(item.position),
            "page": text,
            f"was{item.position}": text,
            **dict.fromkeys(names, text),
        }
        body = urlencode({**data, "press": "save"}, errors="surrogatepass")
        answer = browser.post(who.url(attempt, "answer"), data=body, content_type=FORM)
        assert answer.status_code in {200, 413, 422}, (text[:20], answer.status_code)
        answer = browser.post(who.url(attempt), data=body, content_type=FORM)
        assert answer.status_code in {302, 413, 422}, (text[:20], answer.status_code)


def page_of(browser: FlaskClient, url: str) -> dict[str, Any]:
    """Open an attempt and give the hidden fields of its page."""
    text = browser.get(url).text
    found = dict(re.findall(r'name="(page|was\d+)" value="([0-9a-z]+)"', text))
    assert len(found) == SMALL + 1
    return {**found, "item": [str(position) for position in range(1, SMALL + 1)]}


def whole(
    attempt: int, hidden: dict[str, Any], answers: dict[str, Any], press: str = "save"
) -> dict[str, Any]:
    """Give what a whole page sends, with answers by type."""
    data = dict(hidden)
    for item in paper(attempt):
        sent = fields(item, answers.get(item.asked.question.kind))
        del sent["item"]
        data |= sent
    return {**data, "press": press} if press else data


def by_kind(attempt: int) -> dict[str, Any]:
    """Give the stored answers by type."""
    found = stored(attempt)
    return {
        item.asked.question.kind: found[item.position]
        for item in paper(attempt)
        if found[item.position] is not None
    }


def test_a_whole_page_is_saved_without_scripts(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    data = whole(attempt, page_of(browser, who.url(attempt)), ANSWERS)
    answer = browser.post(who.url(attempt), data=data)
    assert answer.location == who.url(attempt)
    assert by_kind(attempt) == ANSWERS
    text = browser.get(who.url(attempt)).text
    assert "Your answers are saved." in text
    assert "Not every row has its match yet." in text
    assert browser.post(who.url(attempt), data={**data, "press": "summary"}).location == who.url(
        attempt, "summary"
    )


def test_an_old_page_overwrites_nothing_newer(who: Learner, browser: FlaskClient) -> None:
    """Opened on a laptop, answered on a phone; the laptop's page still brings what was changed on it."""
    attempt = start(who)
    laptop = page_of(browser, who.url(attempt))
    phone = page_of(browser, who.url(attempt))
    browser.post(who.url(attempt), data=whole(attempt, phone, {"single": [1], "short": "biometrics"}))
    browser.post(who.url(attempt), data=whole(attempt, laptop, {"numeric": "12.5"}))
    assert by_kind(attempt) == {"single": [1], "short": "biometrics", "numeric": "12.5"}


def test_an_old_page_that_sends_itself_leaves_what_was_answered_elsewhere(
    who: Learner, browser: FlaskClient
) -> None:
    """At zero a page that was left open on another device hands in what is stored, not what it shows."""
    attempt = start(who)
    laptop = page_of(browser, who.url(attempt))
    item = of_kind(attempt, "single")
    browser.post(who.url(attempt, "answer"), data={**fields(item, [0]), "page": "laptop"})
    browser.post(who.url(attempt, "answer"), data={**fields(item, [1]), "page": "phone"})
    with clock.at(later(20.1)):
        data = whole(attempt, laptop, {"single": [0], "short": "biometric"}, press="")
        answer = browser.post(who.url(attempt), data=data)
        assert answer.location == who.url(attempt, "result")
        assert "The time is over: your answers were handed in." in browser.get(answer.location).text
    assert by_kind(attempt) == {"single": [1], "short": "biometric"}
    assert not info(who, attempt).automatic


def test_what_could_not_be_sent_one_by_one_comes_with_the_page(who: Learner, browser: FlaskClient) -> None:
    """Saved from this page, changed while the line was down: the page brings the change, even back to the start."""
    attempt = start(who)
    hidden = page_of(browser, who.url(attempt))
    single = of_kind(attempt, "single")
    browser.post(who.url(attempt, "answer"), data={**fields(single, [0]), "page": hidden["page"]})
    browser.post(who.url(attempt), data=whole(attempt, hidden, {"single": [2]}))
    assert by_kind(attempt) == {"single": [2]}
    browser.post(who.url(attempt), data=whole(attempt, hidden, {}))
    assert by_kind(attempt) == {}


def test_a_page_that_sends_itself_too_early_leads_to_the_summary(who: Learner, browser: FlaskClient) -> None:
    """The server's clock decides."""
    attempt = start(who)
    data = whole(attempt, page_of(browser, who.url(attempt)), ANSWERS, press="")
    assert browser.post(who.url(attempt), data=data).location == who.url(attempt, "summary")
    assert info(who, attempt).submitted_at is None
    assert by_kind(attempt) == ANSWERS


def test_a_page_that_comes_too_late_changes_nothing(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    answer_right(attempt, 1)
    data = whole(attempt, page_of(browser, who.url(attempt)), ANSWERS, press="summary")
    with clock.at(later(21)):
        answer = browser.post(who.url(attempt), data=data)
        assert answer.location == who.url(attempt, "result")
        text = browser.get(answer.location).text
    assert "What was saved until then counts." in text
    assert "Handed in by itself" in text
    assert info(who, attempt).automatic
    assert len(by_kind(attempt)) == 1


def test_what_can_not_be_stored_stays_on_the_page(who: Learner, browser: FlaskClient) -> None:
    """Nothing is saved, nothing is lost, and the corrected page is taken whole."""
    attempt = start(who)
    hidden = page_of(browser, who.url(attempt))
    bad = {**ANSWERS, "short": "bio\u202emetric"}
    answer = browser.post(who.url(attempt), data=whole(attempt, hidden, bad))
    assert answer.status_code == 422
    assert "Please remove the invisible character U+202E." in answer.text
    assert "Nothing is saved yet" in answer.text
    assert 'value="biometric"' in answer.text
    assert 'value="12,5 %"' in answer.text
    assert by_kind(attempt) == {}
    again = dict(re.findall(r'name="(page|was\d+)" value="([0-9a-z]+)"', answer.text))
    assert {key: value for key, value in again.items() if key != "page"} == {
        key: value for key, value in hidden.items() if key.startswith("was")
    }
    data = whole(attempt, {**again, "item": hidden["item"]}, ANSWERS)
    assert browser.post(who.url(attempt), data=data).status_code == 302
    assert by_kind(attempt) == ANSWERS


def test_only_questions_that_are_sent_change(who: Learner, browser: FlaskClient) -> None:
    """A page cut off on the way doesn't empty the rest."""
    attempt = start(who)
    item = of_kind(attempt, "single")
    save(attempt, item, right_answer(item.asked.question))
    browser.post(who.url(attempt), data={"press": "save", "item": []})
    assert stored(attempt)[item.position] == [0]
