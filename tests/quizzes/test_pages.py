"""The pages of a quiz in a browser without scripts: start, attempt, summary, result, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.domain import Role
from lms.core.viewer import Viewer
from lms.editions.api import close_edition
from tests.core import factories
from tests.quizzes.factories import (
    SMALL,
    Learner,
    answer_right,
    count_attempts,
    end_of_module,
    fields,
    info,
    later,
    of_kind,
    save,
    start,
    submit,
    take,
)

WithRules = Callable[..., Learner]
SignedIn = Callable[[int], FlaskClient]


def words(page: str) -> str:
    """Give a page's main text without its marks."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_from_the_start_to_the_result(who: Learner, browser: FlaskClient) -> None:
    """A learner reads the rules, starts, answers, looks at the summary, hands in and reads the result."""
    page = words(browser.get(f"{who.base}/quizzes/module1/").text)
    for fact in (
        "20 minutes for all questions",
        "2 attempts, 2 left",
        "the best attempt",
        "50 %",
        "Start attempt 1 of 2",
    ):
        assert fact in page
    assert count_attempts(who) == 0
    url = browser.post(f"{who.base}/quizzes/module1/start").location
    page = browser.get(url).text
    attempt = int(url.rstrip("/").rpartition("/")[2])
    assert "Attempt 1 of 2" in page
    assert page.count('data-item="q') == SMALL
    assert page.count('class="btn"') == 1
    single, multiple = of_kind(attempt, "single"), of_kind(attempt, "multiple")
    data: dict[str, Any] = fields(single, [0]) | fields(multiple, [0, 2], **{f"flag{multiple.position}": "1"})
    data |= {"item": [str(single.position), str(multiple.position)], "press": "summary"}
    url = browser.post(url, data=data).location
    page = words(browser.get(url).text)
    assert "2 of 7 questions answered, 1 to look at again." in page
    assert "5 questions without an answer" in page
    assert page.count("no answer") == 5
    url = browser.post(who.url(attempt, "submit")).location
    assert url == who.url(attempt, "result")
    page = words(browser.get(url).text)
    assert "14.3 % 1 of 7 points" in page
    assert "not passed" in page
    assert "1 attempt left" in page
    assert "No answer was given." in page
    assert "The right answer: 12.5 % (± 0.1)" in page
    assert "Try again" in page


