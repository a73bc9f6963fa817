"""L8 and L9: following one's grade, and the certificate that a worker issues when the edition is closed."""

from __future__ import annotations

import re
import time
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from lms.quizzes.api import right_answer
from tests.browser.answering import attempt_of, choose, is_saved
from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor

MODULES = ("module1", "module2", "module3", "module4", "module5")
KHMER = "ពៅ សុខា"
NEARLY_WHEN_ALL_OPEN = 30
PATIENCE = 60.0


def test_following_my_grade(site: Site, visit: Visit) -> None:
    edition = cast(site, days=NEARLY_WHEN_ALL_OPEN)
    sokha = edition.learner("Sokha Pov")
    edition.scored(sokha, module1=8, module2=8, module3=8)
    with visit(360) as learner:
        learner.sign_in(sokha.email)
        learner.follow("All grades")
        learner.sees("Average so far80.0 %", "(80.0 + 80.0 + 80.0) / 3 modules graded")
        learner.sees("If nothing more is done48.0 %", "(80.0 + 80.0 + 80.0 + 0 + 0) / 5 modules", "not passed yet")
        learner.sees("you need 10.0 more points over 2 modules, an average of 5.0 % there")
        learner.follow("Quiz: governance")
        learner.press("Start attempt 1 of 2")
        for item in edition.paper(attempt_of(learner))[:9]:
            choose(learner, item, right_answer(item.asked.question))
        is_saved(learner)
        learner.press("Save and see the summary")
        learner.press("Hand in now")
        learner.sees("90.0 %")
        learner.goto(f"{edition.address}grades")
        learner.sees("Average so far82.5 %", "If nothing more is done66.0 %", "passed", "you have 66.0 % already")
        check = learner.tab.locator(".check li", has_text="A final average of 50 %")
        expect(check.get_by_role("img", name="Done:")).to_be_visible()
        learner.goto(f"{edition.address}dashboard")
        learner.sees("82.5 %", "66.0 %")


def test_a_certificate_for_exactly_the_pass_mark(site: Site, visit: Visit, tmp_path: Path) -> None:
    edition = cast(site, days=NEARLY_WHEN_ALL_OPEN)
    admin, sokha = edition.administrator("Mira Adler"), edition.learner("Sokha Pov", printed_name=KHMER)
    mai = edition.learner("Mai Nguyen", country="VN")
    edition.scored(sokha, **dict.fromkeys(MODULES, 5))
    edition.scored_a_little_less(mai, 5, MODULES)
    with visit() as staff, visit(360) as learner, visit() as other, visit(360, javascript=False) as verifier:
        staff.sign_in(admin.email)
        _closes(staff, edition.average(mai))
        learner.sign_in(sokha.email)
        _gets_it(learner, edition, tmp_path)
        _shares_it(learner, verifier)
        _misses_it(other, edition, mai)
        find_mail(staff, sokha.email, "Your certificate")
        staff.sees("congratulations")


def _closes(staff: Visitor, nearly: Decimal) -> None:
    staff.unfold("More")
    staff.follow("Close the edition")
    staff.sees("Learners2", "Would pass1", "Within five points below the mark1", "Mai Nguyen", re.compile(rf"{int(nearly)}\.\d+ %"))
    staff.press("Close the edition now")
    staff.sees("The edition is closed", "certificates are on their way")


def _gets_it(learner: Visitor, edition: Cast, folder: Path) -> None:
    learner.goto(f"{edition.address}certificate")
    button = learner.tab.get_by_role("link", name="Download the PDF")
    deadline = time.monotonic() + PATIENCE
    while not button.count() and time.monotonic() < deadline:
        learner.tab.wait_for_timeout(100)
        learner.tab.reload()
    learner.look()
    expect(learner.tab.locator(".award .name")).to_have_text(KHMER)
    learner.sees("50.00 %")
    with learner.tab.expect_download() as download:
        button.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    assert re.fullmatch(r"DITD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf", file.name)
    metadata = PdfReader(file).metadata
    assert metadata is not None
    assert KHMER in str(metadata.title)


def _shares_it(learner: Visitor, verifier: Visitor) -> None:
    link = learner.tab.get_by_role("link", name="The public page that verifies it").get_attribute("href") or ""
    number = link.rpartition("/")[2]
    verifier.goto("/verify/")
    verifier.fill("Number of the certificate", number.lower().replace("-", " "))
    verifier.press("Verify")
    verifier.sees("This certificate is valid", KHMER, number)
    verifier.goto(f"{link[:-1]}{'0' if link[-1] != '0' else '1'}")
    verifier.sees("No certificate has this number")


def _misses_it(other: Visitor, edition: Cast, who: Member) -> None:
    other.sign_in(who.email)
    other.goto(f"{edition.address}certificate")
    other.sees("There is no certificate for you in this edition", "at least 50 %")
    other.follow("grades", other.tab.locator("main"))
    average = edition.average(who)
    missing = (50 - average).quantize(Decimal("0.1"), ROUND_CEILING)  # less than is shown must not have been enough
    other.sees(f"Final average{int(average)}.", "not passed", f"A final average of 50 %: {missing} points were missing")
