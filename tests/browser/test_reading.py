"""L3: the first lesson on a phone with a slow line, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cast import cast
from tests.browser.chrome import slow_line
from tests.browser.conftest import Visit
from tests.browser.live import Site

PHONE = 360
PLACE = "() => localStorage[Object.keys(localStorage).find(key => key.startsWith('read:'))]"


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_first_lesson_on_a_phone(site: Site, visit: Visit, javascript: bool) -> None:
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    with visit(PHONE, javascript=javascript) as learner, slow_line(learner.tab, kilobits=250, delay_ms=300):
        learner.sign_in(sokha.email)
        learner.at("Hello, Sokha Pov")
        learner.follow(re.compile("^1 Fundamental concepts"))
        rows = learner.tab.locator("h2:text('Lessons') + .rows li")
        expect(rows.first).to_contain_text(re.compile(r"\d+ minutes, \d+ KB"))
        lessons = rows.count()
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
        learner.goto(f"{edition.address}modules/module1/")
        expect(rows.first.get_by_role("img", name="Read")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_module_that_is_not_open_says_when_it_opens(site: Site, visit: Visit, javascript: bool) -> None:
    edition = cast(site)
    reader = edition.learner("Sokha Pov", zone="Asia/Phnom_Penh")
    with visit(PHONE, javascript=javascript) as learner:
        learner.sign_in(reader.email)
        learner.goto(f"{edition.address}modules/")
        learner.sees(re.compile(r"3 ID usage: services, finance and trade.*opens \w+day \d+ \w+(?: \d{4})?, 23:00", re.DOTALL))
        expect(learner.tab.get_by_role("link", name=re.compile("^3 ID usage"))).to_have_count(0)
        answer = learner.tab.request.get(f"{edition.address}modules/module3/people-and-businesses")
        assert answer.status == 403
        learner.goto(f"{edition.address}modules/module3/people-and-businesses")
        learner.sees(re.compile(r"Module 3 opens on \w+day \d+ \w+(?: \d{4})?, 23:00 \(Asia/Phnom_Penh\)"), "on the course page")


def test_the_place_in_a_lesson_is_remembered_and_terms_explain_themselves(site: Site, visit: Visit) -> None:
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    with visit(PHONE) as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}modules/module1/kinds-of-identity")
        term, meaning = learner.tab.locator("a.term").first, learner.tab.locator(".def")
        term.click()
        expect(meaning).to_contain_text(term.get_attribute("data-def") or "no definition")
        learner.look()
        learner.tab.keyboard.press("Escape")
        expect(meaning).to_have_count(0)
        table = learner.tab.locator(".scroll").first
        before = learner.tab.evaluate(PLACE)
        table.scroll_into_view_if_needed()
        assert table.evaluate("e => e.scrollWidth > e.clientWidth"), "a wide table scrolls inside itself"
        learner.tab.wait_for_function(f"before => ({PLACE})() !== before", arg=before)
        learner.goto(f"{edition.address}modules/")
        learner.follow("Go on reading")
        learner.sees("You stopped further down in this lesson.")
        learner.look()
        learner.tab.get_by_role("button", name="Go on there").click()
        expect(table).to_be_in_viewport()


def test_figures_of_a_dark_page_lie_on_the_page_itself(site: Site, visit: Visit) -> None:
    """A drawing has light lines where the page is dark; anything white between the two would hide them."""
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    with visit(PHONE) as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}modules/module1/what-identity-is")
        learner.tab.emulate_media(color_scheme="dark")
        figure = learner.tab.locator(".lesson figure img").first
        expect(figure).to_have_css("background-color", "rgba(0, 0, 0, 0)")
