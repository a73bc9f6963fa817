"""L2: two-step sign-in with codes and recovery codes, devices, password and address; the printed name; the team."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import expect

from lms.core import clock
from tests.browser.cast import Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor
from tests.core.factories import PASSWORD, someday

DRAWN_WHOLE = """svg => [...svg.querySelectorAll('path')].every(path => {
    const [inner, outer] = [path.getBoundingClientRect(), svg.getBoundingClientRect()];
    return inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1 && inner.width > outer.width / 2})"""
PHONE = 360
OTHER_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "green mango with salt"


def _first_step(person: Visitor, who: Member) -> None:
    """Give address and password; what comes next is the page for the code."""
    person.goto("/account/sign-in")
    person.fill("E-mail address", who.email)
    person.fill("Password", PASSWORD)
    person.press("Sign in")
    person.at("Second step")


def _give(person: Visitor, code: str, button: str = "Sign in") -> None:
    person.tab.get_by_role("textbox", name=re.compile("^Code")).fill(code)
    person.press(button)


def _sign_out(person: Visitor) -> None:
    person.tab.locator("details.account summary").click()
    person.press("Sign out")


def _step(app: pyotp.TOTP) -> int:
    """Tell which half minute it is; its code is taken until the next one is over, however slow everything is."""
    return int(clock.now().timestamp()) // app.interval


def _set_up(person: Visitor) -> tuple[pyotp.TOTP, int, list[str]]:
    """Connect an app by the secret that can be typed, with a wrong code first; give it, the step used and the recovery codes."""
    person.goto("/account/security")
    person.follow("Set it up")
    person.press("Begin")
    expect(person.tab.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    assert person.tab.locator(".qr svg").evaluate(DRAWN_WHOLE), "a part of the QR code is cut off"
    app = pyotp.TOTP(person.tab.locator("code.secret").inner_text().replace(" ", ""))
    _give(person, "000000", "Switch it on")
    person.sees("This code is not right. Is the clock of your phone set")
    step = _step(app)
    _give(person, app.generate_otp(step), "Switch it on")
    person.at("Your recovery codes")
    recovery = person.tab.locator(".codes code").all_inner_texts()
    assert len(recovery) == 10
    person.follow("I have kept them")
    person.sees("10 of your recovery codes are left")
    return app, step, recovery


@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1366, False)], ids=["phone", "no scripts"])
def test_signing_in_in_two_steps(site: Site, visit: Visit, width: int, javascript: bool) -> None:
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    with visit(width, javascript=javascript) as person, visit() as elsewhere:
        elsewhere.sign_in(sokha.email)
        person.sign_in(sokha.email)
        app, step, recovery = _set_up(person)
        elsewhere.goto(f"{edition.address}dashboard")
        elsewhere.sees("Please sign in first.")
        _sign_out(person)
        _first_step(person, sokha)
        _give(person, "12345")
        person.sees("This code is not right, or it was used already.")
        code = app.generate_otp(max(_step(app), step + 1))  # from a phone that is half a minute fast, if it is the same one still
        _give(person, code)
        person.at("Hello, Sokha Pov")
        _first_step(elsewhere, sokha)
        _give(elsewhere, code)
        elsewhere.sees("This code is not right, or it was used already.")
        _give(elsewhere, recovery[0].upper())
        elsewhere.at("Hello, Sokha Pov")
        _ends_the_other(person, elsewhere, edition.address)
        _first_step(elsewhere, sokha)
        _give(elsewhere, recovery[0])
        elsewhere.sees("This code is not right, or it was used already.")


def _ends_the_other(person: Visitor, elsewhere: Visitor, address: str) -> None:
    """The devices are listed, and one of them is signed out at once."""
    person.goto("/account/security")
    person.sees("9 of your recovery codes are left", "Chrome on a Linux computer", "this one", "last seen")
    expect(person.tab.locator(".rows li")).to_have_count(2)
    person.press("Sign it out")
    person.sees("That device is signed out.")
    expect(person.tab.locator(".rows li")).to_have_count(1)
    elsewhere.goto(f"{address}dashboard")
    elsewhere.sees("Please sign in first.")


def test_another_password_and_address(site: Site, visit: Visit) -> None:
    edition = cast(site)
    admin, sokha = edition.administrator("Mira Adler"), edition.learner("Sokha Pov")
    fresh = f"sokha.{edition.slug}@example.org"
    with visit() as staff, visit(360) as person, visit() as elsewhere:
        elsewhere.tab.context.set_extra_http_headers({"User-Agent": OTHER_BROWSER})
        elsewhere.sign_in(sokha.email)
        person.sign_in(sokha.email)
        person.goto("/account/password")
        person.fill("Current password", PASSWORD)
        for weak, why in (("Password2026", "among the first"), ("sokhapov2026", "made of your name")):
            person.fill("Current password", PASSWORD)
            person.fill("New password", weak)
            person.press("Change the password")
            person.sees(why)
        person.fill("Current password", PASSWORD)
        person.fill("New password", NEW)
        person.press("Change the password")
        person.sees("Your password is changed")
        elsewhere.goto("/account/profile")
        elsewhere.sees("Please sign in first.")
        person.follow("Change the address")
        person.fill("New e-mail address", fresh)
        person.fill("Password", "something else")
        person.press("Send the link")
        person.sees("This is not your password.")
        person.fill("Password", NEW)
        person.press("Send the link")
        person.sees("Another address waits to be confirmed", fresh)
        staff.sign_in(admin.email)
        find_mail(staff, sokha.email, "A sign-in from a new device")
        staff.sees("Chrome on a Linux computer", "If this was not you", "/account/security#devices")
        find_mail(staff, sokha.email, "Your account is to get another address")
        find_mail(staff, fresh, "Please confirm your new address")
        link = staff.tab.locator("main a[href*='/account/new-address/']").get_attribute("href") or ""
        person.goto(link)
        person.press("Yes, use this address")
        person.sees(f"From now on you sign in with {fresh}.")
        person.goto(link)
        person.sees("This link was used already")


def test_the_printed_name(site: Site, visit: Visit) -> None:
    edition = cast(site, days=30, ends_on=someday(5))
    sokha = edition.learner("Sokha Pov")
    with visit(360, javascript=False) as person:
        person.sign_in(sokha.email)
        person.goto(f"{edition.address}dashboard")
        person.follow("Confirm or change it")
        person.fill("Name on the certificate", "ពៅ សុខា")
        person.press("Show it with the change")
        expect(person.tab.locator(".award .name")).to_have_text("ពៅ សុខា")
        person.press("Yes, print it like this")
        person.sees("Your certificates will show this name.", "You have confirmed this name")
        person.goto(f"{edition.address}dashboard")
        expect(person.tab.get_by_role("link", name="Confirm or change it")).to_have_count(0)


@pytest.mark.parametrize("width", [1366, PHONE])
def test_a_tutor_of_some_modules(site: Site, visit: Visit, width: int) -> None:
    """A3: two modules and the right to export, seen by the administrator as the tutor sees it, and taken away at once."""
    edition = cast(site)
    admin, rosa, sokha = edition.administrator("Mira Adler"), edition.learner("Rosa Lindqvist"), edition.learner("Sokha Pov")
    topic = edition.topic(sokha, "Who pays?", "Somebody has to.", forum="module1")
    with visit(width) as staff, visit(width) as tutor:
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}team")
        staff.fill("E-mail address of an account", "nobody@example.org")
        staff.press("Add to the team")
        staff.sees("Nobody has an account with this address.")
        staff.fill("E-mail address of an account", rosa.email)
        for label in (re.compile("^2 "), re.compile("^3 "), "A tutor may take lists as files"):
            staff.tab.get_by_label(label).check()
        staff.press("Add to the team")
        staff.sees("Rosa Lindqvist is on the team now", "This is you", "may take lists as files")
        tutor.sign_in(rosa.email)
        tutor.goto(f"{edition.address}forums/flags")
        tutor.at("Reported posts")
        tutor.goto(f"{edition.address}forums/module1/{topic.topic_id}/lock")
        tutor.at("Not for you")
        tutor.goto(f"{edition.address}people/")
        with tutor.tab.expect_download() as file:
            tutor.tab.get_by_role("link", name="CSV").click()
        assert file.value.path().read_text("utf-8-sig").splitlines()[0] == 'Name,Role,Last seen,"So far, %","Final average, %"'
        if width == PHONE:
            _sees_as(staff, edition.address, sokha)
        staff.press("Remove Rosa Lindqvist")
        tutor.goto(f"{edition.address}people.csv")
        tutor.at("Not for you")
        tutor.goto(f"{edition.address}forums/flags")
        tutor.at("Not for you")
        staff.press("Undo")
        staff.sees("The role is given back.")
        tutor.goto(f"{edition.address}forums/flags")
        tutor.at("Reported posts")


def _sees_as(staff: Visitor, address: str, learner: Member) -> None:
    """The administrator looks at the edition as the tutor would, can change nothing, and leaves again."""
    preview = staff.tab.get_by_role("region", name="Preview")
    staff.press("See as Rosa Lindqvist")
    expect(preview).to_contain_text("this edition as Rosa Lindqvist sees it, a tutor of some modules")
    staff.goto(f"{address}team")
    staff.at("Not for you")
    staff.goto(f"{address}people/{learner.enrolment}")
    staff.fill("Your note", "Please begin.")
    staff.press("Send the note")
    staff.at("Nothing can be changed now")
    staff.sees("You look at this edition as Rosa Lindqvist would")
    staff.press("Leave the preview", within=preview)
    staff.sees("You see everything as it is again.")
    staff.goto(f"{address}team")
