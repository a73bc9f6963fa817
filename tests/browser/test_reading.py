"""The first lesson on a phone with a slow line, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cast import cast
from tests.browser.chrome import slow_line
from tests.browser.conftest import Visit
from tests.browser.live import Site

PHONE = 360


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_first_lesson_on_a_phone(site: Site, visit: Visit, javascript: bool) -> None:
    edition = cast(site, days=10)
    sokha = edition.learner("Sokha Pov")
    with visit(PHONE, javascript=javascript) as learner, slow_line(learner.tab, kilobits=250, delay_ms=300):
        learner.sign_in(sokha.email)
        learner.at("Hello, Sokha Pov")
        learner.follow(re.compile("^1 Fundamental concepts"))
        first = learner.tab.locator(".rows li").first
        expect(first).to_contain_text(re.compile(r"\d+ minutes, \d+ KB"))
        lessons = learner.tab.locator("main h2:text('Lessons') + .rows li").count()
        learner.follow("What identity is")
        learner.at("What identity is")
        learner.sees(f"lesson 1 of {lessons}", "After this lesson you can")
        learner.press("Mark as read, go on")
        learner.sees("“What identity is” is marked as read.")
        learner.at("Kinds of identity")
        learner.goto(f"{edition.address}modules/")
        learner.sees(f"1 of {lessons}", "Where you were", "Kinds of identity")
        learner.follow("Go on reading")
        learner.at("Kinds of identity")
        learner.goto(f"{edition.address}dashboard")
        learner.sees(re.compile(r"1 of \d+ done"))
