"""L1 where administrators decide, and A2: applying with consent, deciding singly and together, nominees, duplicates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from lms.applications import applying, notices, tasks
from lms.applications.models import Consent, PrivacyNotice
from lms.applications.values import Answers
from lms.core.db import db, unit_of_work
from lms.core.viewer import NOBODY, Viewer, edition_by_id
from tests.browser.cast import Cast, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor
from tests.core import factories

SECRET = "rice noodles at dawn"
ROWS = """E-mail;Name;Country;Sector;Institution;Position
{0};José Müller;{1};private;"Harbour; Logistics";Director
{2};=Mai;VN;{3};Customs;
"""


@pytest.fixture
def notice(site: Site) -> Iterator[int]:
    """Publish a privacy notice for the length of a test."""
    with site.app.app_context(), unit_of_work():
        version = notices.publish(NOBODY, "## What we keep\n\nYour name and your address.", notices.current_version() or 0)
    yield version
    with site.app.app_context(), unit_of_work():
        db.session.execute(delete(Consent))
        db.session.execute(delete(PrivacyNotice))


def decided(site: Site) -> Cast:
    """Open an edition in which administrators decide; it begins in ten days."""
    return cast(site, days=-10, ends_on=factories.someday(40), by_decision=True)


def applied(edition: Cast, *names: str) -> None:
    """Let people with accounts apply."""
    with edition.site.app.app_context():
        info = edition_by_id(edition.edition)
        for name in names:
            person = factories.person(name=name, printed_name=name)
            with unit_of_work():
                answers = Answers("Officer", "I want to learn.", "KH", "government", "Ministry of Trade")
                applying.join(info, Viewer(person_id=person, name=name), answers, notices.current_version())
        tasks.sweep()


def _fill_in(newcomer: Visitor, address: str) -> None:
    newcomer.fill("E-mail address", address)
    newcomer.fill("Password", SECRET)
    newcomer.fill("Your name", "Sokha Pov")
    newcomer.fill("Name on the certificate", "ពៅ សុខា")
    newcomer.tab.get_by_label("Country").select_option("Cambodia")
    newcomer.tab.get_by_label("Sector").select_option("Government")
    newcomer.fill("Institution or company", "Ministry of Commerce")
    newcomer.fill("Your position", "Head of section")
    newcomer.fill("Motivation", "Our register of companies is on paper.")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_from_the_application_to_the_place(site: Site, visit: Visit, notice: int, javascript: bool) -> None:
    edition = decided(site)
    mira, address = edition.administrator("Mira Adler"), f"sokha.{edition.slug}@example.org"
    with visit() as admin, visit(360, javascript=javascript) as newcomer:
        newcomer.goto(edition.address)
        newcomer.sees("decided by the organisers")
        newcomer.follow("Apply", newcomer.tab.locator("main"))
        newcomer.sees(f"privacy notice, version {notice}")
        _fill_in(newcomer, address)
        newcomer.press("Apply")
        expect(newcomer.tab.get_by_role("group", name="Please look at this again")).to_contain_text("Please agree")
        expect(newcomer.tab.get_by_label("Motivation")).to_have_value("Our register of companies is on paper.")
        newcomer.fill("Password", SECRET)
        newcomer.tab.get_by_label("I have read the privacy notice").check()
        newcomer.press("Apply")
        newcomer.at("Check your mail")
        admin.sign_in(mira.email)
        find_mail(admin, address, "Please confirm your address")
        newcomer.goto(admin.tab.locator("main a[href*='/account/confirm/']").get_attribute("href") or "")
        newcomer.press("Yes, this is my address")
        newcomer.sees("Applied: waits for a decision")
        newcomer.goto(f"{edition.address}application")
        newcomer.fill("Your position", "Deputy director")
        newcomer.press("Save the changes")
        newcomer.sees("Saved.")
        _confirms(admin, edition)
        newcomer.goto(f"{edition.address}application")
        newcomer.sees("Confirmed: has a place", "See you in August.")
        newcomer.goto(f"{edition.address}dashboard")
        newcomer.at("Hello, Sokha Pov")


def _confirms(admin: Visitor, edition: Cast) -> None:
    admin.goto(f"{edition.address}applications/")
    admin.follow("Sokha Pov")
    admin.sees("Deputy director", "Our register of companies is on paper.", "Changed the application")
    admin.press("Confirm …")
    admin.sees("Welcome to")
    admin.fill("Your own words", "See you in August.")
    admin.press("Show the mails anew")
    admin.sees("See you in August.")
    admin.press("Confirm 1 application")
    admin.sees("1 application is confirmed now.")


def test_many_are_decided_together_and_two_administrators_meet(site: Site, visit: Visit) -> None:
    edition = decided(site)
    mira, anan = edition.administrator("Mira Adler"), edition.administrator("Anan Suk")
    applied(edition, "Nguyễn Thị Mai", "Ben Tan", "Siti Aminah")
    with visit() as admin, visit(360) as other:
        admin.sign_in(mira.email)
        other.sign_in(anan.email)
        for who in (admin, other):
            who.goto(f"{edition.address}applications/?state=applied")
            who.tab.get_by_label("Which").select_option("all")
            who.tab.get_by_label("Decision").select_option("reject")
            who.press("Preview")
            who.sees("3 applications: rejected", "We can't offer you a place this time.")
        admin.tab.get_by_label("Ready-made reason").select_option("places")
        admin.press("Show the mails anew")
        admin.sees("There were more applications than places")
        admin.press("Reject 3 applications")
        admin.sees("3 applications are rejected now.")
        other.press("Reject 3 applications")
        other.sees("There is nobody for whom this can be decided.")
        admin.goto(f"{edition.address}applications/?q=nguyen")
        admin.follow("Nguyễn Thị Mai")
        admin.sees("Rejected an application", "Mira Adler")


def test_nominees_come_by_a_file(site: Site, visit: Visit) -> None:
    """In an encoding of its own, first with errors, then as a whole; a nominee sets a password and is there."""
    edition = cast(site, days=-10, ends_on=factories.someday(40), by_decision=True, countries=[])
    mira, first, second = edition.administrator("Mira Adler"), f"jose.{edition.slug}@example.org", f"mai.{edition.slug}@example.org"
    with visit() as admin, visit(360) as nominee:
        admin.sign_in(mira.email)
        admin.goto(f"{edition.address}applications/")
        admin.follow("Import nominees")
        wrong = ROWS.format(first, "Atlantis", second, "piracy").encode("cp1252")
        for body, words in ((b"\x89PNG\r\n", "This is a picture, not CSV."), (wrong, "2 errors in 2 people")):
            _uploads(admin, body)
            admin.sees(words)
        admin.sees("Atlantis", "There is no such country.", "Western European (Windows-1252), with a semicolon")
        admin.follow("Upload it again")
        _uploads(admin, ROWS.format(first, "Singapore", second, "government").encode("cp1252"))
        admin.tab.get_by_role("button", name="Import 2 people").click()  # to a page that loads itself again until all is done
        expect(admin.tab.locator("main")).to_contain_text("2 people imported")
        admin.look()
        find_mail(admin, first, "You were nominated")
        nominee.goto(admin.tab.locator("main a[href*='/account/welcome/']").get_attribute("href") or "")
        nominee.fill("New password", SECRET)
        nominee.press("Set my password")
        nominee.sees("Your password is set", "Applied: waits for a decision")


def _uploads(admin: Visitor, body: bytes) -> None:
    admin.tab.get_by_label("File").set_input_files({"name": "nominees.csv", "mimeType": "text/csv", "buffer": body})
    admin.press("Look at the file")


def test_two_accounts_of_one_person_are_merged(site: Site, visit: Visit) -> None:
    edition = decided(site)
    mira = edition.administrator("Mira Adler")
    applied(edition, "Sokha Pov", "Pov Sokha", "Ben Tan")
    with visit(360) as admin:
        admin.sign_in(mira.email)
        admin.goto(f"{edition.address}applications/")
        admin.follow("Likely duplicates")
        admin.follow("Sokha Pov and Pov Sokha")
        admin.sees("in another order or script", "It can't be undone.")
        admin.tab.get_by_role("button", name="Keep this account").first.click()
        admin.sees("The accounts are merged")
        admin.goto(f"{edition.address}applications/?state=withdrawn")
        admin.sees("Pov Sokha")
