"""When people may join, what comes next, what is due, and how activities are grouped: plain values, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.core.progress import Activity
from lms.editions.queries import deadlines, grouped, next_step
from lms.editions.rules import day_begins, day_ends, may_register

NOW = datetime(2019, 9, 10, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "opens", "closes", "open_now"),
    [
        ("open", -DAY, DAY, True),
        ("open", timedelta(0), DAY, True),
        ("open", -DAY, timedelta(0), False),
        ("open", -DAY, timedelta(seconds=1), True),
        ("open", timedelta(seconds=1), DAY, False),
        ("draft", -DAY, DAY, False),
        ("closed", -DAY, DAY, False),
    ],
)
def test_registration_has_a_beginning_and_an_end(state: str, opens: timedelta, closes: timedelta, open_now: bool) -> None:
    """From the first moment on, up to but not including the last, and only while the edition is open."""
    assert may_register(state, NOW + opens, NOW + closes, NOW) is open_now


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends"),
    [
        ("Asia/Singapore", 0, "2019-08-25T16:00:00+00:00", "2019-08-26T16:00:00+00:00"),
        ("Asia/Yangon", 7, "2019-09-01T17:30:00+00:00", "2019-09-02T17:30:00+00:00"),
        ("Europe/Zurich", 62, "2019-10-26T22:00:00+00:00", "2019-10-27T23:00:00+00:00"),
    ],
)
def test_days_of_an_edition(zone: str, day: int, begins: str, ends: str) -> None:
    """They count from the first, begin at midnight of the zone, and are as long as they are there."""
    start = date(2019, 8, 26)
    assert (day_begins(start, zone, day).isoformat(), day_ends(start, zone, day).isoformat()) == (begins, ends)


def activity(
    key: str, *, done: bool = False, url: str = "/x", opens: int | None = None, due: int | None = None, group: str = "m"
) -> Activity:
    """Make an activity that opens and is due so many days from now."""
    return Activity(
        "test",
        key,
        key,
        group=group,
        group_title=group.upper(),
        done=done,
        url=url,
        opens_at=None if opens is None else NOW + opens * DAY,
        due_at=None if due is None else NOW + due * DAY,
    )


@pytest.mark.parametrize(
    ("activities", "step"),
    [
        ([], None),
        ([activity("a", done=True), activity("b"), activity("c")], "b"),
        ([activity("a", opens=1), activity("b")], "b"),
        ([activity("a", opens=0)], "a"),
        ([activity("a", due=0), activity("b", due=1)], "b"),
        ([activity("a", url=""), activity("b")], "b"),
        ([activity("a", done=True), activity("b", opens=3), activity("c", due=-3)], None),
    ],
)
def test_the_next_step(activities: list[Activity], step: str | None) -> None:
    """The first thing that is open, not over, not done, and somewhere."""
    found = next_step(activities, NOW)
    assert (found.key if found else None) == step


def test_what_is_due() -> None:
    """The soonest first; what is done, over or without a date is left out."""
    items = [activity("late", due=9), activity("soon", due=1), activity("done", due=1, done=True)]
    items += [activity("over", due=0), activity("none")]
    assert [item.key for item in deadlines(items, NOW)] == ["soon", "late"]
    assert [item.key for item in deadlines([activity(str(n), due=n) for n in range(1, 9)], NOW)] == ["1", "2", "3", "4"]


def test_things_of_a_module_stand_together() -> None:
    """In the order in which modules first appear, whichever plugin reports them; what belongs to none is left out."""
    found = grouped(
        [
            activity("lesson1", group="m2", done=True),
            activity("lesson2", group="m1"),
            activity("alone", group=""),
            activity("quiz", group="m2"),
        ]
    )
    assert [(group.title, group.done, group.total) for group in found] == [("M2", 1, 2), ("M1", 0, 1)]
    assert [item.key for item in found[0].activities] == ["lesson1", "quiz"]
