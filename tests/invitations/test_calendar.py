"""What the calendar does: deadlines pass, people are asked again, seats go to reserves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core.calendars import calendar
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState
from lms.core.tasks import run
from lms.invitations import answering, placing, reporting, reserves, tasks
from lms.invitations.calendars import entry
from lms.invitations.models import Invitation
from lms.invitations.values import State
from tests.core import factories
from tests.invitations.conftest import DEADLINE, NOW, WORKSHOP, Place, SignIn, at, kinds, mails, state_of


def line_up(*enrolments: int) -> Callable[[int, tuple[int, ...], tuple[int, ...]], int | None]:
    """Give reserves in this order, each to nobody who holds a seat or was tried."""
    return lambda _, held, tried: next((number for number in enrolments if number not in {*held, *tried}), None)


def test_a_deadline_passes(place: Place) -> None:
    """Not at the last second but after it, and with a reminder before; whoever accepted is left alone; doing it again does nothing."""
    sokha, vann = place.invited(), place.invited("Vann Chea")
    with unit_of_work():
        answering.accept(vann)
    with at(8, hours=13.9):
        run(tasks.SWEEP)
        assert len(kinds()) == 3
    for hours in (14.1, 61.9):
        with at(8, hours=hours):
            run(tasks.SWEEP)
            assert state_of(sokha) == State.INVITED
    with at(10, hours=14):
        run(tasks.SWEEP)
        run(tasks.SWEEP)
    assert (state_of(sokha), state_of(vann)) == (State.EXPIRED, State.ACCEPTED)
    assert kinds() == ["invited", "invited", "accepted", "reminded", "expired"]
    assert "by Thursday 24 October 2019, 23:59 (Asia/Singapore)" in mails()[-1].text


def test_those_who_come_are_asked_again(place: Place) -> None:
    """A week before by the edition's days, and three days before; not who has said so already, or accepts only now."""
    place.accepted()
    vann, late = place.accepted("Vann Chea"), place.proposed("Late")
    sunday_evening, monday = at(28, hours=-11), at(28, hours=-9.5)  # in Singapore, where the second is half past midnight
    with sunday_evening:
        run(tasks.SWEEP)
    asked_before = len(kinds())
    with monday:
        run(tasks.SWEEP)
        run(tasks.SWEEP)
    assert kinds()[asked_before:] == ["asked-again"] * 2
    with at(30), unit_of_work():
        answering.confirm_again(vann)
        placing.invite(place.info.id, NOW + timedelta(days=31), place.viewer, [late])
        answering.accept(late)
    for days in (30, 32, 33, 35):
        with at(days):
            run(tasks.SWEEP)
    assert kinds()[asked_before + 2 :] == ["invited", "accepted", "asked-again", "asked-again"]
    assert "as soon as you can" in mails()[asked_before + 3].text
    with at(36):
        run(tasks.SWEEP)
    assert len(kinds()) == asked_before + 6


def test_days_that_move_are_confirmed_anew(place: Place, signed_in: SignIn) -> None:
    """By all who come, until a day: with a mail, a reminder and a list for administrators; near the workshop they are asked again."""
    sokha, vann, bo = place.accepted(), place.accepted("Vann Chea"), place.invited("Bo")
    with at(30), unit_of_work():
        answering.confirm_again(sokha)
    admin, learner = signed_in(factories.person_of(place.admin)), signed_in(factories.person_of(sokha))
    before, base = len(kinds()), f"{place.base}/invitations"
    moved = replace(WORKSHOP, starts_on=date(2019, 12, 16), ends_on=date(2019, 12, 19), delete_on=date(2020, 1, 31), version=1)
    with at(1):
        with unit_of_work():
            assert placing.arrange(place.info.id, moved, place.viewer) == 3
        assert (kinds()[before:], state_of(sokha), state_of(bo)) == (["changed"] * 3, State.ACCEPTED, State.INVITED)
        asked = [mail.text for mail in mails()[before:]]
        assert sum("confirm by Friday 25 October 2019, 23:59 (Asia/Singapore) that you come on these days" in text for text in asked) == 2
        assert sum("accept or decline by Thursday 24 October 2019" in text for text in asked) == 1
        assert "2 have not confirmed again to come" in admin.get(f"{base}/").text
        listed = admin.get(f"{base}/?state=not+confirmed+yet").text
        assert re.findall(r"<bdi>([A-Z]\w+ \w+)</bdi></a></th>", listed) == ["Sokha Pov", "Vann Chea"]
        assert "2019-10-25 23:59" in admin.get(f"{base}.csv?state=not+confirmed+yet").text
        assert "Asked to confirm again" in admin.get(f"{base}/{sokha}").text
        assert "The days of the workshop have changed" in learner.get(f"{place.base}/invitation").text
        assert learner.post(f"{place.base}/invitation/confirm").status_code == 302
    assert state_of(sokha) == State.CONFIRMED
    for days in (9, 10):  # the first is two days before the time is over
        with at(days, hours=12):
            run(tasks.SWEEP)
    with at(13):
        assert "The time to do so is over" in admin.get(f"{base}/").text
        waiting = {queue.label: queue.count for queue in reporting.queues(place.viewer, place.info)}
        assert waiting["Have not confirmed again"] == 1
        with unit_of_work():
            answering.confirm_again(vann, place.viewer)
    assert kinds()[before + 3 :].count("unconfirmed") == 1
    with at(56, hours=1):  # a week before the new days
        run(tasks.SWEEP)
        run(tasks.SWEEP)
        assert (state_of(sokha), state_of(vann)) == (State.ACCEPTED, State.ACCEPTED)
        with unit_of_work():
            answering.confirm_again(sokha)
    with at(60, hours=1):
        run(tasks.SWEEP)
    assert kinds()[before + 3 :].count("asked-again") == 3
    assert state_of(sokha) == State.CONFIRMED


