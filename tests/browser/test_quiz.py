"""L4: a graded quiz, from its start page to the grade; by mouse, by keyboard, without scripts, with a line that breaks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lms.core.questions import KINDS
from lms.quizzes.api import PaperItem, right_answer, wrong_answer
from tests.browser.answering import (
    attempt_of,
    choose,
    choose_by_keyboard,
    is_saved,
    shown_answers,
)
from tests.browser.cast import SMALL, Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.visitors import Visitor

SUMMARY = "Save and see the summary"


@pytest.fixture
def edition(site: Site) -> Cast:
    """Open an edition of the small course, whose first quiz asks one question of each kind."""
    return cast(site, SMALL)


@pytest.fixture
def sokha(edition: Cast) -> Member:
    """Register a learner."""
    return edition.learner("Sokha Pov")


def _begin(person: Visitor, edition: Cast, learner: Member) -> tuple[PaperItem, ...]:
    person.sign_in(learner.email)
    person.goto(f"{edition.address}quizzes/module1/")
    person.press("Start attempt 1 of 2")
    return edition.paper(attempt_of(person))


def test_a_quiz_from_start_to_grade(edition: Cast, sokha: Member, visit: Visit) -> None:
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.follow(re.compile("^1 Module number 1"))
        learner.follow("Quiz of module 1")
        learner.sees("2 attempts, 2 left", "20 minutes for all questions", "Passed from50 %", "shown once you have handed in")
        learner.press("Start attempt 1 of 2")
        expect(learner.tab.locator("[data-countdown]")).to_have_text(re.compile(r"(20:00|19:\d\d) left"))
        items = edition.paper(attempt_of(learner))
        assert {item.asked.question.kind for item in items} == set(KINDS)
        for item in items[:-1]:
            choose(learner, item, right_answer(item.asked.question))
            is_saved(learner)
        learner.look()
        learner.tab.locator("fieldset.item").nth(1).get_by_label("Look at this again later").check()
        is_saved(learner)
        learner.press(SUMMARY)
        learner.sees("6 of 7 questions answered, 1 to look at again.", "1 question without an answer", "look again")
        learner.press("Hand in now")
        learner.at("Your result")
        learner.sees("85.7 %", "passed", "Question by question", "No answer was given.")
        expect(learner.tab.locator("fieldset.item.right")).to_have_count(6)
        learner.follow("Grades")
        learner.sees("85.7 %, 1 of 2 attempts used", "attempt 1 of 2: 85.7 %, the best counts")


def test_a_quiz_by_the_keyboard_alone(edition: Cast, sokha: Member, visit: Visit) -> None:
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}quizzes/module1/")
        learner.enter(learner.tab.get_by_role("button", name="Start attempt 1 of 2"))
        for item in edition.paper(attempt_of(learner)):
            choose_by_keyboard(learner, item, right_answer(item.asked.question))
        is_saved(learner)
        learner.enter(learner.tab.get_by_role("button", name=SUMMARY))
        learner.sees("7 of 7 questions answered.")
        learner.enter(learner.tab.get_by_role("button", name="Hand in now"))
        learner.sees("100.0 %", "passed")


def test_a_quiz_of_the_real_course_without_scripts(site: Site, visit: Visit) -> None:
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    with visit(360, javascript=False) as learner:
        items = _begin(learner, edition, sokha)
        learner.sees(re.compile(r"(20|19) minutes left, until \d\d:\d\d"))
        for item in items[:5]:
            choose(learner, item, right_answer(item.asked.question))
        learner.press("Save")
        learner.sees("Your answers are saved.")
        for item in items[5:]:
            choose(learner, item, wrong_answer(item.asked.question) or "")
        learner.press(SUMMARY)
        learner.sees("10 of 10 questions answered.")
        learner.press("Hand in now")
        learner.sees("50.0 %", "passed", "passed from 50 %")
        expect(learner.tab.locator("fieldset.item.right")).to_have_count(5)


def test_a_line_that_breaks_and_another_device(edition: Cast, sokha: Member, visit: Visit) -> None:
    with visit() as learner, visit(360) as elsewhere:
        items = _begin(learner, edition, sokha)
        choose(learner, items[0], right_answer(items[0].asked.question))
        is_saved(learner)
        waiting = learner.tab.locator(".waiting")
        with learner.offline():
            for item in items[1:3]:
                choose(learner, item, right_answer(item.asked.question))
            expect(waiting).to_contain_text("2 answers waiting on this device")
            learner.look()
        expect(waiting).to_have_count(0)
        is_saved(learner)
        elsewhere.sign_in(sokha.email)
        elsewhere.goto(f"{edition.address}quizzes/module1/")
        elsewhere.sees("An attempt is under way")
        elsewhere.follow("Go on with attempt 1")
        assert shown_answers(elsewhere) == shown_answers(learner)
        elsewhere.press(SUMMARY)
        elsewhere.sees("3 of 7 questions answered.")


def test_pressing_twice_and_a_third_attempt(edition: Cast, sokha: Member, visit: Visit) -> None:
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}quizzes/module1/")
        left_open = learner.another_tab()
        _presses_twice(learner, "Start attempt 1 of 2")
        items = edition.paper(attempt_of(learner))
        choose(learner, items[0], right_answer(items[0].asked.question))
        is_saved(learner)
        learner.press(SUMMARY)
        second_tab = learner.another_tab()
        _presses_twice(learner, "Hand in now")
        learner.at("Your result")
        second_tab.press("Hand in now")
        second_tab.at("Your result")
        learner.follow("Try again")
        learner.press("Start attempt 2 of 2")
        assert edition.attempts(sokha) == 2
        learner.press(SUMMARY)
        learner.press("Hand in now")
        learner.goto(f"{edition.address}quizzes/module1/")
        learner.sees("You have used all 2 attempts at this quiz.", "14.3 %")
        expect(learner.tab.get_by_role("button", name=re.compile("Start attempt"))).to_have_count(0)
        left_open.press("Start attempt 1 of 2")
        left_open.sees("You have used all 2 attempts at this quiz.")
        assert edition.attempts(sokha) == 2


def _presses_twice(person: Visitor, button: str) -> None:
    with person.tab.expect_navigation():
        person.tab.get_by_role("button", name=button).dblclick()
    person.look()
