"""L7 and T10: an opinion that is begun, left, and sent once; and the questionnaire of a day, from planning to what came of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.mail import OutgoingMail
from lms.questionnaires import commands, queries, reading
from lms.questionnaires.values import Info
from lms.workshops.rules import State
from tests.browser.cast import Cast, cast
from tests.browser.conftest import Visit
from tests.browser.gathering import Gathering, gathering
from tests.browser.live import Site
from tests.browser.visitors import Visitor
from tests.core import factories
from tests.questionnaires.conftest import answer_all

HOUR = timedelta(hours=1)
ROWS = (
    "The lessons were clear.",
    "What I learned is useful in my work.",
    "The quiz asked for what the lessons taught.",
    "The forum helped me.",
)
LAST = "The time that the module took was right."
LAST_KEY = "opinion.the_time_that_the_module_took_was_right"
IS_KEPT = "key => localStorage.getItem(key)?.includes('small countries')"
BETTER = "More examples from small countries."


def test_an_opinion_is_sent_once(site: Site, visit: Visit) -> None:
    """L7: what was begun is there again, an empty row takes the focus, and what is sent can't be sent again or changed."""
    edition = cast(site)
    sokha = edition.learner("Sokha Pov")
    found = _asked(edition)
    address = f"{edition.address}questionnaires/{found.id}"
    with visit(360) as learner:
        learner.sign_in(sokha.email)
        learner.sees("3 minutes, anonymous, until")
        learner.follow("Your opinion of the module")
        learner.follow("How anonymity works")
        learner.sees("Until the questionnaire closes, all answers are sealed", "What this can't rule out")
        learner.goto(address)
        for row in ROWS:
            _choose(learner, row, "fully")
        learner.fill("What should be better?", BETTER)
        learner.tab.wait_for_function(IS_KEPT, arg=f"kept:q{found.id}-{sokha.enrolment}")
        learner.goto(f"{edition.address}dashboard")
        learner.goto(address)
        learner.sees("What you began on this device is back.")
        old = learner.another_tab()
        learner.press("Send my answers")
        learner.sees("Not sent yet", "One question needs", "Please answer this.")
        expect(_choice(learner, LAST, "not at all")).to_be_focused()
        expect(_choice(learner, ROWS[0], "fully")).to_be_checked()
        expect(learner.tab.get_by_label("What should be better?")).to_have_value(BETTER)
        _choose(learner, LAST, "mostly")
        learner.press("Send my answers")
        learner.sees("Thank you, your answers are in")
        _choose(old, LAST, "not at all")
        old.press("Send my answers")
        old.sees("Thank you, your answers are in", "it can't be changed")
    _close(edition, found)
    with site.app.app_context():
        (sheet,) = reading.sheets(found.id)
    assert (sheet.given[LAST_KEY], sheet.given["better"], sheet.quotable) == (4, BETTER, False)


def test_after_the_deadline_nothing_is_taken(site: Site, visit: Visit) -> None:
    """L7: who was too late is told so; a page without scripts takes answers; staff see nothing of three."""
    edition = cast(site)
    tutor, mai, minh = edition.tutor("Tuan Le"), edition.learner("Mai Nguyen"), edition.learner("Minh Tran")
    found = _asked(edition)
    address = f"{edition.address}questionnaires/{found.id}"
    with site.app.app_context():
        answer_all(found, [factories.enrolment(edition.edition) for _ in range(2)], better=BETTER)
    with visit(javascript=False) as learner, visit() as late, visit() as staff:
        learner.sign_in(mai.email)
        learner.goto(address)
        for row in (*ROWS, LAST):
            _choose(learner, row, "partly")
        learner.press("Send my answers")
        learner.sees("Thank you, your answers are in")
        late.sign_in(minh.email)
        late.goto(address)
        staff.sign_in(tutor.email)
        staff.goto(f"{edition.address}questionnaires/desk/{found.id}")
        staff.sees("3 of 4", "Minh Tran")
        staff.unfold("Close it before its time")
        staff.press("Close it now")
        staff.sees("3 of 4", "Not shown, fewer than five")
        expect(staff.tab.get_by_text(BETTER)).to_have_count(0)
        _choose(late, LAST, "not at all")
        late.press("Send my answers")
        late.sees("This questionnaire is closed", "can't be answered any more")
    with site.app.app_context():
        assert len(reading.sheets(found.id)) == 3


