"""Moments and days: one clock that can be set, and the same moment shown in each place's own time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.domain import Course, Role
from tests.core import factories

MOMENT = clock.parse("2019-09-10T09:00:00+08:00")


def test_the_clock_is_aware_and_can_be_held() -> None:
    """Inside the block it stands still, blocks nest, and afterwards it runs on."""
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with clock.at(MOMENT):
        assert (clock.now(), clock.now().tzinfo) == (MOMENT, UTC)
        with clock.at(MOMENT + timedelta(days=1)):
            assert clock.now() == MOMENT + timedelta(days=1)
        assert clock.now() == MOMENT
    assert clock.now().year > 2019


def test_a_held_clock_is_held_for_its_own_thread() -> None:
    """A rehearsal beside a running platform doesn't turn the platform back."""
    seen: list[datetime] = []
    with clock.at(MOMENT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2019


def test_a_process_can_start_at_another_moment() -> None:
    """From there its clock runs on."""
    try:
        clock.start_at(MOMENT)
        first = clock.now()
        assert MOMENT <= first < MOMENT + timedelta(seconds=5)
        assert clock.now() >= first
        with clock.at(MOMENT - timedelta(days=9)):
            assert clock.now() == MOMENT - timedelta(days=9)
    finally:
        clock.start_at(datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "utc"),
    [("2019-09-10T09:00:00+08:00", 1), ("2019-09-10T01:00Z", 1), ("2019-09-10 07:30:00+06:30", 1), ("2019-09-09T23:00:00-02:00", 1)],
)
def test_moments_are_read_with_their_offset(text: str, utc: int) -> None:
    """Whatever offset is written, the same moment is meant."""
    assert clock.parse(text) == datetime(2019, 9, 10, utc, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2019-09-10", "2019-09-10T09:00:00", "2019-13-01T00:00:00Z", "now", "10.9.2019"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Above all what leaves its offset out."""
    with pytest.raises(ValueError, match=r"."):
        clock.parse(text)


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        (date(2019, 8, 26), "Asia/Singapore", "2019-08-25T16:00:00+00:00"),
        (date(2019, 8, 26), "Asia/Yangon", "2019-08-25T17:30:00+00:00"),
        (date(2019, 8, 26), "UTC", "2019-08-26T00:00:00+00:00"),
        (date(2019, 3, 31), "Europe/Zurich", "2019-03-30T23:00:00+00:00"),
        (date(2019, 4, 1), "Europe/Zurich", "2019-03-31T22:00:00+00:00"),
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),
    ],
)
def test_a_day_begins_where_it_is(day: date, zone: str, utc: str) -> None:
    """Also on days when clocks change, even where midnight itself is left out."""
    assert clock.day_starts(day, zone).isoformat() == utc


def test_today_depends_on_the_place() -> None:
    """Late in the evening it is tomorrow already further east."""
    with clock.at(clock.parse("2019-08-25T23:50:00+06:30")):
        assert clock.today("Asia/Yangon") == date(2019, 8, 25)
        assert clock.today("Asia/Singapore") == date(2019, 8, 26)


# The same on pages


@pytest.fixture
def yangon(course: Course) -> tuple[str, int]:
    """Give an edition that starts in Singapore on 26 August 2019, and a learner in Yangon, an hour and a half behind."""
    edition_id = factories.edition(course.id, starts_on=date(2019, 8, 26), ends_on=date(2019, 9, 29), zone="Asia/Singapore")
    person_id = factories.person(zone="Asia/Yangon")
    factories.enrolment(edition_id, person_id)
    return f"/e/{factories.slug_of(edition_id)}", person_id


def test_a_module_opens_at_midnight_of_the_edition(yangon: tuple[str, int], signed_in: Callable[[int], FlaskClient]) -> None:
    """At 22:30 the day before in Yangon: a second earlier the page names that time, in the reader's zone."""
    base, person_id = yangon
    browser = signed_in(person_id)
    midnight = datetime(2019, 9, 2, tzinfo=ZoneInfo("Asia/Singapore"))
    with clock.at(midnight - timedelta(seconds=1)):
        refused = browser.get(f"{base}/modules/module2/first")
        assert refused.status_code == 403
        assert "opens on Sunday 1 September, 22:30 (Asia/Yangon)" in refused.text
        assert "Sunday 1 September, 22:30" in browser.get(f"{base}/dashboard").text
    with clock.at(midnight):
        assert browser.get(f"{base}/modules/module2/first").status_code == 200


def test_times_are_shown_in_the_readers_zone(yangon: tuple[str, int], signed_in: Callable[[int], FlaskClient]) -> None:
    """The machine-readable moment is the same for all; a reader without a zone of their own gets the edition's."""
    base, person_id = yangon
    edition_people = {"Asia/Yangon": person_id, "UTC": factories.person(zone="UTC", administrator=True)}
    with clock.at(clock.parse("2019-08-27T12:00:00+08:00")):
        pages = {zone: signed_in(person).get(f"{base}/modules/").text for zone, person in edition_people.items()}
    shown = {zone: re.findall(r'<time datetime="([^"]+)" title="([^"]+)">([^<]+)</time>', page) for zone, page in pages.items()}
    assert ("2019-09-01T16:00:00+00:00", "Asia/Yangon", "Sunday 1 September, 22:30") in shown["Asia/Yangon"]
    assert ("2019-09-01T16:00:00+00:00", "Asia/Singapore", "Monday 2 September, 00:00") in shown["UTC"]


def test_the_last_day_of_registration_belongs_to_the_edition(client: FlaskClient, course: Course) -> None:
    """Whoever looks without an account sees the edition's time."""
    edition_id = factories.edition(
        course.id,
        zone="Asia/Singapore",
        registration_opens_at=MOMENT - timedelta(days=9),
        registration_closes_at=clock.parse("2019-09-11T00:00:00+08:00"),
    )
    factories.enrolment(edition_id, role=Role.TUTOR)
    base = f"/e/{factories.slug_of(edition_id)}/"
    with clock.at(clock.parse("2019-09-10T23:59:59+08:00")):
        assert "open until" in client.get(base).text
        assert "Wednesday 11 September, 00:00" in client.get(base).text
    with clock.at(clock.parse("2019-09-11T00:00:00+08:00")):
        assert "open until" not in client.get(base).text
