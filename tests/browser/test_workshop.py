"""L11, T8, T11, T12 and A8: at a workshop, from checking in to the certificate."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from lms.core import clock
from lms.core.db import unit_of_work
from lms.invitations.badges import code
from lms.questionnaires.api import create
from tests.browser.conftest import Visit
from tests.browser.gathering import Gathering, gathering
from tests.browser.live import Site
from tests.browser.visitors import Visitor
from tests.workshops.papers import pdf

MINUTE = "%Y-%m-%dT%H:%M"
# A camera that sees a white sheet, and a reader of codes that finds there what a test holds up.
SEEING = """
navigator.mediaDevices.getUserMedia = async () => {
  const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
  setInterval(() => pen.fillRect(0, 0, 9, 9), 50);
  return sheet.captureStream();
};
window.BarcodeDetector = class { async detect() { return window.shown ? [{ rawValue: window.shown }] : []; } };
"""
PDF = pdf(filler=700_000)


def test_the_desk_without_a_network(site: Site, visit: Visit) -> None:
    """T11: the page opens again without a network, nothing is sent twice, and what two hands say differently is decided by a third."""
    place = gathering(site)
    mai, budi, dewi = place.comes("Nguyễn Thị Mai"), place.comes("Budi Santoso"), place.comes("Dewi Sari")
    with visit(360) as device, visit() as desk:
        desk.sign_in(place.admin.email)
        device.sign_in(place.tutor.email)
        device.tab.add_init_script(SEEING)
        device.goto(f"{place.address}workshop/desk/device")
        device.sees("this page also opens without a network")
        with device.offline():
            device.tab.get_by_label("Find by name").fill("NGUYEN")
            expect(device.tab.locator("tbody tr:visible")).to_have_count(1)
            mark(device, "Present Nguyễn Thị Mai")
            device.tab.reload()
            device.sees("1 mark waits on this device.")
            mark(device, "Present Budi Santoso")
            mark(device, "Present Dewi Sari")
            mark(device, "Absent Dewi Sari")
            read_badges(device, mai.enrolment)
            device.tab.get_by_label("Name", exact=True).fill("Ko Aung")
            device.tab.get_by_label("Name", exact=True).press("Enter")
            device.sees("5 marks wait on this device.", "Ko Aung, Day 1, morning: not on the list, waits.")
            desk.goto(f"{place.address}workshop/desk/{place.morning}")
            desk.tab.get_by_label("Budi Santoso", exact=True).select_option("absent")
            desk.press("Save what was marked")
        device.sees("No mark waits on this device.", "Budi Santoso, Day 1, morning: marked otherwise already.")
        expect(device.tab.get_by_role("button", name="Absent Dewi Sari")).to_have_attribute("aria-pressed", "true")
        device.look()
    with visit(360) as desk:
        desk.sign_in(place.admin.email)
        decide(desk, place)
        desk.goto(f"{place.address}workshop/desk/{place.afternoon}")
        for who, state in ((mai, "present"), (budi, "present"), (dewi, "excused")):
            desk.tab.locator(f"#state-{who.enrolment}").select_option(state)
        desk.press("Save, typed in from paper")
        desk.sees("Please say why they are excused.")
        expect(desk.tab.locator(f"#state-{dewi.enrolment}")).to_have_value("excused")
        desk.fill("Reason for corrections and excuses", "Called away.")
        desk.press("Save, typed in from paper")
        desk.sees("Marked: 2.")
        desk.goto(f"{place.address}workshop/attendance/{budi.enrolment}")
        desk.sees("I see him.", "Rosa Lindqvist", "dropped")


def mark(device: Visitor, name: str) -> None:
    """Press one of the buttons of the device, and see it pressed."""
    button = device.tab.get_by_role("button", name=name)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def read_badges(device: Visitor, enrolment: int) -> None:
    """Type a badge that nobody has, and hold one before the camera in the afternoon: it is read once as long as it is the same."""
    assert device.tab.evaluate("() => document.featurePolicy.allowsFeature('camera')")
    device.tab.get_by_label("Code on the badge").fill("nobody 7")
    device.tab.get_by_label("Code on the badge").press("Enter")
    device.sees("Nobody on this list has the badge nobody 7.")
    device.tab.get_by_label("Half-day").select_option("Day 1, afternoon")
    device.tab.get_by_role("button", name="Scan badges").click()
    device.tab.evaluate("code => { window.shown = code; }", code(enrolment))
    device.sees("Nguyễn Thị Mai is present.")
    expect(device.tab.get_by_role("button", name="Present Nguyễn Thị Mai")).to_have_attribute("aria-pressed", "true")
    device.tab.get_by_role("button", name="Scan badges").click()
    expect(device.tab.locator("video")).to_be_hidden()
    device.tab.get_by_label("Code on the badge").fill(code(enrolment).lower())
    device.tab.get_by_role("button", name="Mark as present").click()
    device.sees("Nguyễn Thị Mai is present already.")
    device.tab.get_by_label("Half-day").select_option("Day 1, morning")


def decide(desk: Visitor, place: Gathering) -> None:
    """Look at both sides of a dispute, decide it with a reason, and say who the walk-in is."""
    desk.goto(f"{place.address}workshop/desk/")
    desk.sees("To decide: 1", re.compile("absent, by list"), re.compile("present, by device of Rosa Lindqvist"), "Not on the list: 1")
    desk.press("They are present")
    desk.sees("Please fill this in.")
    desk.fill("How you know", "I see him.")
    desk.press("They are present")
    desk.tab.get_by_label("Who Ko Aung is").select_option("Nguyễn Thị Mai")
    desk.press("Settle")
    desk.sees("That is settled.")
    expect(desk.tab.locator("main")).not_to_contain_text("To decide")


def test_a_participant_at_the_workshop(site: Site, visit: Visit, tmp_path: Path) -> None:
    """L11: by QR code, early, with wrong codes and without scripts; slides by a line that breaks; a recommendation that others mend."""
    place = gathering(site)
    mai, budi = place.comes("Mai Nguyen"), place.comes("Budi Santoso")
    with site.app.app_context(), unit_of_work():
        create(place.edition.edition, "workshop-day", "", "", clock.now(), clock.now() + timedelta(hours=1), day=1)
    (tmp_path / "slides.pdf").write_bytes(PDF)
    (tmp_path / "lie.pdf").write_bytes(b"MZ" + PDF)
    with visit(360, javascript=False) as plain:
        plain.sign_in(budi.email)
        plain.goto(f"{place.address}workshop/?code={place.code(place.morning)}")
        plain.press("I am here")
        plain.sees(re.compile(r"Day 1, morning: present 12:\d\d"))
        plain.fill("Code of this half-day", place.code(place.afternoon).lower())
        plain.press("I am here")
        plain.sees("Day 1, afternoon: present: it counts from", "present from the opening", "1 of 2 half-days attended (50 %)")
        for _ in range(4):
            plain.fill("Code of this half-day", "WRONG2")
            plain.press("I am here")
        plain.sees("Too many tries", "Ask the desk: they put you down by hand.")
        plain.goto(f"{place.address}dashboard")
        plain.follow("Your opinion of the day")
        plain.sees("How satisfied are you with today?")
        asked = plain.tab.url
    with visit(360) as learner, visit() as other:
        learner.sign_in(mai.email)
        expect(learner.tab.get_by_text("Your opinion of the day")).to_have_count(0)
        assert learner.tab.request.get(asked).status == 404
        upload(learner, place, tmp_path)
        recommend(learner, place)
        other.sign_in(budi.email)
        other.goto(learner.tab.url)
        other.press("I object")
        other.sees("Please say what you object to")
        other.fill("What you object to", "Who keeps it?")
        other.press("I object")
        learner.follow("Word it anew")
        learner.fill("Recommendation", "Agree on one glossary, kept by the secretariat.")
        learner.press("Save the new words")
        other.goto(learner.tab.url)
        other.sees("of earlier words", "Version 2, Mai Nguyen", "Version 1, Mai Nguyen")
        other.press("I can live with it")
        other.sees("1 can live with it as it is, 0 object.")


def upload(learner: Visitor, place: Gathering, folder: Path) -> None:
    """Try a file that lies; then send one whose line breaks, and hand it in while it is still on its way."""
    learner.goto(f"{place.address}case-study")
    slides = learner.tab.get_by_label("Slides")
    learner.asked.add(f"{place.edition.site.origin}{place.address}case-study/upload/part")  # whose refusal the console tells of
    slides.set_input_files(folder / "lie.pdf")
    learner.sees("This is not a presentation, though its name ends in .pdf.")
    learner.tab.get_by_label("Module").select_option(index=1)
    learner.fill("Title", "Signatures at the border")
    learner.fill("Summary", "What we did.")
    learner.tab.route("**/upload/part", lambda route: route.abort("internetdisconnected"), times=1)
    learner.without_line = True
    slides.set_input_files(folder / "slides.pdf")
    learner.sees("the connection is gone")
    learner.tab.get_by_role("button", name="Hand it in").click()
    learner.sees("The form is sent when all of it is here.")
    with learner.tab.expect_navigation():
        learner.tab.evaluate("dispatchEvent(new Event('online'))")
    learner.without_line = False
    learner.look()
    learner.sees("Your case study is handed in.", "PDF, 700 KB")


def recommend(learner: Visitor, place: Gathering) -> None:
    """Draft a recommendation that comes from the case study."""
    learner.goto(f"{place.address}recommendations/new")
    learner.press("Draft it")
    learner.sees("Please fill this in.")
    learner.fill("Recommendation", "Agree on one glossary.")
    learner.tab.get_by_label("Signatures at the border").check()
    learner.press("Draft it")
    learner.sees("From these case studies", "Signatures at the border")
    expect(learner.tab.get_by_role("button", name="Withdraw it")).to_be_visible()


def test_grading_by_two_assessors(site: Site, visit: Visit) -> None:
    """T8: without names, never one's own institution's; far apart, settled, released at once, read by the author."""
    place = gathering(site)
    mai, budi = place.comes("Mai Nguyen", institution="Harbour Bank"), place.comes("Budi Santoso", institution="Ministry of Roads")
    study = place.study(mai, "Signatures at the border")
    place.study(budi, "One window for exporters")
    second = place.edition.tutor("Tom Okafor", institution="ministry of ROADS")
    with visit() as first, visit(360) as other:
        first.sign_in(place.tutor.email)
        first.goto(f"{place.address}case-studies/")
        expect(first.tab.locator("main")).not_to_contain_text("Mai Nguyen")
        other.sign_in(second.email)
        other.goto(f"{place.address}case-studies/")
        other.sees("1 case study")
        expect(other.tab.locator("main")).not_to_contain_text("One window")
        for assessor, level in ((first, 2), (other, 4)):
            assessor.goto(f"{place.address}case-studies/{study}")
            assessor.press("This is my grading")
            assessor.sees("Please choose a level for every criterion")
            for criterion in assessor.tab.locator("fieldset").all():
                criterion.get_by_role("radio").nth(level).check()
            comment(assessor, first_of_them=assessor is first)
            assessor.press("Save a draft")
            assessor.press("This is my grading")
            assessor.sees("Your grading is final.")
        other.sees("The assessors are 25 points or more apart.", "Rosa Lindqvist")
        other.fill("Score", "99")
        other.fill("Why", "We talked.")
        other.press("Settle on this score")
        other.sees("Please choose a score from 25.00 to 75.00")
        expect(other.tab.get_by_label("Why")).to_have_value("We talked.")
        other.fill("Score", "62.5")
        other.press("Settle on this score")
        other.sees("The score is settled.")
    with visit() as staff, visit(360) as author:
        staff.sign_in(place.admin.email)
        staff.goto(f"{place.address}case-studies/")
        staff.press("Release the grades")
        staff.sees("Grades released: 1.")
        author.sign_in(mai.email)
        author.goto(f"{place.address}case-study")
        author.sees("Graded: 62.5 %", "We talked.", "Assessor 2: 75.0 %", "Well done.", "A clear case.")
        author.goto(f"{place.address}grades")
        author.sees("Case study Workshop, not part of the average", "62.5 %")


def comment(assessor: Visitor, *, first_of_them: bool) -> None:
    """Put a comment into the bank and share it, or insert the one that somebody else shares."""
    if first_of_them:
        address = assessor.tab.url
        assessor.fill("Comment for the author", "A clear case.")
        assessor.tab.get_by_label("Keep this comment in my comment bank").check()
        assessor.press("Save a draft")
        assessor.follow("Change your comment bank")
        assessor.follow("Change comment 1")
        assessor.tab.get_by_label("Share it with the other staff").check()
        assessor.press("Save the changes")
        assessor.sees("Yours, shared with the staff")
        assessor.goto(address)
        return
    words = assessor.tab.get_by_label("Comment for the author")
    words.fill("Well done.")
    assessor.tab.get_by_label("A comment to insert").select_option("A clear case.")
    assessor.tab.get_by_role("button", name="Insert it").click()
    expect(words).to_have_value("Well done.\nA clear case.")
    expect(words).to_be_focused()


def test_records_and_certificates(site: Site, visit: Visit) -> None:
    """T12 and A8: who spoke in a planned speaker's place; dry run, a waiver by two, awarding, and attendance that is edited afterwards."""
    place = gathering(site)
    mai = place.comes("Mai Nguyen")
    other = place.edition.administrator("Anan Suk")
    with visit() as staff, visit(360) as second:
        staff.sign_in(place.admin.email)
        second.sign_in(other.email)
        record(staff, place)
        for half in (place.morning, place.afternoon):
            staff.goto(f"{place.address}workshop/desk/{half}")
            staff.tab.locator(f"#state-{mai.enrolment}").select_option("present")
            staff.press("Save what was marked")
        staff.goto(f"{place.address}workshop/awards/")
        staff.sees("0 have all of it, 1 don't", "No case study with a released grade")
        for need, reason in (("case study", "Presented by hand."), ("questionnaire", "Her device was lost.")):
            staff.follow("Waive")
            staff.tab.get_by_label("What is waived").select_option(need)
            staff.press("Ask for the waiver")
            staff.sees("Please fill this in.")
            staff.fill("Reason", reason)
            staff.press("Ask for the waiver")
            expect(staff.tab.get_by_role("button", name="Grant")).to_have_count(0)
            second.goto(f"{place.address}workshop/awards/")
            second.sees(reason)
            second.press("Grant")
            staff.goto(f"{place.address}workshop/awards/")
        staff.press("Award 1 certificate")
        staff.sees("Awarded: 1.", "case study waived")
        second.goto(f"{place.address}workshop/awards/ceremony")
        second.sees("1 are awarded, of whom 1 is a woman.")
        doubt(staff, place, mai.enrolment)


