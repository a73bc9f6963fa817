"""What invitations tell others: the funnel, the story, queues, the dashboard, papers, and what is held of a person."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time

import pytest
from pypdf import PdfReader

from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment
from lms.core.reporting import Subject
from lms.invitations import answering, privacy, reporting, travel
from lms.invitations.printing import sheet as printed
from lms.invitations.values import Journey, Participant, Sheet, State
from lms.workshops import days
from lms.workshops.rules import Part
from tests.core import factories
from tests.invitations.conftest import WORKSHOP, Place, SignIn, acts, at

LATER = datetime(2030, 1, 1, tzinfo=UTC)
NAMES = ("Sokha Pov", "សុខា ពៅ", "สมชาย ใจดี", "ສົມພອນ", "မောင်မောင်", "Nguyễn Thị Minh Khai", "Ana 👩🏽‍🚀")


def test_how_far_people_come(place: Place) -> None:
    """Whoever accepted and called off counts as invited alone; being there counts for all three."""
    ana, bo, chan = place.accepted("Ana"), place.accepted("Bo"), place.accepted("Chan")
    place.proposed("Dara")
    with at(35), unit_of_work():
        answering.decline(bo)
        answering.mark(ana, State.ATTENDED)
        answering.mark(chan, State.ABSENT)
    found = {
        stage.key: set(db.session.scalars(db.select(Enrolment.id).where(stage.reached))) for stage in reporting.stages(place.info)
    }
    assert found == {"invited": {ana, bo, chan}, "accepted": {ana, chan}, "attended": {ana}}


def test_the_story_of_a_learner(place: Place) -> None:
    """Newest first, with reasons for those alone who may know."""
    sokha = place.accepted()
    with unit_of_work():
        answering.decline(sokha, "A new post", factories.viewer_of(sokha))
    for private, reason in ((True, "A new post"), (False, "")):
        told = [*reporting.timeline(Subject(sokha, factories.person_of(sokha), place.info, private=private), LATER, 10)]
        assert [line.what for line in told] == [
            "Does not come to the workshop",
            "Accepted the invitation to the workshop",
            "Invited to the workshop",
            "Proposed for the workshop",
        ]
        assert (told[0].text, told[0].by) == (reason, "Sokha Pov")


def test_what_waits(place: Place) -> None:
    """For administrators alone: proposals, changes of travel, and at the end those who have not confirmed again."""
    sokha = place.accepted()
    place.proposed("Vann Chea")
    with unit_of_work():
        travel.save(sokha, Journey(visa="no"), 0)
    with at(30):
        with unit_of_work():
            travel.save(sokha, Journey(visa="yes"), 1)
        found = {queue.label: queue.count for queue in reporting.queues(place.viewer, place.info)}
    assert found == {"Invitations to send": 1, "Changes of travel": 1, "Have not confirmed again": 1}
    assert [queue.label for queue in reporting.queues(place.viewer, place.info)] == ["Invitations to send", "Changes of travel"]
    assert [*reporting.queues(factories.viewer_of(place.tutor), place.info)] == []


def test_the_dashboard_says_it(place: Place, signed_in: SignIn) -> None:
    """To those who are invited."""
    sokha, vann = place.invited(), place.proposed("Vann Chea")
    assert "Answer the invitation" in signed_in(factories.person_of(sokha)).get(f"{place.base}/dashboard").text
    assert "Regional workshop" not in signed_in(factories.person_of(vann)).get(f"{place.base}/dashboard").text


def test_what_is_held_can_be_taken_along_and_erased(place: Place) -> None:
    """All that was said for the journey is given out unsealed, and goes; how the invitation ended stays."""
    sokha = place.accepted()
    with unit_of_work():
        travel.save(sokha, Journey(passport_number="N0123456", arrives_on=date(2019, 11, 17)), 0)
        travel.upload(sokha, b"%PDF-1.7 a passport")
    with at(35), unit_of_work():
        answering.mark(sokha, State.ABSENT, place.viewer, "Ill")
    person = factories.person_of(sokha)
    given = privacy.export(person)
    assert given["journeys"][0]["passport_number"] == "N0123456"
    assert [row["after"] for row in given["history"]] == ["proposed", "invited", "accepted", "absent"]
    assert given["passport_pages"][0]["kind"] == "application/pdf"
    with unit_of_work():
        privacy.erase(person)
    left = privacy.export(person)
    assert (left["journeys"], left["passport_pages"], left["invitations"][0]["state"]) == ([], [], State.ABSENT)
    assert {row["reason"] for row in left["history"]} == {""}


@pytest.mark.parametrize(("sheet", "pages"), [(Sheet.BADGES, 2), (Sheet.SIGN_IN, 3), (Sheet.PARTICIPANTS, 1)])
def test_papers(sheet: Sheet, pages: int) -> None:
    """Ten badges a page, a sheet for each half-day; names in any script, a mark for what no font has; the same people, the same bytes."""
    people = [Participant(at, name, "KH", "woman", "Ministry of Trade", State.ACCEPTED) for at, name in enumerate((*NAMES, *NAMES[:5]))]
    signed = ["Day 1, morning", "Day 1, afternoon", "Day 2, morning"]
    body = printed(sheet, WORKSHOP, people, signed, date(2019, 11, 1))
    assert body == printed(sheet, WORKSHOP, people, signed, date(2019, 11, 1))
    read = PdfReader(io.BytesIO(body))
    assert len(read.pages) == pages
    text = read.pages[0].extract_text()
    assert "Sokha Pov" in text
    assert "Nguyễn Thị Minh Khai" in text
    assert "Ana ??" in text
    assert (people[0].badge in text, people[1].badge in text) == (sheet == Sheet.BADGES,) * 2
    assert ("Day 1, morning, Singapore" in text) is (sheet == Sheet.SIGN_IN)


def test_printing_is_on_record(place: Place, signed_in: SignIn) -> None:
    """Nothing is printed while nobody comes; whoever called off or was not there is left out."""
    admin = signed_in(factories.person_of(place.admin))
    assert admin.get(f"{place.base}/invitations/badges.pdf").status_code == 409
    place.accepted()
    vann = place.accepted("Vann Chea")
    with unit_of_work():
        answering.mark(vann, State.ABSENT)
    answer = admin.get(f"{place.base}/invitations/participants.pdf")
    assert answer.data.startswith(b"%PDF-")
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert ("Sokha Pov" in text, "Vann Chea" in text) == (True, False)
    assert acts()[-1] == "invitations.print"
    assert admin.get(f"{place.base}/invitations/menu.pdf").status_code == 404


def test_what_is_signed_is_what_the_workshop_has(place: Place, signed_in: SignIn) -> None:
    """A sheet a day as long as no half-days are laid out; then one for each of them, with its hours."""
    admin = signed_in(factories.person_of(place.admin))
    place.accepted()
    assert _pages(admin.get(f"{place.base}/invitations/sign-in.pdf").data)[3].startswith("Regional workshop\nThursday 21 November 2019")
    with unit_of_work():
        days.set_up(place.info.id, [date(2019, 11, 18), date(2019, 11, 19)], place.viewer, {Part.MORNING: (time(9), time(12))})
    pages = _pages(admin.get(f"{place.base}/invitations/sign-in.pdf").data)
    assert [page.split("\n")[1] for page in pages] == [
        "Day 1, morning: Monday 18 November 2019, 09:00 to 12:00, Singapore, Harbour Hall",
        "Day 2, morning: Tuesday 19 November 2019, 09:00 to 12:00, Singapore, Harbour Hall",
    ]


def _pages(body: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
