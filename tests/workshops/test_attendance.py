"""Marks from several hands: list, code, paper, devices; corrections, conflicts, walk-ins; who is not invited."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Invalid, NotFound
from lms.invitations.api import participant
from lms.workshops import attendance, days, desk, sheets
from lms.workshops.attendance import check_in, settle
from lms.workshops.models import Attendance, AttendanceMark
from lms.workshops.rules import How, Standing, State
from lms.workshops.values import Entry
from tests.core import factories
from tests.core.threads import at_once
from tests.workshops.factories import AFTER, DAYS, MORNING, Shop, acts


def code(shop: Shop, half: int = 0) -> str:
    return days.code_of(shop.half(half).id)


def test_a_typed_code_marks_present(shop: Shop) -> None:
    who = shop.participant()
    with unit_of_work():
        half, noted = check_in(shop.edition, who, f" {code(shop).lower()} ")
    assert (half.label, noted.state, noted.at) == ("Day 1, morning", State.PRESENT, MORNING)
    found = participant(who)
    assert found is not None
    assert found.state == "attended"


def test_a_code_typed_early_counts_from_the_opening(shop: Shop) -> None:
    who = shop.participant()
    opens = shop.half(0).opens_at
    with clock.at(opens - timedelta(minutes=9)):
        with unit_of_work():
            noted = check_in(shop.edition, who, code(shop))[1]
        assert noted.at == opens
        assert sheets.attendance(shop.edition).attended() == ()
        assert sheets.there_on(shop.edition, 1) == ()
    assert sheets.attendance(shop.edition).attended() == (who,)
    assert sheets.there_on(shop.edition, 1) == (who,)


@pytest.mark.parametrize(
    ("typed", "minutes", "words"),
    [("XXXXXX", 5, "not the code"), ("", 5, "not the code"), (None, -11, "too early"), (None, 300, "is over"), ("é\0٣", 5, "not the code")],
)
def test_codes_that_do_not_count(shop: Shop, typed: str | None, minutes: int, words: str) -> None:
    who = shop.participant()
    with clock.at(shop.half(0).opens_at + timedelta(minutes=minutes)), pytest.raises(Invalid, match=words), unit_of_work():
        check_in(shop.edition, who, code(shop) if typed is None else typed)


def test_nobody_who_is_not_invited_is_marked(shop: Shop) -> None:
    stranger, elsewhere = factories.enrolment(shop.edition), factories.enrolment(factories.edition())
    with pytest.raises(Invalid, match="not among the participants"):
        shop.mark(0, stranger)
    with pytest.raises(NotFound):
        shop.mark(0, elsewhere)
    with pytest.raises(Invalid, match="not among the participants"), unit_of_work():
        check_in(shop.edition, stranger, code(shop))


def test_corrections_take_a_reason_and_keep_the_history(shop: Shop) -> None:
    who = shop.participant()
    shop.mark(0, who)
    with pytest.raises(Invalid, match="marked as present already") as refused:
        shop.mark(0, who, State.ABSENT)
    assert refused.value.field == "reason"
    with pytest.raises(Invalid, match="why they are excused"):
        shop.mark(1, who, State.EXCUSED)
    shop.mark(0, who, State.EXCUSED, reason="Called to the office.")
    shop.mark(0, who, State.EXCUSED, reason="Called to the office.")  # once more changes nothing
    shop.mark(0, who, State.PRESENT, reason="It was somebody else.")
    past = sheets.history(shop.edition, who)
    assert [(one.state, one.reason, one.by) for one in past] == [
        ("present", "It was somebody else.", "Rosa Lindqvist"),
        ("excused", "Called to the office.", "Rosa Lindqvist"),
        ("present", "", "Rosa Lindqvist"),
    ]
    assert [act for act in acts() if act.startswith("attendance")] == ["attendance.mark", "attendance.correct", "attendance.correct"]


def test_who_never_came_after_a_correction_is_absent(shop: Shop) -> None:
    who = shop.participant()
    shop.mark(0, who)
    shop.mark(0, who, State.ABSENT, reason="It was somebody else.")
    found = participant(who)
    assert found is not None
    assert found.state == "absent"


def test_a_code_against_the_desk_waits_for_somebody(shop: Shop) -> None:
    who = shop.participant("Sokha Pov")
    shop.mark(0, who, State.ABSENT)
    with unit_of_work():
        noted = check_in(shop.edition, who, code(shop))[1]
    assert (noted.standing, noted.state) == (Standing.CONFLICT, State.ABSENT)
    (dispute,) = sheets.disputes(shop.edition)
    assert (dispute.name, dispute.stands, dispute.says, dispute.says_how) == ("Sokha Pov", "absent", "present", How.CODE)
    with pytest.raises(Invalid, match="how you know"), unit_of_work():
        settle(shop.edition, dispute.id, shop.viewer("tutor"), take=True, reason="")
    with unit_of_work():
        settle(shop.edition, dispute.id, shop.viewer("tutor"), take=True, reason="I see her.")
    assert sheets.marks_of(who)[shop.half(0).id].state == State.PRESENT
    assert sheets.disputes(shop.edition) == ()
    with pytest.raises(Conflict, match="decided that already"), unit_of_work():
        settle(shop.edition, dispute.id, shop.viewer("tutor"), take=False, reason="I see her.")


def test_what_stands_can_stay(shop: Shop) -> None:
    who = shop.participant()
    shop.mark(0, who, State.ABSENT)
    shop.mark(0, who, State.PRESENT, How.DEVICE, key="k")
    (dispute,) = sheets.disputes(shop.edition)
    with unit_of_work():
        settle(shop.edition, dispute.id, shop.viewer("tutor"), take=False, reason="The device was wrong.")
    assert sheets.marks_of(who)[shop.half(0).id].state == State.ABSENT


def sent(shop: Shop, *items: Any, lag: timedelta = timedelta(0)) -> list[tuple[str, str]]:
    with unit_of_work():
        return [(taken.what, taken.words) for taken in desk.take(shop.edition, json.dumps(items), shop.viewer("tutor"), lag=lag)]


def item(shop: Shop, enrolment: int, key: str = "a", **more: Any) -> dict[str, Any]:
    return {"key": key, "half_day": shop.half(0).id, "enrolment": enrolment, "state": "present", "at": "2019-10-29T09:01:00+08:00", **more}


def test_a_device_sends_the_same_twice(shop: Shop) -> None:
    who, other = shop.participant(), shop.participant()
    items = [item(shop, who), item(shop, other, "b", state="absent"), item(shop, 0, "c", name="Ko Aung", institution="A bank")]
    assert sent(shop, *items) == [("taken", ""), ("taken", ""), ("walk-in", "")]
    assert sent(shop, *items) == [("taken", ""), ("taken", ""), ("walk-in", "")]
    assert db.session.query(AttendanceMark).count() == 2
    assert [one.name for one in sheets.visitors(shop.edition)] == ["Ko Aung"]
    assert sent(shop, item(shop, other, "a"))[0][0] == "refused"


def test_a_device_that_says_otherwise_is_not_lost(shop: Shop) -> None:
    who = shop.participant()
    shop.mark(0, who, State.ABSENT)
    assert sent(shop, item(shop, who)) == [("conflict", "")]
    assert sent(shop, item(shop, who)) == [("conflict", "")]
    assert len(sheets.disputes(shop.edition)) == 1


def test_a_device_with_a_wrong_clock(shop: Shop) -> None:
    """It is put right by what the device says is now, and nothing is later than now."""
    who, other = shop.participant(), shop.participant()
    sent(shop, item(shop, who, at="2019-10-29T08:01:00+08:00"), lag=timedelta(hours=1))
    sent(shop, item(shop, other, "b", at="2031-10-29T08:01:00+08:00"))
    marks = {one.enrolment_id: one.at for one in db.session.query(Attendance)}
    assert marks == {who: MORNING - timedelta(minutes=2), other: MORNING}


ODD: list[dict[str, Any]] = [
    {"state": "asleep"},
    {"state": None},
    {"at": "yesterday"},
    {"at": "2019-10-29T09:01:00"},
    {"at": 7},
    {"enrolment": "7"},
    {"enrolment": True},
    {"enrolment": 2**70},
    {"half_day": 2**52},
    {"half_day": None},
    {"reason": "\0"},
    {"name": "x" * 300},
    {"name": ""},
    {"state": "excused"},
]


def test_marks_that_can_not_be_are_refused_and_keep_nothing_else_back(shop: Shop) -> None:
    who = shop.participant()
    odd = [item(shop, who, f"bad{number}") | more for number, more in enumerate(ODD)]
    *bad, good = sent(shop, *odd, item(shop, who, "good"))
    assert good == ("taken", "")
    assert [what for what, words in bad if words] == ["refused"] * len(ODD)


def test_what_no_device_sends_is_refused_whole(shop: Shop) -> None:
    viewer = shop.viewer("tutor")
    for text in ("", "{", "7", "{}", "[7]", '[{"key": 1}]', '[{"key": ""}]', '[{"key": "é"}]', "[" * 5000, f"[{'7,' * 1001}7]"):
        with pytest.raises(Invalid), unit_of_work():
            desk.take(shop.edition, text, viewer)


def test_a_walk_in_turns_out_to_be_somebody(shop: Shop) -> None:
    who = shop.participant()
    with unit_of_work():
        first, second = (desk.note_walk_in(shop.half(0).id, name, "", shop.viewer("tutor")) for name in ("Pov", "A driver"))
    with unit_of_work():
        desk.settle_walk_in(shop.edition, first, shop.viewer("tutor"), who)
        desk.settle_walk_in(shop.edition, second, shop.viewer("tutor"))
    assert sheets.marks_of(who)[shop.half(0).id].state == State.PRESENT
    assert sheets.visitors(shop.edition) == ()
    with pytest.raises(Conflict), unit_of_work():
        desk.settle_walk_in(shop.edition, first, shop.viewer("tutor"))


def test_two_mark_at_once(shop: Shop, ctx: Flask) -> None:
    """Exactly one state stands, and the other is told."""
    who = shop.participant()
    states = iter([State.PRESENT, State.ABSENT])
    by, half = shop.viewer("tutor"), shop.half(0).id

    def job() -> str:
        state = next(states)
        try:
            with unit_of_work():
                return attendance.record(Entry(half, who, state, How.LIST), by).standing
        except Invalid as error:
            return error.message

    found = sorted(at_once(ctx, 2, job))
    assert found[1] == "taken"
    assert "marked as" in found[0]
    assert db.session.query(Attendance).count() == 1


def test_days_are_changed_until_there_are_marks(shop: Shop, statements: Callable[[], Any]) -> None:
    codes = [code(shop, number) for number in range(8)]
    with unit_of_work():
        days.set_up(shop.edition, DAYS[:3], shop.viewer("admin"))
        shop.halves = days.set_up(shop.edition, DAYS, shop.viewer("admin"))
    assert [code(shop, number) for number in range(6)] == codes[:6]
    shop.mark(7, shop.participant())
    with pytest.raises(Conflict, match="marked already"), unit_of_work():
        days.set_up(shop.edition, DAYS[:3], shop.viewer("admin"))
    with pytest.raises(Invalid), unit_of_work():
        days.set_up(shop.edition, [], shop.viewer("admin"))
    with clock.at(AFTER), statements() as seen:
        sheets.attendance(shop.edition)
    seen.at_most(3)