def record(staff: Visitor, place: Gathering) -> None:
    """Plan a session, and write down that somebody else spoke."""
    today = clock.now().date().isoformat()
    staff.goto(f"{place.address}workshop/sessions/new")
    staff.fill("Title", "Opening")
    staff.fill("Begins", f"{today}T09:00")
    staff.fill("Ends", f"{today}T08:00")
    staff.fill("Speakers", "Ana Ruiz | Institute | remote")
    staff.press("Put it into the agenda")
    staff.sees("A session must end after it begins.")
    staff.fill("Ends", f"{today}T10:00")
    staff.press("Put it into the agenda")
    staff.follow("Write the record")
    expect(staff.tab.get_by_label("Ana Ruiz")).to_be_checked()
    staff.tab.get_by_label("Ana Ruiz").uncheck()
    staff.fill("Others who spoke", "Eve Okoro | Bank")
    staff.fill("Actually began", f"{today}T09:10")
    staff.fill("Highlights", "Much was said.")
    staff.fill("Quotes", "Eve | perhaps | Well done.")
    staff.press("Keep the record")
    staff.sees("Please write one a line")
    staff.fill("Quotes", "Eve | given | Well done.")
    staff.press("Keep the record")
    staff.sees("Actually 09:10", "did not speak", "Eve Okoro, Bank not planned")


def doubt(staff: Visitor, place: Gathering, enrolment: int) -> None:
    """Edit attendance after the award: the certificate is in doubt, until it is said why it stands."""
    staff.goto(f"{place.address}workshop/desk/{place.afternoon}")
    staff.tab.locator(f"#state-{enrolment}").select_option("excused")
    staff.fill("Reason for corrections and excuses", "She left at three.")
    staff.press("Save what was marked")
    staff.goto(f"{place.address}workshop/awards/")
    staff.sees("the certificate is in doubt", "1 of 2 half-days attended (50 %)")
    staff.press("Let it stand")
    staff.sees("Please fill this in.")
    staff.fill("Why it stands", "She was ill.")
    staff.press("Let it stand")
    staff.sees("Stands: She was ill.")
    expect(staff.tab.get_by_role("link", name="Revoke it on its page")).to_have_count(0)
