"""From a gap to more time: detected once, proposed, approved once, given once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import clock, pulse
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, EnrolmentState, Role
from lms.core.errors import Conflict, DomainError, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.core.viewer import Viewer, edition_by_id
from lms.core.work import DONE, GIVEN_UP
from lms.editions.api import More, close_edition, grant, more_time
from lms.editions.models import Extension
from lms.outages import commands, proposing, tasks
from lms.outages.models import Outage, OutageRemedy
from lms.outages.proposing import Proposal
from lms.outages.values import Approval, Entry
from lms.quizzes import tasks as quiz_tasks
from tests.core import factories
from tests.core.threads import at_once
from tests.quizzes.factories import Learner, answer_right, count_attempts, end_of_module, info, learner, start, take

STAFF = Viewer(role=Role.ADMINISTRATOR)
REASON = "The power was off."
GAP = timedelta(minutes=40)


@pytest.fixture
def who(course: Course) -> Learner:
    """Enrol a learner whose first module closes in some days."""
    return learner(course.id, schedule={"module2": [7, 24]})


def went(since: datetime, length: timedelta = GAP) -> int:
    """Let pages be served until a moment and again after a while, and give the outage."""
    for moment in (since, since + length):
        with clock.at(moment):
            pulse.serving()
    return db.session.scalars(select(Outage.id).order_by(Outage.id.desc()).limit(1)).one()


def proposal(who: Learner, outage: int, hours: int = 1) -> Proposal:
    """Give what is proposed in the learner's edition."""
    return proposing.proposal(edition_by_id(who.edition), proposing.one(who.edition, outage), hours)


def approve(who: Learner, outage: int, hours: int = 1, **other: str) -> int:
    """Approve what is proposed now."""
    sent: dict[str, Any] = {"reason": REASON, "shown": proposal(who, outage, hours).mark, **other}
    with unit_of_work():
        return commands.approve(edition_by_id(who.edition), STAFF, outage, Approval(hours, **sent))


def enter(who: Learner, since: datetime, country: str | None = None, length: timedelta = GAP) -> int:
    """Enter an outage by hand."""
    with unit_of_work():
        return commands.enter(edition_by_id(who.edition), STAFF, Entry(since, since + length, country, "A cable."))


def waiting(who: Learner) -> int:
    """Count the outages that wait for a decision."""
    return next(queue.count for queue in proposing.queue(STAFF, edition_by_id(who.edition)))


def test_only_a_long_gap_is_an_outage(ctx: Flask) -> None:
    """Neither a restart, nor a pulse that another process has just noted, nor a clock that was put back."""
    begin = clock.now()
    for seconds in (0, 10, 40, 340, 640, 100, 130):
        with clock.at(begin + timedelta(seconds=seconds)):
            pulse.serving()
    assert db.session.scalar(select(func.count(Outage.id))) == 0

    def again() -> bool:
        with clock.at(begin + timedelta(seconds=130) + GAP):
            pulse.serving()
        return True

    at_once(ctx, 3, again)
    found = db.session.execute(select(Outage.since, Outage.until, Outage.edition_id)).all()
    assert [(row.until - row.since, row.edition_id) for row in found] == [(GAP, None)]


def test_a_quiz_that_closed_closes_later_for_those_who_had_not_finished_it(who: Learner) -> None:
    """Whoever passed needs nothing; approving twice gives nothing twice; each has one mail and one entry in the audit log."""
    ready, closes_at = who.another(), end_of_module(who)
    take(ready, 7)
    outage = went(closes_at - timedelta(minutes=20))
    with clock.at(closes_at + timedelta(hours=2)):
        found = proposal(who, outage, 24)
        assert [(one.enrolment_id, [part.module for part in one.parts]) for one in found.people] == [(who.enrolment, ["module1"])]
        assert found.people[0].parts[0].closes_at == closes_at + timedelta(hours=26)
        assert waiting(who) == 1
        assert approve(who, outage, 24) == 1
        with pytest.raises(Conflict, match="decided already"):
            approve(who, outage, 24)
        tasks.make_good()
        assert start(who)
        with pytest.raises(Conflict):
            start(who.another())
        assert waiting(who) == 0
    assert db.session.scalars(select(Extension.hours)).all() == [26]
    acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts == ["outages.approve", "extension.grant"]
    mails = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.kind == "outages.made-good")).all()
    assert len(mails) == 1
    assert REASON in mails[0]