def test_the_start_goes_on_with_an_open_attempt(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    page = browser.get(f"{who.base}/quizzes/module1/").text
    assert "An attempt is under way" in page
    assert f'href="{who.url(attempt)}"' in page
    assert browser.post(f"{who.base}/quizzes/module1/start").location == who.url(attempt)
    assert count_attempts(who) == 1


def test_handing_in_twice_leads_to_one_result(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    answer_right(attempt, 3)
    answers = [browser.post(who.url(attempt, "submit")) for _ in range(2)]
    assert [answer.location for answer in answers] == [who.url(attempt, "result")] * 2
    assert count_attempts(who) == 1


def test_a_third_attempt_is_refused_with_the_reason(who: Learner, browser: FlaskClient) -> None:
    take(who, 1)
    take(who, 2)
    page = browser.get(f"{who.base}/quizzes/module1/").text
    assert "You have used all 2 attempts at this quiz." in page
    assert "Start attempt" not in page
    assert "28.6 %" in page
    refused = browser.post(f"{who.base}/quizzes/module1/start")
    assert refused.status_code == 409
    assert "You have used all 2 attempts at this quiz." in refused.text


def test_a_module_that_is_not_open_yet(who: Learner, browser: FlaskClient) -> None:
    with clock.at(end_of_module(who) - timedelta(days=20)):
        for answer in (
            browser.get(f"{who.base}/quizzes/module1/"),
            browser.post(f"{who.base}/quizzes/module1/start"),
        ):
            assert answer.status_code == 403
            assert "Module 1 opens on" in answer.text


def test_a_module_that_is_over(who: Learner, browser: FlaskClient) -> None:
    """The rules and the own attempts stay to be read."""
    take(who, 7)
    with clock.at(end_of_module(who)):
        page = browser.get(f"{who.base}/quizzes/module1/").text
        assert "This quiz is closed: its last day is over." in page
        assert "100.0 %" in page
        assert browser.post(f"{who.base}/quizzes/module1/start").status_code == 409


def test_an_edition_that_is_over(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    with unit_of_work():
        close_edition(who.edition, Viewer(administrator=True))
    assert "The edition is over" in browser.get(f"{who.base}/quizzes/module1/").text
    assert browser.post(f"{who.base}/quizzes/module1/start").status_code == 409
    assert "Handed in by itself" in browser.get(who.url(attempt, "result")).text


@pytest.mark.parametrize("page", ["", "summary"])
def test_an_attempt_that_is_handed_in_leads_to_its_result(
    who: Learner, browser: FlaskClient, page: str
) -> None:
    attempt = start(who)
    submit(who, attempt)
    assert browser.get(who.url(attempt, page)).location == who.url(attempt, "result")


def test_a_result_that_is_not_there_yet_leads_to_the_attempt(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    assert browser.get(who.url(attempt, "result")).location == who.url(attempt)


@pytest.mark.parametrize("page", ["", "summary"])
def test_looking_at_an_attempt_after_its_time_hands_it_in(
    who: Learner, browser: FlaskClient, page: str
) -> None:
    attempt = start(who)
    answer_right(attempt, 7)
    with clock.at(later(21)):
        assert browser.get(who.url(attempt, page)).location == who.url(attempt, "result")
        text = words(browser.get(who.url(attempt, "result")).text)
    assert "Handed in by itself" in text
    assert "7 of 7 questions had a saved answer" in text
    assert info(who, attempt).automatic


def test_the_start_page_hands_in_what_is_over(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    with clock.at(later(21)):
        page = browser.get(f"{who.base}/quizzes/module1/").text
    assert "by itself, the time was over" in page
    assert "Start attempt 2 of 2" in page
    assert info(who, attempt).automatic


def test_the_attempt_counts_down_by_the_servers_clock(who: Learner, browser: FlaskClient) -> None:
    """Without scripts the page says when the time is over, in the viewer's zone."""
    attempt = start(who)
    found = info(who, attempt)
    assert found.deadline is not None
    with clock.at(found.started_at + timedelta(minutes=5, seconds=30)):
        page = browser.get(who.url(attempt)).text
    assert f'data-countdown="{found.deadline.isoformat()}"' in page
    assert f"14 minutes left, until {found.deadline + timedelta(hours=8):%H:%M}" in page


def test_no_time_limit(with_rules: WithRules, signed_in: SignedIn) -> None:
    who = with_rules(("minutes = 20\n", ""))
    browser = signed_in(who.person)
    assert "Time limit none" in words(browser.get(f"{who.base}/quizzes/module1/").text)
    assert browser.get(who.url(start(who))).status_code == 200


@pytest.mark.parametrize(
    ("policy", "before", "after"),
    [("submitted", True, True), ("closed", False, True), ("never", False, False)],
)
def test_what_was_right_is_shown_when_the_quiz_allows(
    with_rules: WithRules, signed_in: SignedIn, policy: str, before: bool, after: bool
) -> None:
    """The score is shown at once, whatever the policy."""
    who = with_rules(('feedback = "submitted"', f'feedback = "{policy}"'))
    attempt = start(who)
    answer_right(attempt, 7)
    submit(who, attempt)
    browser = signed_in(who.person)
    page = browser.get(who.url(attempt, "result")).text
    assert "100.0 %" in page
    assert ("Question by question" in page) is before
    with clock.at(end_of_module(who)):
        page = browser.get(who.url(attempt, "result")).text
    assert ("Question by question" in page) is after


def test_no_page_before_the_result_tells_what_is_right(who: Learner, browser: FlaskClient) -> None:
    """Neither the seed, nor the author's order, nor a word of feedback leaves the server."""
    attempt = start(who)
    answer_right(attempt, 7)
    pages = browser.get(who.url(attempt)).text + browser.get(who.url(attempt, "summary")).text
    assert str(info(who, attempt).seed) not in pages
    for word in (
        "Millions share it.",
        "It begins with b.",
        "Nobody can check it.",
        "Divide 1 by 8.",
        "The bank relies.",
    ):
        assert word not in pages
    assert 'class="option right' not in pages


def test_the_result_marks_each_kind(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    for kind, answer in (
        ("single", [1]),
        ("matching", [0, 2, 1]),
        ("short", "fingerprints"),
        ("ordering", [1, 0, 2]),
    ):
        save(attempt, of_kind(attempt, kind), answer)
    submit(who, attempt)
    page = browser.get(who.url(attempt, "result")).text
    text = words(page)
    assert 'class="option wrong"' in page
    assert 'class="option missed"' in page
    assert "Millions share it." in text
    assert "Proofing → Registrar. The registrar checks." in text
    assert "The right answer: biometric" in text
    assert "0.33 of 1 point" in text
    assert f'href="{who.base}/modules/module1/second"' in page


def test_links_in_questions_lead_to_the_editions_lessons(with_rules: WithRules, signed_in: SignedIn) -> None:
    who = with_rules(("Millions share it.", "See [the other](../module2/02-second.md#key)."))
    attempt = start(who)
    save(attempt, of_kind(attempt, "single"), [1])
    submit(who, attempt)
    page = signed_in(who.person).get(who.url(attempt, "result")).text
    assert f'<a href="{who.base}/modules/module2/second#key">the other</a>' in page


def test_what_is_typed_is_shown_as_text(who: Learner, browser: FlaskClient) -> None:
    attempt = start(who)
    nasty = '"><script>alert(1)</script>'
    save(attempt, of_kind(attempt, "short"), nasty)
    page = browser.get(who.url(attempt)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_module_page_lists_the_quiz(who: Learner, browser: FlaskClient) -> None:
    page = browser.get(f"{who.base}/modules/module1/").text
    assert f'href="{who.base}/quizzes/module1/"' in page
    assert "2 attempts, 20 minutes, 7 questions" in page
    assert "Preview the quiz" not in page


@pytest.mark.parametrize(
    "path", ["quizzes/module9/", "quizzes/attempts/999999/", "quizzes/attempts/99999999999999999999/"]
)
def test_what_is_not_there(who: Learner, browser: FlaskClient, path: str) -> None:
    assert browser.get(f"{who.base}/{path}").status_code == 404


def test_pages_cost_few_statements(who: Learner, browser: FlaskClient, statements: Callable[[], Any]) -> None:
    """One for who asks and where, then one to three for the page, however many questions there are."""
    take(who, 2)
    attempt = start(who)
    for page, most in (
        (f"{who.base}/quizzes/module1/", 2),
        (who.url(attempt), 3),
        (who.url(attempt, "summary"), 3),
    ):
        browser.get(page)
        with statements() as seen:
            assert browser.get(page).status_code == 200
        seen.at_most(most)
    submit(who, attempt)
    browser.get(who.url(attempt, "result"))
    with statements() as seen:
        browser.get(who.url(attempt, "result"))
    seen.at_most(4)


def test_only_learners_take_quizzes(who: Learner, client: FlaskClient, signed_in: SignedIn) -> None:
    """Anonymous visitors are sent to sign in; strangers and staff are refused."""
    attempt = start(who)
    stranger, tutor = (
        factories.person(),
        factories.person_of(factories.enrolment(who.edition, role=Role.TUTOR)),
    )
    for url in (
        f"{who.base}/quizzes/module1/start",
        who.url(attempt),
        who.url(attempt, "answer"),
        who.url(attempt, "submit"),
    ):
        assert "/account/sign-in" in client.post(url).location
        assert signed_in(stranger).post(url).status_code == 403
        assert signed_in(tutor).post(url).status_code == 403
    assert info(who, attempt).submitted_at is None
