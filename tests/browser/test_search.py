"""Looking for words: from the box to the place where they stand, at a desk and on a phone, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cast import Cast, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.visitors import Visitor

PHONE = 390


@pytest.fixture
def edition(site: Site) -> Cast:
    """Open an edition in whose forum somebody has written a lot."""
    opened = cast(site)
    mai = opened.learner("Nguyễn Thị Mai", country="VN")
    topic = opened.topic(mai, "Cards in Đà Nẵng", "How do you renew them?")
    for number in range(12):
        opened.reply(mai, topic, f"Reply {number}: " + "a long answer that fills the screen. " * 12)
    opened.reply(mai, topic, "The office at Hòa Khánh is 200 km away.")
    return opened


def _look_for(visitor: Visitor, words: str) -> None:
    box = visitor.tab.get_by_role("searchbox")
    box.fill(words)
    with visitor.tab.expect_navigation():
        box.press("Enter")
    visitor.look()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [1366, PHONE])
def test_from_the_box_to_the_words(edition: Cast, visit: Visit, width: int, javascript: bool) -> None:
    sokha = edition.learner("Sokha Pov")
    with visit(width, javascript=javascript) as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}dashboard")
        if width == PHONE:
            learner.follow("Search")
            learner.at("Search")
        _look_for(learner, "hoa khanh")
        hit = learner.tab.locator(".hits li")
        expect(hit).to_have_count(1)
        expect(hit.locator("mark")).to_have_text(["Hòa", "Khánh"])
        learner.follow("Cards in Đà Nẵng", within=hit)
        post = learner.tab.locator("article.post", has_text="200 km away")
        expect(post).to_be_in_viewport()
        assert post.evaluate("e => e.matches(':target') || !!e.querySelector(':target')"), "the place in the post is what the address names"


def test_a_lesson_is_opened_where_the_words_stand(edition: Cast, visit: Visit) -> None:
    sokha = edition.learner("Sokha Pov")
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}modules/")
        _look_for(learner, "key points")
        learner.follow(re.compile("^Lessons"), within=learner.tab.locator(".chips"))
        first = learner.tab.locator(".hits h2 a").first
        anchor = re.search(r"#([^:]+)", first.get_attribute("href") or "")
        assert anchor
        with learner.tab.expect_navigation():
            first.click()
        learner.look()
        expect(learner.tab.locator(f"[id='{anchor[1]}']")).to_be_in_viewport()


def test_nothing_found_and_hostile_words(edition: Cast, visit: Visit) -> None:
    """What is typed stays in the box and runs nowhere; a longer question offers its words."""
    sokha = edition.learner("Sokha Pov")
    with visit(PHONE) as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}search")
        learner.sees("as far as they are open to you")
        hostile = "\"><img src=x onerror='window.owned=1'> qqqq"
        _look_for(learner, hostile)
        learner.sees("Nothing found", "Use fewer words")
        expect(learner.tab.get_by_role("searchbox")).to_have_value(hostile)
        assert learner.tab.evaluate("() => window.owned === undefined")
        learner.tab.get_by_role("searchbox").fill("identity qqqq")
        learner.press("Search")
        learner.follow("identity", within=learner.tab.locator(".empty"))
        expect(learner.tab.locator(".hits li").first).to_be_visible()