def test_the_questionnaire_of_a_day(site: Site, visit: Visit) -> None:
    """T10: asks those who were there, is watched without answers, reminds once; women and men stay together where three are men."""
    place = gathering(site)
    edition = place.edition
    *people, absent, _ = place.come([*["woman"] * 19, *["man"] * 3, *["woman"] * 2, *["man"] * 2, *["woman"] * 2])
    place.mark(people)
    place.mark([absent], State.ABSENT)
    with visit() as staff:
        staff.sign_in(place.tutor.email)
        _plan(staff, place)
        with site.app.app_context():
            (found,) = queries.of_edition(edition.edition)
            answer_all(found, people[:20], 4)
            answer_all(found, people[20:22], 4, comment="Longer breaks.")
        staff.goto(f"{edition.address}questionnaires/desk/{found.id}")
        staff.sees("22 of 26", "Results are shown once it is closed.")
        expect(staff.tab.locator("h2:has-text('Who has not answered') + ul li")).to_have_count(4)
        expect(staff.tab.get_by_text("Longer breaks.")).to_have_count(0)
        staff.press("Remind those who have not answered")
        staff.sees("A reminder is on its way to 4 people.")
        staff.press("Remind those who have not answered")
        staff.sees("One within six hours is enough.")
        staff.goto(f"{edition.address}questionnaires/desk/{found.id}")
        staff.unfold("Close it before its time")
        staff.press("Close it now")
        staff.sees("80.00 %", "440 points given / 550 possible, by 22 people", "88 / 110", "Women and men are not shown apart")
        staff.fill("Tag of comment 1", "organisation")
        staff.press("Save the tag of comment 1")
        staff.follow("organisation")
        staff.sees("Shown: those tagged “organisation”")
        staff.goto(f"{edition.address}questionnaires/desk/satisfaction")
        staff.sees("440 points given / 550 possible, from 22 answers", "Women and men: from 0 of 1.", "Day 1")
    with site.app.app_context():
        mails = select(OutgoingMail.person_id).where(OutgoingMail.kind == commands.KIND, OutgoingMail.edition_id == edition.edition)
        assert set(db.session.scalars(mails)) == {factories.person_of(enrolment) for enrolment in people[22:]}


def _plan(staff: Visitor, place: Gathering) -> None:
    """Plan the questionnaire of the day, with a wrong day and wrong times at first."""
    staff.goto(f"{place.address}questionnaires/desk")
    staff.sees("Nothing is asked yet")
    staff.follow("Plan a questionnaire")
    staff.tab.get_by_label("What it asks").select_option("workshop-day")
    staff.fill("Title", "Your opinion of day 1")
    staff.fill("Day of the workshop", "2")
    staff.fill("Opens", _typed(place, 1))
    staff.fill("Closes", _typed(place, -1))
    staff.press("Plan it")
    staff.sees("Please say which day of the workshop it is about, from 1 to 1.")
    staff.fill("Day of the workshop", "1")
    staff.press("Plan it")
    staff.sees("It has to close after it opens.")
    expect(staff.tab.get_by_label("Title")).to_have_value("Your opinion of day 1")
    staff.fill("Opens", _typed(place, -1))
    staff.fill("Closes", _typed(place, 4))
    staff.press("Plan it")
    staff.sees("0 of 26", "Day 1 of the workshop", "Those who were there on day 1")


def _asked(edition: Cast) -> Info:
    """Ask all learners about the third module."""
    now = clock.now()
    with edition.site.app.app_context(), unit_of_work():
        return reading.info(commands.create(edition.edition, "module-opinion", "", "learners", now - HOUR, now + HOUR, "module3"))


def _close(edition: Cast, found: Info) -> None:
    with edition.site.app.app_context(), unit_of_work():
        commands.close(found.id)


def _typed(place: Gathering, hours: int) -> str:
    return f"{(clock.now() + hours * HOUR).astimezone(ZoneInfo(place.zone)):%Y-%m-%dT%H:%M}"


def _choice(person: Visitor, row: str, answer: str) -> Locator:
    return person.tab.get_by_role("group", name=row).get_by_label(answer)


def _choose(person: Visitor, row: str, answer: str) -> None:
    _choice(person, row, answer).check()
