"""T4: leading a discussion, and what learners see of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor

QUESTION = "The question of this week"


@pytest.fixture
def edition(site: Site) -> Cast:
    """Open an edition of the course."""
    return cast(site)


@pytest.fixture
def rosa(edition: Cast) -> Member:
    """Appoint a tutor."""
    return edition.tutor("Rosa Lindqvist")


@pytest.fixture
def sokha(edition: Cast) -> Member:
    """Register a learner."""
    return edition.learner("Sokha Pov")


def _post(person: Visitor, text: str) -> Locator:
    return person.tab.locator("article.post", has_text=text)


def test_pinning_locking_and_moving(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    with visit() as tutor, visit(360) as learner:
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}forums/module1/")
        tutor.follow("Start a topic")
        tutor.fill("Title", QUESTION)
        tutor.fill("Your post", "Which register would you trust, and why?")
        tutor.press("Post the topic")
        tutor.sees("Your topic is posted.")
        place = tutor.tab.url
        tutor.press("Pin")
        tutor.sees("The topic is pinned: it stays at the head of the forum.")
        tutor.follow("Lock")
        tutor.fill("Reason", "The week is over; please go on in module 2.")
        tutor.press("Lock the topic")
        learner.sign_in(sokha.email)
        learner.goto(place)
        learner.sees("pinned", "A tutor has locked this topic: The week is over; please go on in module 2.")
        expect(learner.tab.get_by_label("Your reply")).to_have_count(0)
        tutor.press("Undo")
        tutor.sees("The topic is open again.")
        tutor.follow("Move")
        tutor.tab.get_by_label("Forum", exact=True).select_option("2 Data protection")
        tutor.press("Move the topic")
        tutor.sees("The topic is moved; its old address leads to the new one.")
        learner.goto(place)
        expect(learner.tab).to_have_url(re.compile(r"/forums/module2/\d+$"))
        learner.at(QUESTION)
        expect(learner.tab.get_by_label("Your reply")).to_be_visible()


def test_hiding_restoring_and_answering_a_report(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    mai = edition.learner("Mai Nguyen", country="VN")
    admin = edition.administrator("Mira Adler")
    topic = edition.topic(mai, QUESTION, "In Viet Nam it is the business register.")
    edition.reply(mai, topic, "Buy my book on registers.")
    place = f"{edition.address}forums/module1/{topic.topic_id}"
    with visit() as tutor, visit() as learner, visit() as staff:
        learner.sign_in(sokha.email)
        learner.goto(place)
        learner.follow("Report", _post(learner, "Buy my book"))
        learner.tab.get_by_label("It is advertising").check()
        learner.press("Send the report")
        tutor.sign_in(rosa.email)
        expect(tutor.tab.locator(".card", has_text="Reported posts").locator(".big")).to_have_text("1")
        tutor.goto(place)
        tutor.follow("Hide", _post(tutor, "Buy my book"))
        tutor.fill("Reason", "Advertising has no place here.")
        tutor.press("Hide the post")
        tutor.sees("Hidden: Advertising has no place here.")
        learner.goto(place)
        expect(_post(learner, "Buy my book")).to_have_count(0)
        tutor.press("Restore", _post(tutor, "Buy my book"))
        learner.goto(place)
        expect(_post(learner, "Buy my book")).to_have_count(1)
        staff.sign_in(admin.email)
        find_mail(staff, mai.email, "hidden")
        staff.sees("Advertising has no place here.")


def test_letting_a_reported_post_stand(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    mai, admin = edition.learner("Mai Nguyen", country="VN"), edition.administrator("Mira Adler")
    topic = edition.topic(mai, QUESTION, "I think the register is of no use at all.")
    edition.report(sokha, topic, "rude")
    with visit() as tutor, visit() as staff:
        tutor.sign_in(rosa.email)
        tutor.follow("Flags")
        tutor.sees("It is rude, insulting or threatening", "reported by Sokha Pov")
        tutor.fill("A line for who reported it", "It is sharp, but about the register.")
        tutor.press("Let it stand")
        tutor.sees("The post stands.", "Nothing waits for you")
        tutor.follow("Decided")
        tutor.sees("left standing by Rosa Lindqvist")
        staff.sign_in(admin.email)
        find_mail(staff, sokha.email, "post you reported")
        staff.sees("It is sharp, but about the register.")


def test_an_announcement_reaches_everybody(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    admin = edition.administrator("Mira Adler")
    with visit(360) as tutor, visit() as staff, visit() as learner:
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}forums/announcements/")
        tutor.follow("Start a topic")
        tutor.sees("It goes by mail to everybody in this edition. First you see how it arrives.")
        tutor.fill("Title", "Module 3 opens on Friday")
        tutor.fill("Your post", "It has **six** lessons.")
        tutor.press("See how it arrives")
        tutor.sees("How it arrives", "Nothing is sent yet.", "On a phone", "As plain text", "It has **six** lessons.")
        tutor.press("Go on writing")
        tutor.press("See how it arrives")
        tutor.press("Send to 2 people")
        tutor.sees("Your topic is posted.")
        tutor.goto(f"{edition.address}deliveries/")
        tutor.follow("Module 3 opens on Friday")
        tutor.sees("Mails", "2", "Failed", "0")
        staff.sign_in(admin.email)
        find_mail(staff, sokha.email, "Module 3 opens on Friday")
        staff.sees("It has", "six")
        learner.sign_in(sokha.email)
        learner.follow("Module 3 opens on Friday")
        learner.sees("Rosa Lindqvist")
