"""L6 and T4: reading and writing in a forum whatever the line does, and leading one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from lms.forums.api import Posted
from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.visitors import Visitor

TITLE = "Which register do your banks use?"
TEXT = "We use the **company register**, see [its page](https://example.org/register)."
HOSTILE = """<script>window.owned = 1</script><img src=x onerror="window.owned = 2">
<a href="javascript:window.owned = 3">press</a> [me](javascript:window.owned=4) **bold**"""


@pytest.fixture
def edition(site: Site) -> Cast:
    """Open an edition of the course."""
    return cast(site)


@pytest.fixture
def sokha(edition: Cast) -> Member:
    """Register the learner who reads and writes."""
    return edition.learner("Sokha Pov")


@pytest.fixture
def mai(edition: Cast) -> Member:
    """Register another learner."""
    return edition.learner("Mai Nguyen", country="VN")


@pytest.fixture
def topic(edition: Cast, mai: Member) -> Posted:
    """Let the other learner have asked something."""
    asked = edition.topic(mai, TITLE, "In Viet Nam it is the business register.")
    edition.reply(edition.tutor("Rosa Lindqvist"), asked, "A good question. What about the others?")
    return asked


def _post(person: Visitor, text: str) -> Locator:
    return person.tab.locator("article.post", has_text=text)


def _box(person: Visitor) -> Locator:
    return person.tab.get_by_label("Your reply")


@pytest.mark.usefixtures("topic")
def test_reading_what_is_new_and_answering(sokha: Member, visit: Visit) -> None:
    with visit() as learner:
        learner.sign_in(sokha.email)
        expect(learner.tab.locator(".card", has_text="In the forums")).to_contain_text("2 new")
        learner.follow("Forums")
        learner.follow("Next unread topic")
        learner.at(TITLE)
        _box(learner).fill(TEXT)
        learner.tab.get_by_role("button", name="Preview").click()
        preview = learner.tab.locator("#preview-pane")
        expect(preview.get_by_role("link", name="its page")).to_have_attribute("rel", re.compile("nofollow ugc"))
        learner.look()
        learner.press("Post the reply")
        learner.sees("Your reply is posted.")
        expect(_post(learner, "company register").locator("strong")).to_have_text("company register")
        learner.follow("Forums")
        learner.sees("You have read everything.")


@pytest.mark.usefixtures("topic")
def test_answering_without_scripts(sokha: Member, visit: Visit) -> None:
    with visit(360, javascript=False) as learner:
        learner.sign_in(sokha.email)
        learner.goto("/")
        learner.follow(TITLE)
        _box(learner).fill(TEXT)
        learner.press("Preview")
        expect(learner.tab.locator("#preview-pane strong")).to_have_text("company register")
        expect(_box(learner)).to_have_value(TEXT)
        learner.press("Post the reply")
        learner.sees("Your reply is posted.")
        expect(_post(learner, "company register")).to_have_count(1)


@pytest.mark.usefixtures("topic")
def test_answering_by_the_keyboard_alone(sokha: Member, visit: Visit) -> None:
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.enter(learner.tab.get_by_role("link", name="Forums", exact=True))
        learner.enter(learner.tab.get_by_role("link", name="Next unread topic"))
        learner.tab_to(_box(learner))
        learner.tab.keyboard.type("By keys alone.")
        learner.enter(learner.tab.get_by_role("button", name="Post the reply"))
        expect(_post(learner, "By keys alone.")).to_have_count(1)


def test_a_line_that_fails_loses_and_doubles_nothing(edition: Cast, sokha: Member, topic: Posted, visit: Visit) -> None:
    place = f"{edition.address}forums/module1/{topic.topic_id}"
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(place)
        _box(learner).fill(TEXT)
        learner.tab.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('draft:'))")
        with learner.offline():
            _fails_to_send(learner)
        learner.goto(place)
        expect(_box(learner)).to_have_value(TEXT)
        learner.sees("Your draft from this device is back.")
        with learner.offline_after_sending(re.compile(rf"{place}$")):
            _fails_to_send(learner)
        learner.tab.reload()  # which sends the same again
        learner.sees("Your reply is posted.")
        learner.goto(place)
        expect(_post(learner, "company register")).to_have_count(1)
        expect(_box(learner)).to_have_value("")


def _fails_to_send(person: Visitor) -> None:
    person.tab.get_by_role("button", name="Post the reply").click()
    person.tab.wait_for_url("chrome-error://**")


def test_changing_a_post_leaves_a_history(edition: Cast, sokha: Member, topic: Posted, visit: Visit) -> None:
    edition.reply(sokha, topic, "We use the tax register.")
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}forums/module1/{topic.topic_id}")
        learner.follow("Edit", _post(learner, "tax register"))
        learner.sees("Others can see what it was before.")
        learner.fill("Your post", "We use the company register.")
        learner.press("Save the change")
        learner.sees("Your change is saved.")
        learner.follow("see history", _post(learner, "company register"))
        learner.sees("Version 2 (now)", "We use the company register.", "Version 1", "We use the tax register.")
        learner.follow("Back to the topic")


def test_reporting_and_hostile_text(edition: Cast, sokha: Member, mai: Member, topic: Posted, visit: Visit) -> None:
    edition.reply(mai, topic, HOSTILE)
    with visit() as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}forums/module1/{topic.topic_id}")
        hostile = _post(learner, "bold")
        expect(hostile.locator("strong")).to_have_text("bold")
        expect(hostile.locator(".body").locator("script, img, [onerror], a[href^='javascript']")).to_have_count(0)
        for link in hostile.locator(".body a").all():
            link.click()
        assert learner.tab.evaluate("() => window.owned") is None
        learner.follow("Report", hostile)
        learner.press("Send the report")
        learner.sees("Please choose one.")
        learner.tab.get_by_label("It is advertising").check()
        learner.fill("What should the tutor know?", "This has nothing to do with the course.")
        learner.press("Send the report")
        learner.sees("Thank you. A tutor will read the post")
        expect(hostile).to_contain_text("You reported this")
