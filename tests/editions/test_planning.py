"""What may be planned and what an open edition may be changed into: tables, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lms.editions.rules import differences, faults, outside, shifted, taken_away
from lms.editions.values import ModuleDays
from tests.editions.factories import START, plan

DAY = timedelta(days=1)
OWN = (2, 3)


def fields(found: Any) -> list[str]:
    """Name the fields that have faults."""
    return [field for field, _ in found]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"slug": "a"}, []),
        ({"slug": "x" * 61}, ["slug"]),
        ({"slug": "Small"}, ["slug"]),
        ({"slug": "a--b"}, ["slug"]),
        ({"slug": "../etc"}, ["slug"]),
        ({"slug": ""}, ["slug"]),
        ({"zone": "Asia/Atlantis"}, ["zone"]),
        ({"zone": "../../etc/passwd"}, ["zone"]),
        ({"ends_on": START, "schedule": {}}, []),
        ({"ends_on": START - DAY, "schedule": {}}, ["ends_on"]),
        ({"registration_closes_at": plan().registration_opens_at}, ["registration_closes"]),
        ({"attempts": 1}, []),
        ({"attempts": 0}, ["attempts"]),
        ({"attempts": 101}, ["attempts"]),
        ({"pass_mark": Decimal(100)}, []),
        ({"pass_mark": Decimal("100.1")}, ["pass_mark"]),
        ({"pass_mark": Decimal(-1)}, ["pass_mark"]),
        ({"schedule": {"module1": (0, None)}}, []),
        ({"schedule": {"module1": (34, 34)}}, []),
        ({"schedule": {"module1": (34, 35)}}, ["closes_module1"]),
        ({"schedule": {"module1": (35, None)}}, ["opens_module1"]),
        ({"schedule": {"module1": (-1, 3)}}, ["opens_module1"]),
        ({"schedule": {"module1": (0, 1000)}}, ["closes_module1"]),
        ({"schedule": {"module1": (5, 4)}}, ["closes_module1"]),
    ],
)
def test_what_may_be_planned(change: dict[str, Any], wrong: list[str]) -> None:
    """Each fault belongs to the field that it is mended in."""
    assert fields(faults(plan(**change))) == wrong


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ({}, {"title": "Another title"}, []),
        ({}, {"slug": "other"}, ["slug"]),
        ({}, {"starts_on": START - DAY}, ["starts_on"]),
        ({}, {"starts_on": START + DAY}, ["starts_on"]),
        ({}, {"zone": "Asia/Yangon"}, ["zone"]),
        ({}, {"pass_mark": Decimal(40)}, ["pass_mark"]),
        ({}, {"demo": False}, ["demo"]),
        ({}, {"ends_on": date(2027, 10, 30)}, []),
        ({}, {"ends_on": date(2027, 9, 28)}, ["ends_on"]),
        ({}, {"registration_opens_at": plan().registration_opens_at - DAY}, []),
        ({}, {"registration_opens_at": plan().registration_opens_at + DAY}, ["registration_opens"]),
        ({}, {"registration_closes_at": plan().registration_closes_at + DAY}, []),
        ({}, {"registration_closes_at": plan().registration_closes_at - DAY}, ["registration_closes"]),
        ({}, {"countries": ("KH", "VN", "LA")}, []),
        ({}, {"countries": ()}, []),
        ({}, {"countries": ("KH",)}, ["countries"]),
        ({"countries": ()}, {"countries": ("KH",)}, ["countries"]),
        ({}, {"attempts": 3}, []),
        ({}, {"attempts": 2}, ["attempts"]),
        ({"attempts": 2}, {"attempts": 1}, ["attempts"]),
        ({"attempts": 2}, {"attempts": None}, []),
        ({"attempts": 3}, {"attempts": None}, ["attempts"]),
        ({}, {"schedule": {"module1": (0, 14), "module2": (6, None)}}, []),
        ({}, {"schedule": {"module1": (1, 13), "module2": (7, 19)}}, ["opens_module1", "closes_module2"]),
        ({"schedule": {"module1": (0, None)}}, {"schedule": {"module1": (0, 30)}}, ["closes_module1"]),
    ],
)
def test_an_open_edition_takes_nothing_away(before: dict[str, Any], after: dict[str, Any], wrong: list[str]) -> None:
    """The course's quizzes allow two attempts, and three."""
    first = plan(**before)
    assert fields(taken_away(first, replace(first, **after), OWN)) == wrong


def test_a_change_is_put_on_record_with_what_was_before() -> None:
    """A pass mark that is written otherwise is none."""
    after = plan(title="New", pass_mark=Decimal("50.000000"), schedule={"module1": (0, 20), "module2": (7, 20)})
    assert differences(plan(), after) == {
        "title": ["Edition of 2027", "New"],
        "schedule": [{"module1": [0, 13], "module2": [7, 20]}, {"module1": [0, 20], "module2": [7, 20]}],
    }


def test_a_clone_moves_with_its_start() -> None:
    """By days of the zone: across the change of the clocks midnight stays midnight."""
    first = plan(zone="Europe/Zurich", registration_opens_at=datetime.fromisoformat("2027-06-01T00:00+02:00"))
    moved = shifted(first, "next", "Next", date(2028, 2, 1))
    assert (moved.slug, moved.title, moved.ends_on - moved.starts_on) == ("next", "Next", first.ends_on - first.starts_on)
    assert moved.registration_opens_at == datetime.fromisoformat("2027-11-07T00:00+01:00")
    assert (moved.schedule, moved.countries, moved.pass_mark) == (first.schedule, first.countries, first.pass_mark)


def test_modules_outside_the_dates() -> None:
    """Those that the edition has no days for are at the course's."""
    modules = [ModuleDays("a", "1 A", 0, 10), ModuleDays("b", "2 B", 11, None), ModuleDays("c", "3 C", 50, 60)]
    assert outside(modules, {"c": (1, 5)}, 10) == ["2 B"]
    assert outside(modules, {}, 60) == []