def test_who_had_more_time_gets_it_beyond_that(who: Learner) -> None:
    """Counted from when the quiz closes for this learner; that of others closed long before."""
    with unit_of_work():
        grant(edition_by_id(who.edition), STAFF, More(48, "Ill.", "module1"), enrolment_id=who.enrolment)
    other = who.another()
    closes_at = end_of_module(who)
    outage = went(closes_at + timedelta(hours=47))
    with clock.at(closes_at + timedelta(hours=47) + GAP):
        assert waiting(who) == 1
        assert [one.enrolment_id for one in proposal(who, outage).people] == [who.enrolment]
        approve(who, outage, 2)
        more = more_time(edition_by_id(who.edition), who.enrolment)("module1")
        assert more is not None
        assert (more.by, more.reason) == (timedelta(hours=50), REASON)
        assert more_time(edition_by_id(who.edition), other.enrolment)("module1") is None


def test_an_attempt_under_way_gets_its_time_back(who: Learner) -> None:
    """As much as it lost, once; who handed in before is not affected."""
    other, now = who.another(), clock.now()
    take(other, 3)
    attempt = start(who)
    before = info(who, attempt).deadline
    assert before is not None
    outage = went(now + timedelta(minutes=1), timedelta(minutes=6))
    with clock.at(now + timedelta(minutes=8)):
        assert [one.parts[0].going_on for one in proposal(who, outage).people] == [True]
        approve(who, outage)
        assert info(who, attempt).deadline == before + timedelta(minutes=6)
        assert (info(who, attempt).cut_short, count_attempts(who)) == (False, 1)


def test_an_attempt_that_ended_in_the_gap_is_not_among_those_used(who: Learner) -> None:
    """It is not opened again; its score counts until there is a better one."""
    now = clock.now()
    attempt = start(who)
    answer_right(attempt, 2)
    outage = went(now + timedelta(minutes=1), timedelta(hours=2))
    with clock.at(now + timedelta(hours=2, minutes=5)):
        quiz_tasks.sweep()
        assert info(who, attempt).automatic
        approve(who, outage)
        assert info(who, attempt).cut_short
        again = [take(who, right) for right in (3, 4)]
        assert again[1] > again[0]
        with pytest.raises(Conflict, match="all 2 attempts"):
            start(who)
    assert count_attempts(who) == 3
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == ["outages.approve", "outages.make_good"]


def test_an_attempt_whose_time_is_over_and_that_nobody_handed_in(who: Learner) -> None:
    """The worker was off, too: it is handed in first."""
    now, attempt = clock.now(), start(who)
    outage = went(now + timedelta(minutes=1), timedelta(hours=2))
    with clock.at(now + timedelta(hours=3)):
        approve(who, outage)
        assert (info(who, attempt).automatic, info(who, attempt).cut_short) == (True, True)


def test_an_outage_of_a_country_is_that_of_its_people(who: Learner) -> None:
    """And of one edition; it is entered once."""
    elsewhere = Learner(who.base, who.edition, factories.enrolment(who.edition, country="SG"))
    since = end_of_module(who) - timedelta(hours=1)
    with clock.at(since + timedelta(hours=2)):
        outage = enter(who, since, "SG")
        assert [one.enrolment_id for one in proposal(who, outage).people] == [elsewhere.enrolment]
        with pytest.raises(Invalid, match="already"):
            enter(who, since, "SG")
        with pytest.raises(Invalid, match="Nobody of this country"):
            enter(who, since, "FR")
        with pytest.raises(NotFound):
            proposing.one(learner(edition_by_id(who.edition).course_id).edition, outage)


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"hours": 0}, "hours"), ({"hours": 337}, "hours"), ({"reason": " "}, "reason"), ({"shown": "of yesterday"}, "shown")],
)
def test_what_is_not_approved(who: Learner, sent: dict[str, Any], field: str) -> None:
    outage = went(end_of_module(who) - timedelta(minutes=20))
    with clock.at(end_of_module(who)), pytest.raises(DomainError) as refused:
        approve(who, outage, **sent)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count(OutageRemedy.id))) == 0


