"""A1: a new installation gets its first administrator by an address that works once, and a mail to try."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from lms.accounts import first_run
from lms.core.db import unit_of_work
from tests.browser.live import live_site
from tests.browser.visitors import visitor

PASSWORD = "green mango with salt"


def test_the_first_administrator(tmp_path: Path, chromium: Browser, looked_at: set[str]) -> None:
    with live_site(tmp_path) as site, visitor(chromium, site.origin, looked_at, 360, javascript=False) as mira:
        with site.app.app_context(), unit_of_work():
            address = first_run.address()
        assert address is not None
        mira.goto("/")
        mira.sees("waits for its first administrator")
        mira.goto(address)
        mira.at("The first administrator")
        mira.fill("E-mail address", "mira@example.org")
        mira.fill("Password", "password")
        mira.fill("Name", "Mira Adler")
        mira.tab.get_by_label("Country").select_option("SG")
        mira.press("Make my account")
        expect(mira.tab.get_by_label("Name")).to_have_value("Mira Adler")
        mira.fill("Password", PASSWORD)
        mira.press("Make my account")
        mira.goto("/desk/mail")
        mira.follow("Send a test mail")
        mira.press("Send a test mail")
        mira.sees_at_last("It was kept here")
        with visitor(chromium, site.origin, looked_at) as other:
            other.goto(address)
            other.at("That was done already")
