"""L10 and A7: from the approved selection to the workshop: invitations, answers, reserves, the journey, and who was there."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import update

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import EditionState
from lms.core.tasks import run
from lms.core.viewer import edition_by_id
from lms.core.work import DONE
from lms.invitations import api, tasks
from lms.invitations.models import Gathering, Invitation
from lms.invitations.values import GatheringInfo
from tests.browser.cast import PATIENCE, Cast, Member, cast
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor
from tests.core import factories
from tests.selection.conftest import Place, the_run

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 100


def day(number: int) -> date:
    """Give a day by how far away it is."""
    return clock.now().date() + timedelta(days=number)


def workshop(edition: Cast, admin: Member, guests: Sequence[Member]) -> None:
    """Arrange a workshop in four weeks and invite people to it."""
    with edition.site.app.app_context(), unit_of_work():
        by = factories.viewer_of(admin.enrolment)
        found = GatheringInfo("Trade workshop", "Bangkok", day(28), day(31), 10, day(14), day(60), automatic=False)
        api.arrange(edition.edition, found, by)
        api.put_forward(edition.edition, [guest.enrolment for guest in guests], by)
        api.invite(edition.edition, clock.now() + timedelta(days=10), by)


def brought_forward(edition: Cast, **days: date) -> None:
    """Let days of the workshop come nearer, as if time had passed, and the calendar do what it does."""
    with edition.site.app.app_context():
        with unit_of_work():
            db.session.execute(update(Gathering).where(Gathering.edition_id == edition.edition).values(**days))
            long_ago = clock.now() - timedelta(days=20)
            db.session.execute(update(Invitation).where(Invitation.edition_id == edition.edition).values(changed_at=long_ago))
        run(tasks.SWEEP)


def moved(edition: Cast, admin: Member) -> None:
    """Let the workshop be two days later."""
    with edition.site.app.app_context(), unit_of_work():
        found = GatheringInfo("Trade workshop", "Bangkok", day(30), day(33), 10, day(14), day(60), automatic=False, version=1)
        assert api.arrange(edition.edition, found, factories.viewer_of(admin.enrolment)) == 1


def says(visitor: Visitor, **fields: str) -> None:
    """Type into fields by their names."""
    for name, text in fields.items():
        visitor.tab.locator(f"[name={name}]").fill(text)


def test_an_invitation_is_answered(site: Site, visit: Visit) -> None:
    """L10: accepting, what the journey needs, a change after the freeze as a request, confirming other days, and again."""
    edition = cast(site, days=60)
    admin, sokha = edition.administrator("Mira Adler"), edition.learner("Sokha Pov")
    workshop(edition, admin, [sokha])
    with visit() as staff, visit(390) as learner:
        staff.sign_in(admin.email)
        find_mail(staff, sokha.email, "You are invited: Trade workshop")
        staff.sees("Please accept or decline by", "(Asia/Singapore)")
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}dashboard")
        learner.follow("Answer the invitation")
        learner.press("I accept")
        learner.sees("You are coming")
        learner.follow("Travel and access needs")
        says(learner, passport_name="POV SOKHA", arrives_on=str(day(90)), diet="vegetarian")
        learner.press("Save")
        learner.sees("more than four weeks from the workshop")
        expect(learner.tab.get_by_label("Diet")).to_have_value("vegetarian")
        says(learner, arrives_on=str(day(27)), leaves_on=str(day(32)))
        learner.press("Save")
        learner.sees("Still missing", "the number of your passport")
        _shows_passport(learner, b"<svg/>")
        learner.sees("This is neither a JPEG")
        _shows_passport(learner, JPEG)
        learner.sees("There is a picture.")
        moved(edition, admin)
        learner.goto(f"{edition.address}invitation")
        learner.sees("The days of the workshop have changed")
        learner.press("I confirm that I come")
        learner.sees("You are coming, and have confirmed it")
        learner.follow("Travel and access needs")
        brought_forward(edition, starts_on=day(5), freeze_on=day(0))
        says(learner, diet="vegan")
        learner.press("Save")
        learner.sees("Your request is noted", "Your request waits for a decision")
        find_mail(staff, sokha.email, "Do you still come?")
        _decides(staff, edition, sokha)
        learner.goto(f"{edition.address}invitation")
        learner.press("I confirm that I come")
        learner.sees("You are coming, and have confirmed it")
        learner.goto("/account/privacy")
        learner.sees("Mira Adler", "travel")


def _shows_passport(learner: Visitor, body: bytes) -> None:
    learner.tab.locator("[name=page]").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": body})
    learner.press(re.compile("^Upload"))


def _decides(staff: Visitor, edition: Cast, sokha: Member) -> None:
    staff.goto(f"{edition.address}invitations/travel")
    staff.sees("Changes wait for your decision")
    staff.follow("Sokha Pov")
    staff.sees("vegan", "vegetarian", "That you looked is recorded")
    staff.press("Decide")
    staff.sees("The change is made")
    find_mail(staff, sokha.email, "Your journey to Trade workshop")
    staff.sees("is made as you asked")


def selected(edition: Cast, first: Member, second: Member) -> dict[str, Member]:
    """Let four of eight be selected, two women at least, and a second administrator approve it; give all by name."""
    with edition.site.app.app_context():
        hall = Place(edition_by_id(edition.edition), first.enrolment, second.enrolment, second.enrolment)
        finals = {"Ana": 62, "Bopha": 61, "Chan": 60, "Dara": 84, "Eko": 83, "Farid": 82, "Gede": 81}
        people = {
            name: hall.candidate(name, final, gender="woman" if final < 80 else "man", institution=name) for name, final in finals.items()
        }
        hall.rules(4, reserves=3, women=50)
        number = hall.run()
        deadline = time.monotonic() + PATIENCE
        while the_run(number).state != DONE and time.monotonic() < deadline:
            time.sleep(0.05)  # the worker is at it
        hall.approve(number)
        return {name: edition.member(enrolment) for name, enrolment in people.items()}


def test_seats_go_to_reserves(site: Site, visit: Visit) -> None:
    """A7: two administrators send once; who declines or does not answer is replaced within the quotas; the lists are locked."""
    edition = cast(site, days=60, state=EditionState.CLOSED)
    mira, omar = edition.administrator("Mira Adler"), edition.administrator("Omar Haddad")
    people = selected(edition, mira, omar)
    with visit() as first, visit() as second, visit(390, javascript=False) as learner:
        first.sign_in(mira.email)
        second.sign_in(omar.email)
        first.goto(f"{edition.address}invitations/")
        _says_where(first)
        for staff in (first, second):
            staff.goto(f"{edition.address}invitations/")
            staff.press("Invite the 4 proposed …")
            staff.sees("To Ana", "To Bopha", "To Dara", "To Eko")
        first.press("Send 4 invitations")
        first.sees("4 invitations sent")
        second.press("Send 4 invitations")
        second.sees("Something changed since you looked")
        learner.sign_in(people["Ana"].email)
        learner.goto(f"{edition.address}invitation")
        learner.fill("Why can't you come?", "A new post")
        learner.press("I decline")
        learner.sees("You don't come", "A new post", "Somebody else has got your seat.")
        second.goto(f"{edition.address}invitations/{people['Eko'].enrolment}")
        _runs_out(edition, people["Eko"])
        second.tab.get_by_label("What", exact=True).select_option(label="Put down that they accept")
        second.press("Put it down")
        second.sees("Something changed since you opened this page", "was replaced")
        first.goto(f"{edition.address}invitations/?state=proposed")
        first.sees("Chan", "Farid")
        first.press("Invite the 2 proposed …")
        first.press("Send 2 invitations")
        find_mail(first, people["Eko"].email, "Your invitation has run out")
        _comes(edition, people["Chan"], people["Farid"], people["Bopha"], people["Dara"])
        _takes_a_list(first, edition)
        learner.sign_in(people["Chan"].email)
        learner.goto("/account/privacy")
        learner.sees("for this reason: Harbour Hotel")
        brought_forward(edition, starts_on=day(-1))
        first.goto(f"{edition.address}invitations/{people['Chan'].enrolment}")
        first.tab.get_by_label("What", exact=True).select_option(label="Put down that they were there")
        first.press("Put it down")
        first.sees("Noted for Chan.")
        first.goto(f"{edition.address}invitations/")
        first.sees("Attended 1", "Accepted 3", "4 come, 2 of them women")


def _says_where(staff: Visitor) -> None:
    staff.sees("Nobody has said yet where and when the workshop is")
    staff.follow("Say where and when")
    says(staff, title="Trade workshop", place="Bangkok", starts_on=str(day(28)), ends_on=str(day(27)), freeze_on=str(day(14)))
    says(staff, delete_on=str(day(60)))
    staff.press("Save")
    staff.sees("The workshop can't end before it begins.")
    says(staff, ends_on=str(day(31)))
    staff.press("Save")
    staff.sees("Trade workshop")


def _runs_out(edition: Cast, member: Member) -> None:
    """Let the time to answer be over."""
    with edition.site.app.app_context():
        with unit_of_work():
            over: dict[str, Any] = {"answer_by": clock.now() - timedelta(minutes=1)}
            db.session.execute(update(Invitation).where(Invitation.enrolment_id == member.enrolment).values(over))
        run(tasks.SWEEP)


def _comes(edition: Cast, *members: Member) -> None:
    with edition.site.app.app_context(), unit_of_work():
        for member in members:
            api.accept(member.enrolment, factories.viewer_of(member.enrolment))


def _takes_a_list(staff: Visitor, edition: Cast) -> None:
    """Ask for the list for the hotel, without a reason first; what comes opens with the password that was shown, and not without."""
    staff.goto(f"{edition.address}invitations/")
    staff.follow("Travel and access needs")
    staff.tab.get_by_label(re.compile("^Rooms, meals")).check()
    staff.press("Take the locked list")
    staff.sees("Please fill this in.")
    expect(staff.tab.get_by_label(re.compile("^Rooms, meals"))).to_be_checked()
    staff.fill("Reason", "Harbour Hotel")
    password = staff.tab.get_by_label("Password of the file").input_value()
    with staff.tab.expect_download() as coming:
        staff.tab.get_by_role("button", name="Take the locked list").click()
    body = coming.value.path().read_bytes()
    assert PdfReader(io.BytesIO(body)).is_encrypted
    assert "Chan" in PdfReader(io.BytesIO(body), password=password).pages[0].extract_text()
