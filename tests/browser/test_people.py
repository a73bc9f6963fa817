"""T1 and T9: the start of a tutor's day, and helping a learner who struggles; the learner reads who looked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lms.core import clock
from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail

QUESTION = "Who keeps the register?"


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
    """Register a learner who has never signed in."""
    return edition.learner("Sokha Pov")


def test_a_day_begins(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    """T1: what waits, with counts and ages, and the way there; on a phone, too."""
    with clock.at(clock.now() - timedelta(hours=30)):
        topic = edition.topic(sokha, QUESTION, "In my country it is the ministry.")
    edition.report(edition.learner("Mai Nguyen"), topic, "rude")
    with visit(360) as tutor:
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}today")
        tutor.sees("Reported posts", "Questions without an answer for over 24 hours", "Has never signed in.")
        expect(tutor.tab.locator(".card .big")).to_have_text(["1", "1"])
        tutor.follow(QUESTION)
        tutor.at(QUESTION)
        tutor.goto(f"{edition.address}today")
        tutor.follow("Reported posts")
        tutor.sees("It is rude, insulting or threatening")


def test_helping_a_learner(edition: Cast, rosa: Member, sokha: Member, visit: Visit) -> None:
    """T9: reasons, the learner's page once its purpose is said, a note, more time; the learner can read who looked, and why."""
    admin = edition.administrator("Mira Adler")
    with visit() as tutor, visit() as staff, visit(360) as learner:
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}at-risk")
        tutor.sees("Has never signed in.", "Not begun: module 1", "No quiz attempted of")
        tutor.follow("Sokha Pov")
        tutor.at("Records of Sokha Pov")
        tutor.press("Open the records")
        tutor.sees("Please choose one.")
        tutor.tab.get_by_label("Help with the course").check()
        tutor.press("Open the records")
        tutor.at("Sokha Pov")
        tutor.sees("Nobody has written a note to this learner yet.", "Place in the edition confirmed")
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}people/{sokha.enrolment}")
        tutor.press("Send the note")
        tutor.sees("Please fill this in.")
        tutor.fill("Your note", "Module 1 takes an hour. Shall we begin it together?")
        tutor.press("Send the note")
        tutor.sees("Your note is on its way to Sokha Pov.", "The last note was written on")
        staff.fill("Your note", "Please begin.")
        staff.press("Send the note")
        staff.sees("Somebody wrote to this learner a moment ago.", "Shall we begin it together?")
        expect(staff.tab.get_by_label("Your note")).to_have_value("Please begin.")
        find_mail(staff, sokha.email, "A note from Rosa Lindqvist")
        staff.sees("Module 1 takes an hour.")
        tutor.follow("Give more time")
        tutor.fill("Hours more", "48")
        tutor.fill("Reason", "Her office had no power.")
        tutor.press("Give more time")
        tutor.sees("They have more time now.")
        tutor.goto(f"{edition.address}at-risk")
        tutor.sees("by Rosa Lindqvist")
        tutor.follow("Sokha Pov")
        tutor.at("Sokha Pov")
        tutor.follow("All grades")
        tutor.sees("48 hours more: Her office had no power.")
        tutor.goto(f"{edition.address}case-studies/rubric")
        tutor.at("Not for you")
        learner.sign_in(sokha.email)
        learner.goto("/account/privacy")
        learner.sees("Rosa Lindqvist", "tutor", "the page with facts, grades and everything that happened", "Mira Adler")
        learner.sees("to help with the course", "to administer the edition")


def test_finding_people_and_the_funnel(edition: Cast, visit: Visit) -> None:
    """A4: a number leads to the list behind it; a name is found without its accents."""
    admin = edition.administrator("Mira Adler")
    edition.learner("Nguyễn Thị Mai", country="VN")
    edition.learner("Somchai Jaidee", country="TH", gender="man")
    with visit() as staff, visit(360) as phone:
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}funnel")
        staff.sees("By country", "What the steps mean")
        staff.click(staff.tab.get_by_role("row", name=re.compile("^Men")).get_by_role("link").first)
        staff.at("People")
        staff.sees("Somchai Jaidee")
        expect(staff.tab.get_by_role("link", name="Nguyễn Thị Mai")).to_have_count(0)
        phone.sign_in(admin.email)
        phone.goto(f"{edition.address}people/")
        phone.fill("Name or e-mail", "nguyen mai")
        phone.press("Show")
        phone.sees("Nguyễn Thị Mai", "1 person")
