"""Looking for mail on the mailbox page, as an administrator of a demo does."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.browser.visitors import Visitor

PATIENCE = 60.0


def find_mail(staff: Visitor, address: str, subject: str) -> None:
    """Open a mail to an address by its subject, once the worker has dealt with it."""
    staff.goto(f"/desk/mail?q={address}")
    row = staff.tab.locator("tbody tr", has_text=subject)
    deadline = time.monotonic() + PATIENCE
    while not row.get_by_text("kept").count() and time.monotonic() < deadline:
        staff.tab.wait_for_timeout(100)
        staff.tab.reload()
    expect(row).to_have_count(1)
    staff.follow(subject)