def test_what_can_not_be_given_any_more_is_named(who: Learner) -> None:
    """One of two has withdrawn meanwhile; after the edition is closed nothing is decided."""
    gone, closes_at = who.another(), end_of_module(who)
    outage = went(closes_at - timedelta(minutes=20))
    with clock.at(closes_at):
        shown = proposal(who, outage).mark
        with unit_of_work():
            commands.approve(edition_by_id(who.edition), STAFF, outage, Approval(1, REASON, shown))
            db.session.get_one(Enrolment, gone.enrolment).state = EnrolmentState.WITHDRAWN
        states = dict(db.session.execute(select(OutageRemedy.enrolment_id, OutageRemedy.state)).all())
        assert states == {who.enrolment: DONE, gone.enrolment: GIVEN_UP}
        found = proposing.one(who.edition, outage)
        assert found.decision_id is not None
        assert [why for _, why in proposing.progress(found.decision_id).failed] == ["There is no such learner in this edition."]
        another = went(closes_at + timedelta(hours=1))
        with unit_of_work():
            close_edition(who.edition, STAFF)
        with pytest.raises(Conflict, match="not open"):
            approve(who, another)


def test_two_administrators_at_once(ctx: Flask, who: Learner) -> None:
    """One approves, the other is told; a learner gets it once."""
    outage = went(end_of_module(who) - timedelta(minutes=20))

    def decide() -> bool:
        try:
            with clock.at(end_of_module(who)):
                approve(who, outage)
        except DomainError:
            return False
        return True

    assert sorted(at_once(ctx, 2, decide)) == [False, True]
    assert db.session.scalar(select(func.count(Extension.id))) == 1


def test_the_pages(who: Learner, signed_in: Callable[[int], FlaskClient], statements: Callable[[], Any]) -> None:
    """Wrong input stays beside its field; a decision is shown to whoever comes second; many affected cost no more queries."""
    admin = signed_in(factories.person_of(factories.enrolment(who.edition, role=Role.ADMINISTRATOR)))
    for _ in range(5):
        who.another()
    outage = went(end_of_module(who) - timedelta(minutes=20))
    with clock.at(end_of_module(who)):
        page = f"{who.base}/outages/"
        wrong = admin.post(page, data={"since": "2027-13-01", "until": "", "country": "XX", "note": "Cable\0"})
        assert wrong.status_code == 422
        assert "2027-13-01" in wrong.text
        with statements() as seen:
            shown = admin.get(f"{page}{outage}")
        seen.at_most(12)
        assert "more time for 6" in shown.text
        mark = proposal(who, outage).mark
        sent = {"shown": mark, "hours": "1", "reason": REASON}
        assert admin.post(f"{page}{outage}", data=sent | {"act": "look", "hours": "9"}).status_code == 200
        assert admin.post(f"{page}{outage}", data=sent | {"act": "approve", "shown": "old"}).status_code == 409
        assert admin.post(f"{page}{outage}", data=sent | {"act": "approve", "hours": "x"}).status_code == 422
        assert admin.post(f"{page}{outage}", data=sent | {"act": "approve"}).status_code == 302
        assert admin.post(f"{page}{outage}", data=sent | {"act": "dismiss"}).status_code == 409
        assert "6 of 6 have it" in admin.get(f"{page}{outage}").text
        assert "more time for 6" in admin.get(page).text


def test_a_dismissal(who: Learner) -> None:
    """With a reason; nobody gets anything."""
    outage, edition = went(end_of_module(who) - timedelta(minutes=20)), edition_by_id(who.edition)
    with clock.at(end_of_module(who)):
        with pytest.raises(Invalid), unit_of_work():
            commands.dismiss(edition, STAFF, outage, " ")
        with unit_of_work():
            commands.dismiss(edition, STAFF, outage, "It was announced.")
        with pytest.raises(Conflict), unit_of_work():
            commands.dismiss(edition, STAFF, outage, "Again.")
        assert waiting(who) == 0
    assert db.session.scalar(select(func.count(OutageRemedy.id))) == 0