def test_what_is_not_asked_again(place: Place) -> None:
    """Another place, or days that move once it has begun; an invitation is answered before the new days at the latest."""
    sokha, bo = place.accepted(), place.invited("Bo")
    with unit_of_work():
        placing.arrange(place.info.id, replace(WORKSHOP, place="Bangkok", version=1), place.viewer)
    assert "confirm" not in mails()[-2].text
    early = replace(WORKSHOP, place="Bangkok", starts_on=date(2019, 10, 20), freeze_on=date(2019, 10, 16), version=2)
    with unit_of_work():
        placing.arrange(place.info.id, early, place.viewer)
    due = select(Invitation.enrolment_id, Invitation.answer_by, Invitation.confirm_by).order_by(Invitation.id)
    last = datetime(2019, 10, 19, 15, 59, 59, tzinfo=UTC)
    assert [tuple(row) for row in db.session.execute(due)] == [(sokha, DEADLINE, last), (bo, last, None)]
    with at(0), unit_of_work():
        answering.confirm_again(sokha)
    with at(7), unit_of_work():
        placing.arrange(place.info.id, replace(early, ends_on=date(2019, 11, 22), version=3), place.viewer)
    assert state_of(sokha) == State.CONFIRMED


def test_whoever_leaves_the_edition_leaves_a_seat(place: Place) -> None:
    """After selection, too, whether proposed, invited or coming; nobody else of theirs is touched."""
    people = [place.proposed("Ana"), place.invited("Bo"), place.accepted("Chan"), place.accepted("Dara")]
    with unit_of_work():
        for number in people[:3]:
            db.session.get_one(Enrolment, number).state = EnrolmentState.WITHDRAWN
        assert placing.invite(place.info.id, DEADLINE, place.viewer) == 0
    run(tasks.SWEEP)
    assert [state_of(number) for number in people] == [State.DECLINED] * 3 + [State.ACCEPTED]


def test_a_seat_goes_to_a_reserve(place: Place) -> None:
    """The first who gave one up is replaced first; a reserve without a place in the edition is passed over."""
    seats, (bo, chan) = 2, (place.invited("Bo"), place.invited("Chan"))
    gone, eko, fay = place.learner("Gone", state=EnrolmentState.WITHDRAWN), place.learner("Eko"), place.learner("Fay")
    queue = line_up(gone, eko, fay)
    with unit_of_work():
        assert reserves.fill(place.info.id, seats, queue, place.viewer) == ()
        answering.decline(chan)
        assert reserves.fill(place.info.id, seats, queue, place.viewer) == (eko,)
        assert reserves.fill(place.info.id, seats, queue, place.viewer) == ()
    assert (state_of(bo), state_of(chan), state_of(eko)) == (State.INVITED, State.REPLACED, State.PROPOSED)
    rows = select(Invitation.enrolment_id).where(
        Invitation.id == select(Invitation.instead_of_id).where(Invitation.enrolment_id == eko).scalar_subquery()
    )
    assert db.session.scalars(rows).one() == chan
    assert kinds() == ["invited", "invited", "declined"]


def test_reserves_are_invited_at_once_where_the_workshop_says_so(place: Place) -> None:
    """With as many days to answer as is usual; never after the workshop has begun."""
    bo, eko, fay = place.invited("Bo"), place.learner("Eko"), place.learner("Fay")
    with unit_of_work():
        placing.arrange(place.info.id, replace(WORKSHOP, automatic=True, version=1))
        answering.decline(bo)
        assert reserves.fill(place.info.id, 1, line_up(eko, fay)) == (eko,)
    assert kinds() == ["invited", "declined", "invited"]
    assert "by Thursday 24 October 2019" in mails()[-1].text
    with at(35), unit_of_work():
        answering.decline(eko)
        assert reserves.fill(place.info.id, 1, line_up(fay)) == ()


def test_an_entry_for_calendars() -> None:
    """All days of the workshop, and what calendars need to show a change in its place."""
    raw = calendar([entry(replace(WORKSHOP, version=3), "w1@here", "https://example.org/")], "Workshop", NOW)
    lines = raw.decode().split("\r\n")
    assert {"DTSTART;VALUE=DATE:20191118", "DTEND;VALUE=DATE:20191122", "SEQUENCE:3", "DTSTAMP:20191014T020000Z"} <= {*lines}
    assert {"UID:w1@here", "LOCATION:Singapore\\, Harbour Hall", "URL:https://example.org/"} <= {*lines}


@pytest.mark.parametrize("ids", [[], [0], [2**62]])
def test_nobody_is_proposed_by_numbers_that_are_nobodys(place: Place, ids: list[int]) -> None:
    """They are left out."""
    with unit_of_work():
        assert placing.put_forward(place.info.id, ids) == ()
