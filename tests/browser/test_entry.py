"""L1 and L2: from the edition's page to the dashboard; signing out, a new password, and what is refused on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cast import Cast, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor

LINK = "main a[href*='/account/confirm/'], main a[href*='/account/new-password/']"
SECRET, NEW_SECRET = "rice noodles at dawn", "green mango with salt"


def _mail(staff: Visitor, address: str, subject: str) -> str:
    """Give the address that a mail links to."""
    find_mail(staff, address, subject)
    return staff.tab.locator(LINK).get_attribute("href") or ""


def _fill_in(newcomer: Visitor, address: str) -> None:
    newcomer.fill("E-mail address", address)
    newcomer.fill("Password", SECRET)
    newcomer.fill("Your name", "Sokha Pov")
    newcomer.fill("Name on the certificate", "ពៅ សុខា")
    newcomer.tab.get_by_label("I prefer not to say").check()
    newcomer.tab.get_by_label("Sector").select_option("Government")
    newcomer.fill("Institution or company", "Ministry of Commerce")
    newcomer.fill("Your position", "Head of section")
    newcomer.fill("Motivation", "Our register of companies is on paper.")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_from_the_edition_to_the_dashboard(site: Site, visit: Visit, javascript: bool) -> None:
    edition = cast(site)
    admin, address = edition.administrator("Mira Adler"), f"sokha.{edition.slug}@example.org"
    with visit() as staff, visit(javascript=javascript) as newcomer:
        newcomer.goto(edition.address)
        newcomer.sees("Asia/Singapore", "open until", "final average of at least 50 %")
        newcomer.follow("Register", newcomer.tab.locator("main"))
        _fill_in(newcomer, address)
        newcomer.press("Register")
        expect(newcomer.tab.get_by_role("group", name="Please look at this again")).to_contain_text("Country: Please choose one.")
        expect(newcomer.tab.get_by_label("Name on the certificate")).to_have_value("ពៅ សុខា")
        newcomer.tab.get_by_label("Country").select_option("Cambodia")
        newcomer.fill("Password", SECRET)
        newcomer.press("Register")
        newcomer.at("Check your mail")
        staff.sign_in(admin.email)
        newcomer.goto(_mail(staff, address, "Please confirm your address"))
        newcomer.sees(address)
        newcomer.press("Yes, this is my address")
        newcomer.at("Hello, Sokha Pov")
        newcomer.sees("Your address is confirmed", "Next step")
        _registers_again(newcomer, staff, edition, address)


def _registers_again(newcomer: Visitor, staff: Visitor, edition: Cast, address: str) -> None:
    """Somebody registers with an address that is taken: the page is the same, the mail says it."""
    _signs_out(newcomer)
    newcomer.goto(f"{edition.address}register")
    _fill_in(newcomer, address)
    newcomer.tab.get_by_label("Country").select_option("Cambodia")
    newcomer.press("Register")
    newcomer.at("Check your mail")
    staff.goto(f"/desk/mail?q={address}")
    staff.sees("You already have an account", "Welcome to DITD")


def _signs_out(person: Visitor) -> None:
    person.tab.locator("details.account summary").click()
    person.press("Sign out")
    person.sees("You are signed out.")


def test_a_new_password_ends_other_sign_ins(site: Site, visit: Visit) -> None:
    edition = cast(site)
    admin, sokha = edition.administrator("Mira Adler"), edition.learner("Sokha Pov")
    with visit() as staff, visit() as elsewhere, visit(360) as person:
        elsewhere.sign_in(sokha.email)
        person.goto("/account/sign-in")
        person.fill("E-mail address", sokha.email)
        person.fill("Password", "something else")
        person.press("Sign in")
        person.sees("The address and the password don't go together.")
        person.follow("Forgot the password")
        person.fill("E-mail address", sokha.email)
        person.press("Send me a link")
        person.at("Check your mail")
        staff.sign_in(admin.email)
        link = _mail(staff, sokha.email, "A new password")
        person.goto(link)
        person.fill("New password", "short")
        person.press("Set the password")
        person.sees("Please use at least 10 characters")
        person.fill("New password", NEW_SECRET)
        person.press("Set the password")
        person.sees("Your new password is set.")
        person.sign_in(sokha.email, NEW_SECRET)
        elsewhere.goto(f"{edition.address}dashboard")
        elsewhere.sees("Please sign in first.")
        person.goto(link)
        person.fill("New password", SECRET)
        person.press("Set the password")
        person.sees("This link was used already, or it is older than an hour.")


def test_guessing_passwords_has_an_end(visit: Visit) -> None:
    with visit() as stranger:
        for number in range(6):
            stranger.goto("/account/sign-in")
            stranger.fill("E-mail address", "nobody@example.org")
            stranger.fill("Password", f"guess number {number}")
            stranger.press("Sign in")
        stranger.at("Too many tries")
        stranger.sees(re.compile(r"You can try again in \d+ seconds"))
