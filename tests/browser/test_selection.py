"""A6: the list of those who travel, from the ranking to the approval by a second administrator, and the page that says why."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from lms.certification.models import Certificate
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState, Enrolment
from lms.gradebook.models import Standing
from tests.browser.cast import Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor

PEOPLE = (("Sokha Pov", "woman", "KH", 91), ("Dara Kim", "man", "KH", 90), ("Chan Lim", "man", "KH", 89), ("Mai Nguyen", "woman", "VN", 70))


def test_a_selection_by_two_administrators(site: Site, visit: Visit, tmp_path: Path) -> None:
    edition = cast(site)
    admin, other = edition.administrator("Mira Adler"), edition.administrator("Jonas Weber")
    people = {name: edition.learner(name, gender=gender, country=country) for name, gender, country, _ in PEOPLE}
    _are_certified(edition, people)
    with visit() as first, visit(360) as second, visit(360, javascript=False) as learner:
        first.sign_in(admin.email)
        _contradicts(first, edition)
        _runs(first)
        _decides_by_name(first)
        first.sees("Waits for a second administrator")
        second.sign_in(other.email)
        second.goto(f"{edition.address}selection/runs/3")
        second.press("Approve this list")
        second.sees("Approved by Jonas Weber")
        _takes_the_dossier(second, edition, tmp_path)
        learner.sign_in(people["Chan Lim"].email)
        learner.follow("How the places were given")
        learner.sees("You are not selected", re.compile(r"With \d.*points more you would have been selected"))
        find_mail(first, people["Chan Lim"].email, "The workshop of")


def _are_certified(edition: Cast, people: dict[str, Member]) -> None:
    with edition.site.app.app_context(), unit_of_work():
        db.session.get_one(Edition, edition.edition).state = EditionState.CLOSED
        for name, _, _, final in PEOPLE:
            row = db.session.get_one(Enrolment, people[name].enrolment)
            db.session.query(Standing).filter_by(enrolment_id=row.id).update({"final": Decimal(final), "so_far": Decimal(final)})
            made = Certificate(edition_id=row.edition_id, enrolment_id=row.id, kind="course", number=f"S-{row.id}", award={}, state="done")
            made.issued_at = clock.now()
            db.session.add(made)


def _contradicts(admin: Visitor, edition: Cast) -> None:
    """Quotas that can't be kept together are named."""
    admin.goto(f"{edition.address}selection/")
    admin.follow("Candidates")
    admin.sees("Sokha Pov")
    admin.goto(f"{edition.address}selection/")
    admin.follow("Set the rules")
    _set(admin, seats="2", reserves="1", women="100", each_country_high="1", institution="0")
    admin.press("Save the rules")
    admin.sees("Please give a number from 1 to")
    _set(admin, institution="", country_KH_low="2", country_KH_high="2")
    admin.press("Save the rules")
    admin.press("Run the selection")
    _is_done(admin, "No list keeps all of this together")
    admin.sees("Women: at least 2")


def _set(admin: Visitor, **values: str) -> None:
    for name, text in values.items():
        admin.tab.locator(f"[name={name}]").fill(text)


def _runs(admin: Visitor) -> None:
    admin.follow("Change the rules")
    _set(admin, women="50", each_country_high="", country_KH_low="", country_KH_high="")
    admin.press("Save the rules")
    admin.press("Run the selection")
    _is_done(admin, "Who is selected")
    admin.sees("1 of 2", "Women: at least 1", "Selected 2", "Reserve 1")


def _decides_by_name(admin: Visitor) -> None:
    admin.follow("Mai Nguyen")
    admin.tab.get_by_label("must be selected").check()
    admin.fill("Reason", "Speaks for the ministry")
    admin.press("Save")
    admin.follow("Selection", admin.tab.locator("main"))
    admin.press("Run the selection")
    _is_done(admin, "Who is selected")
    admin.follow("Compare with run 2")
    admin.tab.get_by_label("Compare", exact=True).select_option("1")
    admin.press("Show the differences")
    admin.sees("Run 1 and run 3", "no list", "Mai Nguyen must be selected")
    admin.follow("Open run 3")


def _is_done(admin: Visitor, words: str) -> None:
    """The page loads itself again until the run has come to an end."""
    admin.tab.get_by_text(words).first.wait_for(timeout=60_000)
    admin.look()


def _takes_the_dossier(admin: Visitor, edition: Cast, folder: Path) -> None:
    admin.goto(f"{edition.address}selection/")
    link = admin.tab.get_by_role("link", name="Dossier (PDF)")
    while not link.count():
        admin.tab.wait_for_timeout(200)
        admin.tab.reload()
    admin.look()
    with admin.tab.expect_download() as download:
        link.click()
    download.value.save_as(folder / "dossier.pdf")
    assert (folder / "dossier.pdf").read_bytes().startswith(b"%PDF")
