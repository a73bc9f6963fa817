"""A4 and A5: an account that is frozen, an address that mail does not reach, and two administrators who close an edition."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select, update

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.mail import OutgoingMail
from lms.core.work import GIVEN_UP
from lms.outages.models import Outage
from lms.quizzes.api import start_attempt, submit_attempt
from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.core.factories import PASSWORD

MODULES = ("module1", "module2", "module3", "module4", "module5")
REFUSED = "550 5.1.1 No such user here"


def test_an_account_is_frozen_and_used_again(site: Site, visit: Visit) -> None:
    """A4: who spams is out at once, with what they wrote; undoing it brings both back."""
    edition = cast(site)
    admin, spammer, mai = edition.administrator("Mira Adler"), edition.learner("Sokha Pov"), edition.learner("Mai Nguyen")
    topic = edition.topic(spammer, "Buy gold here", "Cheap and shiny.")
    address = f"{edition.address}forums/module1/{topic.topic_id}"
    with visit() as staff, visit(360) as learner, visit() as other:
        staff.sign_in(admin.email)
        learner.sign_in(spammer.email)
        other.sign_in(mai.email)
        other.goto(address)
        other.sees("Cheap and shiny.")
        staff.goto(f"{edition.address}people/{spammer.enrolment}")
        staff.follow("Freeze this account")
        staff.press("Freeze the account")
        staff.sees("Please fill this in.")
        staff.fill("Reason", "Advertising in the forums.")
        staff.press("Freeze the account")
        staff.sees("is frozen", "Advertising in the forums.")
        learner.goto(f"{edition.address}dashboard")
        learner.sees("Please sign in first.")
        learner.fill("E-mail address", spammer.email)
        learner.fill("Password", PASSWORD)
        learner.press("Sign in")
        learner.sees("This account is frozen.")
        other.goto(f"{edition.address}forums/module1/")
        expect(other.tab.get_by_text("Buy gold here")).to_have_count(0)
        staff.press("Let it be used again")
        staff.sees("can sign in again, and the posts are back")
        other.goto(address)
        other.sees("Cheap and shiny.")
        learner.sign_in(spammer.email)


def test_an_address_that_mail_does_not_reach_is_corrected(site: Site, visit: Visit) -> None:
    """A4: the cause is told without the address; the corrected one gets what failed."""
    edition = cast(site)
    admin, sokha, mai = edition.administrator("Mira Adler"), edition.learner("Sokha Pov"), edition.learner("Mai Nguyen")
    right = f"right.{edition.slug}@example.org"
    with visit() as staff:
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}people/{sokha.enrolment}")
        staff.fill("Your note", "Shall we begin together?")
        staff.press("Send the note")
        find_mail(staff, sokha.email, "A note from Mira Adler")
        _bounces(edition, sokha)
        staff.goto(f"{edition.address}deliveries/")
        staff.follow("See why, and correct addresses")
        staff.sees("A note from Mira Adler", "Sokha Pov")
        staff.follow("Correct the address")
        staff.fill("The right address", "sokha at example")
        staff.press("Correct it and send again")
        expect(staff.tab.get_by_label("The right address")).to_have_value("sokha at example")
        staff.fill("The right address", mai.email)
        staff.press("Correct it and send again")
        expect(staff.tab.locator("[aria-invalid=true]")).to_have_count(1)
        staff.fill("The right address", right)
        staff.press("Correct it and send again")
        staff.sees("The address is corrected", "Every mail has arrived")
        find_mail(staff, right, "A note from Mira Adler")


def test_an_outage_is_made_good(site: Site, visit: Visit) -> None:
    """A4: it was detected, who is affected is proposed, one press gives more time and writes the mails; the second of two is told."""
    edition = cast(site)
    mira, omar = edition.administrator("Mira Adler"), edition.administrator("Omar Haddad")
    sokha, mai = edition.learner("Sokha Pov"), edition.learner("Mai Nguyen")
    _was_out(edition, sokha)
    with visit() as staff, visit(360) as other, visit(javascript=False) as learner:
        for person, who in ((staff, mira), (other, omar)):
            person.sign_in(who.email)
            person.goto(f"{edition.address}today")
            person.follow("Not reachable for 40 min")
            person.sees("Proposal: more time for 1", "Sokha Pov", "one more attempt")
        expect(staff.tab.locator("main")).not_to_contain_text(mai.name)
        staff.fill("Reason", "")
        staff.press("Give 1 learner more time")
        staff.sees("Please fill this in.")
        staff.fill("Reason", "The power was off.")
        staff.press("Give 1 learner more time")
        staff.sees("More time for 1", "The power was off.")
        staff.sees_at_last("1 of 1 have it")
        other.press("Give nobody more time")
        other.sees("decided already, by Mira Adler")
        find_mail(staff, sokha.email, "More time in")
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}quizzes/module1/")
        learner.sees("cut short by an outage", "Start attempt 1 of 2")


def _was_out(edition: Cast, member: Member) -> None:
    """Let pages not have been served for 40 minutes, in which an attempt of a learner ended."""
    begun = clock.now() - timedelta(minutes=50)
    with edition.site.app.app_context():
        with clock.at(begun), unit_of_work():
            attempt = start_attempt(member.enrolment, "module1")
        with clock.at(begun + timedelta(minutes=45)), unit_of_work():
            submit_attempt(attempt)
        with unit_of_work():
            db.session.add(Outage(edition_id=edition.edition, since=begun + timedelta(minutes=1), until=begun + timedelta(minutes=41)))


def _bounces(edition: Cast, member: Member) -> None:
    """Let the mail server of an address have refused the newest mail to it."""
    with edition.site.app.app_context(), unit_of_work():
        newest = select(OutgoingMail.id).where(OutgoingMail.to == member.email).order_by(OutgoingMail.id.desc()).limit(1)
        failed = {"state": GIVEN_UP, "last_error": REFUSED}
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id == newest.scalar_subquery()).values(failed))


def test_two_administrators_close_an_edition(site: Site, visit: Visit) -> None:
    """A5: the dry run names who is close and whose name is unconfirmed; a page that is out of date closes nothing."""
    edition = cast(site, days=30)
    mira, omar = edition.administrator("Mira Adler"), edition.administrator("Omar Haddad")
    sokha, mai = edition.learner("Sokha Pov"), edition.learner("Mai Nguyen")
    edition.scored(sokha, **dict.fromkeys(MODULES, 8))
    with visit() as first, visit() as second:
        first.sign_in(mira.email)
        second.sign_in(omar.email)
        for staff in (first, second):
            staff.goto(f"{edition.address}close")
            staff.sees("Learners2", "Would pass1", "Printed names unconfirmed1", "Their certificates would show", "Sokha Pov")
        edition.scored(mai, **dict.fromkeys(MODULES, 6))
        first.press("Close the edition now")
        first.sees("Nothing was closed", "Something changed since you opened the page", "Would pass2")
        first.press("Close the edition now")
        first.sees("The edition is closed")
        first.goto(f"{edition.address}close")
        first.sees("Average of the certified", "of the 2 with at least 50 %", "Average of all")
        second.press("Close the edition now")
        second.sees(re.compile("closed already|This edition is closed"))
        first.goto(f"{edition.address}certificates/")
        first.sees("Sokha Pov", "Mai Nguyen")
