"""Rate limits count right, across threads and windows, and keep no address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import clock, limits
from lms.core.db import db, unit_of_work
from lms.core.errors import TooMany
from lms.core.limits import RateLimit, spend
from tests.core.threads import at_once

NOW = clock.parse("2019-09-10T09:00:00+08:00")

pytestmark = pytest.mark.usefixtures("ctx")


def allowed(key: str, times: int = 3, seconds: int = 60) -> bool:
    """Tell whether one more use is allowed."""
    try:
        spend(key, times, seconds)
    except TooMany:
        return False
    return True


def test_a_window_begins_with_the_first_use() -> None:
    """So many uses, then none until the window is over, then the same again."""
    for start in (NOW, NOW + timedelta(seconds=60)):
        with clock.at(start):
            assert [allowed("k") for _ in range(5)] == [True] * 3 + [False] * 2
        with clock.at(start + timedelta(seconds=59)):
            assert not allowed("k")


def test_who_keeps_trying_does_not_wait_longer() -> None:
    """Refused uses don't move the end of the window, and it says how long it takes."""
    waits = []
    for second in (0, 10, 59):
        with clock.at(NOW + timedelta(seconds=second)):
            try:
                spend("k", 0, 60)
            except TooMany as error:
                waits.append(error.retry_after)
    assert waits == [60, 50, 1]


def test_keys_do_not_touch_each_other_and_are_not_kept() -> None:
    """A key that is used up leaves the next alone; the table holds hashes."""
    with clock.at(NOW):
        assert [allowed("sokha@example.org", 1) for _ in range(2)] == [True, False]
        assert allowed("chan@example.org", 1)
    assert [key for key in db.session.scalars(select(RateLimit.key)) if "example" in key] == []


def test_a_use_counts_also_when_the_request_fails() -> None:
    """The count is committed before the view runs, so an error doesn't give tries back."""
    with pytest.raises(ZeroDivisionError):
        _spend_then_break()
    assert db.session.scalar(select(RateLimit.count)) == 1


def _spend_then_break() -> None:
    spend("k", 3, 60)
    with unit_of_work():
        _ = 1 / 0


def test_many_at_once(ctx: Flask) -> None:
    """Of 8 uses at the same moment exactly the allowed 5 get through, in the first window and in the next."""
    assert sorted(at_once(ctx, 8, lambda: allowed("k", 5, 3600))) == [False] * 3 + [True] * 5
    with unit_of_work():
        db.session.scalars(select(RateLimit)).one().ends_at = clock.now() - timedelta(seconds=1)
    assert sorted(at_once(ctx, 8, lambda: allowed("k", 5, 3600))) == [False] * 3 + [True] * 5


def test_windows_that_are_over_are_forgotten() -> None:
    """The sweep leaves those that still run."""
    with clock.at(NOW):
        spend("old", 3, 60)
        spend("new", 3, 600)
    with clock.at(NOW + timedelta(seconds=61)):
        limits.sweep()
        assert db.session.scalar(select(func.count(RateLimit.id))) == 1
