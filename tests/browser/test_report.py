"""A10: the final report, from the first snapshot to the files, and back when numbers moved."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.cast import cast
from tests.browser.conftest import Visit
from tests.browser.live import Site


def test_the_final_report(site: Site, visit: Visit) -> None:
    """Snapshot, texts with the check at hand, the report on a phone, the same file twice, a later change."""
    edition = cast(site)
    edition.learner("Sokha Pov", country="KH", gender="woman")
    edition.learner("Dewi Sari", country="ID", gender="woman")
    mira = edition.administrator("Mira Adler")
    with visit() as admin, visit(360) as phone:
        admin.sign_in(mira.email)
        admin.goto(f"{edition.address}report/")
        admin.press("Take a snapshot")
        admin.sees("Register of figures", "Learners whose place in the edition is confirmed.")
        snapshot = admin.tab.url
        admin.goto(f"{edition.address}report/chapters/background")
        admin.fill("Text", "We welcomed 5 registered people; see {{see.funnel}} and Figure 30.")
        admin.tab.get_by_role("button", name="Preview").click()
        expect(admin.tab.locator("#sample")).to_contain_text("Registered: the records have 2, not 5.")
        admin.press("Save the text")
        admin.sees("Registered: the records have 2, not 5.", "There is no Figure 30", "see Figure 1 and")
        admin.fill("Text", "We welcomed {{registered}} registered people; see {{see.funnel}}.")
        admin.press("Save the text")
        expect(admin.tab.locator("main")).not_to_contain_text("The records say otherwise")
        admin.goto(snapshot)
        admin.press("Make PDF")
        expect(admin.tab.get_by_role("link", name="PDF")).to_be_visible(timeout=30_000)
        with admin.tab.expect_download() as got:
            admin.tab.get_by_role("link", name="PDF").click()
        assert got.value.path().read_bytes().startswith(b"%PDF")
        edition.learner("Budi Santoso", country="ID", gender="man")
        admin.goto(snapshot)
        admin.sees("Numbers moved")
        phone.sign_in(mira.email)
        phone.goto(snapshot)
        phone.follow("Read the report")
        phone.sees("We welcomed 2 registered people; see Figure 1.", "Registered learners by country", re.compile(r"Singapore\s*0"))
