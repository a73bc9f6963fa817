"""More time for one learner or a country: what it lets them do, and who may give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Role
from lms.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from lms.core.viewer import Viewer, edition_by_id
from lms.editions import extensions
from lms.editions.api import close_edition, grant
from lms.editions.extensions import More, more_time
from tests.core import factories
from tests.core.threads import at_once
from tests.quizzes.factories import Learner, count_attempts, end_of_module, info, learner, start

STAFF = Viewer(role=Role.TUTOR)
TWO_DAYS = More(48, "The power was off.", "module1")


@pytest.fixture
def who(course: Course) -> Learner:
    """Enrol a learner whose first module closes in some days."""
    return learner(course.id)


@pytest.fixture
def late(who: Learner) -> Iterator[None]:
    """Let it be an hour after the first module has closed for all."""
    with clock.at(end_of_module(who) + timedelta(hours=1)):
        yield


def give(who: Learner, more: More = TWO_DAYS, **whom: Any) -> int:
    """Give more time, to the learner unless it is said to whom."""
    with unit_of_work():
        return grant(edition_by_id(who.edition), STAFF, more, **(whom or {"enrolment_id": who.enrolment}))


def more(who: Learner, module: str) -> extensions.MoreTime | None:
    """Tell how much more time a learner has in a module."""
    return more_time(edition_by_id(who.edition), who.enrolment)(module)


@pytest.mark.usefixtures("late")
def test_who_has_more_time_can_still_start(who: Learner) -> None:
    """Others can't; the attempt ends with the longer time, at the latest."""
    other = who.another()
    give(who)
    attempt = info(who, start(who))
    assert attempt.deadline is not None
    assert attempt.deadline <= end_of_module(who) + timedelta(hours=48)
    with pytest.raises(Conflict, match="last day is over"):
        start(other)
    with clock.at(end_of_module(who) + timedelta(hours=49)), pytest.raises(Conflict, match="last day is over"):
        start(who)


@pytest.mark.usefixtures("late")
def test_a_whole_country_has_more_time(who: Learner) -> None:
    """Its people can start, in the module that it is for; those of other countries can't."""
    other = Learner(who.base, who.edition, factories.enrolment(who.edition, country="SG"))
    give(who, country="KH")
    assert start(who)
    with pytest.raises(Conflict):
        start(other)
    assert more(who, "module2") is None


def test_of_several_exceptions_the_longest_holds(who: Learner) -> None:
    """They don't add up; one for all modules holds in each."""
    give(who, More(10, "a", "module1"))
    give(who, More(30, "b"), country="KH")
    give(who, More(20, "c", "module2"))
    assert [more(who, m) for m in ("module1", "module2")] == [extensions.MoreTime(timedelta(hours=30), "b")] * 2


@pytest.mark.usefixtures("late")
def test_what_is_withdrawn_holds_no_more(who: Learner) -> None:
    """But an attempt that is under way keeps its time."""
    extension = give(who)
    attempt = start(who)
    ends_at = info(who, attempt).deadline
    with unit_of_work():
        extensions.withdraw(edition_by_id(who.edition), STAFF, extension)
    assert more(who, "module1") is None
    assert info(who, attempt).deadline == ends_at
    with pytest.raises(Conflict, match="already"), unit_of_work():
        extensions.withdraw(edition_by_id(who.edition), STAFF, extension)
    assert list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == ["extension.grant", "extension.withdraw"]


def test_an_attempt_under_way_gets_the_longer_time(who: Learner) -> None:
    """It was begun ten minutes before the end; another learner's ends as it did."""
    other = who.another()
    with clock.at(end_of_module(who) - timedelta(minutes=10)):
        attempt, theirs = start(who), start(other)
        assert info(who, attempt).deadline == end_of_module(who)
        give(who)
        longer = info(who, attempt).deadline
    assert longer is not None
    assert longer > end_of_module(who)
    assert info(other, theirs).deadline == end_of_module(who)


@pytest.mark.usefixtures("late")
def test_the_closing_of_the_edition_ends_everything(who: Learner) -> None:
    give(who)
    attempt = start(who)
    with unit_of_work():
        close_edition(who.edition, STAFF)
    assert info(who, attempt).submitted_at is not None
    with pytest.raises(Conflict, match="over"):
        start(who)
    with pytest.raises(Conflict, match="closed"):
        give(who)


@pytest.mark.parametrize(
    ("more", "whom", "field"),
    [
        (replace(TWO_DAYS, hours=0), None, "hours"),
        (replace(TWO_DAYS, hours=-5), None, "hours"),
        (replace(TWO_DAYS, hours=2161), None, "hours"),
        (replace(TWO_DAYS, reason=" "), None, "reason"),
        (TWO_DAYS, {"country": "FR"}, "country"),
        (TWO_DAYS, {"country": ""}, "learner"),
        (TWO_DAYS, {"enrolment_id": 10**9}, "learner"),
        (TWO_DAYS, {"enrolment_id": 1, "country": "KH"}, "learner"),
    ],
)
def test_what_can_not_be_given(who: Learner, more: More, whom: dict[str, Any] | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        give(who, more, **(whom or {}))
    assert refused.value.field == field


def test_others_editions_are_out_of_reach(who: Learner, course: Course) -> None:
    """Neither somebody else's learner nor somebody else's exception."""
    stranger = learner(course.id)
    extension = give(stranger)
    with pytest.raises(Invalid):
        give(who, enrolment_id=stranger.enrolment)
    with pytest.raises(NotFound), unit_of_work():
        extensions.withdraw(edition_by_id(who.edition), STAFF, extension)


@pytest.mark.parametrize(("module", "allowed"), [("module1", True), ("module2", False), (None, False)])
def test_tutors_of_some_modules_give_time_in_those(who: Learner, module: str | None, allowed: bool) -> None:
    tutor = Viewer(role=Role.TUTOR, modules=("module1",))
    try:
        with unit_of_work():
            grant(edition_by_id(who.edition), tutor, replace(TWO_DAYS, module=module), enrolment_id=who.enrolment)
    except Forbidden:
        assert not allowed
    else:
        assert allowed


def test_two_who_withdraw_at_once(ctx: Flask, who: Learner) -> None:
    extension = give(who)
    edition = edition_by_id(who.edition)

    def withdraw() -> bool:
        try:
            with unit_of_work():
                extensions.withdraw(edition, STAFF, extension)
        except DomainError:
            return False
        return True

    assert sorted(at_once(ctx, 3, withdraw)) == [False, False, True]
    assert count_attempts(who) == 0
