"""A1: from a course to a published edition; T9: more time for one learner."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Person, Role
from lms.editions.api import appoint
from tests.browser.cast import REAL, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site


def _with_tutor(site: Site, slug: str, tutor: Member) -> None:
    with site.app.app_context(), unit_of_work():
        edition_id = db.session.scalars(select(Edition.id).where(Edition.slug == slug)).one()
        appoint(edition_id, db.session.scalars(select(Person.id).where(Person.email == tutor.email)).one(), Role.TUTOR)


def test_an_edition_is_made_checked_and_published(site: Site, visit: Visit) -> None:
    edition = cast(site)
    mira, rosa, anan = edition.administrator("Mira Adler"), edition.tutor("Rosa Lindqvist"), edition.administrator("Anan Suk")
    slug = f"journey-{edition.edition}"
    start = clock.now().date() + timedelta(days=28)
    with visit(360) as admin, visit() as public:
        admin.sign_in(mira.email)
        admin.goto("/editions")
        admin.follow("Make an edition")
        admin.tab.get_by_label("Course", exact=True).select_option(REAL)
        admin.fill("First day", start.isoformat())
        admin.press("Go on")
        admin.fill("Title", "The edition of the journey")
        admin.fill("Address", slug)
        admin.tab.get_by_label("Time zone").fill("Asia/Atlantis")
        admin.tab.get_by_label("This is a demonstration").check()
        admin.press("Make the draft")
        admin.sees("There is no such time zone.")
        expect(admin.tab.get_by_label("Title")).to_have_value("The edition of the journey")
        admin.tab.get_by_label("Time zone").fill("Asia/Singapore")
        admin.press("Make the draft")
        admin.sees("The draft is made.", "2 things are missing before you can publish it.")
        expect(admin.tab.get_by_role("button", name="Publish")).to_have_count(0)
        public.goto(f"/e/{slug}/")
        public.at("There is no such page")
        _with_tutor(site, slug, rosa)
        admin.tab.get_by_role("link", name="Mend: At least one administrator is on the team").click()
        admin.fill("E-mail address of an account", anan.email)
        admin.tab.get_by_label("Administrator: decides").check()
        admin.press("Add to the team")
        admin.goto(f"/e/{slug}/set-up")
        admin.sees("Everything is there: you can publish it.")
        admin.press("Publish")
        admin.sees("The edition is published")
        public.goto(f"/e/{slug}/")
        public.sees("The edition of the journey")


def test_one_learner_gets_more_time(site: Site, visit: Visit) -> None:
    """Module 1 closed for all; the learner reads until when and why, and starts."""
    edition = cast(site, days=60)
    rosa, sokha = edition.tutor("Rosa Lindqvist"), edition.learner("Sokha Pov")
    with visit() as tutor, visit(360) as learner:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}quizzes/module1/")
        learner.sees("This quiz is closed: its last day is over.")
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}more-time")
        tutor.fill("E-mail address of a learner", sokha.email)
        tutor.fill("Hours more", str(24 * 90))
        tutor.fill("Reason", "Her office had no power.")
        tutor.press("Give more time")
        tutor.sees("They have more time now.", "Her office had no power.")
        learner.goto(f"{edition.address}quizzes/module1/")
        learner.sees("You have more time", "Her office had no power.")
        learner.press(re.compile("Start attempt 1 of"))
        expect(learner.tab.get_by_role("heading", level=1)).to_be_visible()
        assert edition.attempts(sokha) == 1
