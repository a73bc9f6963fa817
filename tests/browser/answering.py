"""Answering the questions of a quiz as a person does: by mouse or finger, or by the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from lms.core.questions import Answer, Choice, Matching, Ordering
from lms.quizzes.api import PaperItem
from tests.browser.visitors import Visitor

NOTHING_WAITS = "() => !Object.keys(localStorage).some(key => key.startsWith('answers:'))"
SAVED = re.compile(r"^saved \d\d:\d\d:\d\d$")
ATTEMPT = re.compile(r"/attempts/(\d+)/")


def attempt_of(person: Visitor) -> int:
    """Tell which attempt somebody has before them."""
    match = ATTEMPT.search(person.tab.url)
    assert match, person.tab.url
    return int(match[1])


def choose(person: Visitor, item: PaperItem, answer: Answer) -> None:
    """Give an answer by mouse or finger."""
    for control, value in _controls(person, item, answer):
        if isinstance(item.asked.question, Choice):
            control.locator("xpath=..").click()
        elif isinstance(item.asked.question, Matching | Ordering):
            control.select_option(value)
        else:
            control.fill(value)


def choose_by_keyboard(person: Visitor, item: PaperItem, answer: Answer) -> None:
    """Give an answer by the keyboard alone."""
    keyboard = person.tab.keyboard
    for control, value in _controls(person, item, answer):
        if isinstance(item.asked.question, Choice) and not item.asked.question.several:
            person.tab_to(_control(person, item, "0"))
            keyboard.press("Space")
            for _ in range(int(value)):
                keyboard.press("ArrowDown")
            expect(control).to_be_checked()
            continue
        person.tab_to(control)
        if isinstance(item.asked.question, Choice):
            keyboard.press("Space")
        elif isinstance(item.asked.question, Matching | Ordering):
            while control.input_value() != value:
                keyboard.press("ArrowDown")
        else:
            keyboard.type(value)


def is_saved(person: Visitor) -> None:
    """Expect that all answers have reached the server, and that the page says when."""
    person.tab.wait_for_function(NOTHING_WAITS)
    expect(person.tab.locator("[data-saved]")).to_have_text(SAVED)


def shown_answers(person: Visitor) -> list[list[str]]:
    """Read the questions as they stand on the page: their text, their controls in order, and what is chosen."""
    read = """items => items.map(item => [item.querySelector('legend').textContent, ...[...item.querySelectorAll(
        'input:not([type=hidden]), select')].map(f => [f.name, f.value, f.checked, f.parentElement.textContent].join(' | '))])"""
    answers: list[list[str]] = person.tab.locator("fieldset.item").evaluate_all(read)
    return answers


def _controls(person: Visitor, item: PaperItem, answer: Answer) -> list[tuple[Locator, str]]:
    """List the controls to use and the value to give to each."""
    question, order, name = item.asked.question, item.asked.order, f"a{item.position}"
    if isinstance(question, Choice):
        values = [str(at) for at, number in enumerate(order) if number in answer]
        return [(_control(person, item, value), value) for value in values]
    if isinstance(question, Matching):
        picks = [(f"{name}-{left}", str(order.index(right))) for left, right in enumerate(answer) if right is not None]
    elif isinstance(question, Ordering):
        picks = [(f"{name}-{at}", str(int(answer[number] or 0) + 1)) for at, number in enumerate(order)]
    else:
        picks = [(name, str(answer))]
    return [(person.tab.locator(f"[name='{key}']"), value) for key, value in picks]


def _control(person: Visitor, item: PaperItem, value: str) -> Locator:
    return person.tab.locator(f"input[name='a{item.position}'][value='{value}']")
