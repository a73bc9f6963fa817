"""A page that is asked for again comes at once, and never when it would be another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from lms.core import clock, memory
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Edition, Enrolment, EnrolmentState, Person, SignIn
from lms.core.viewer import edition_by_id
from lms.modules import commands, queries
from tests.core import factories

Made = list[str]
NOON = clock.day_starts(factories.someday(0), "UTC") + timedelta(hours=12)


@pytest.fixture
def made(ctx: Flask) -> Iterator[Made]:
    """Note each request that the application itself answers."""
    seen: Made = []

    def note(_: Flask, **__: object) -> None:
        seen.append("made")

    with request_started.connected_to(note, ctx):
        yield seen


class Reader:
    """A learner who has read the first lesson twice, so that its page is kept."""

    def __init__(self, course: Course, signed_in: Callable[[int], FlaskClient]) -> None:
        """Sign in and read."""
        self.edition_id = factories.edition(course.id)
        self.enrolment_id = factories.enrolment(self.edition_id)
        self.person_id = factories.person_of(self.enrolment_id)
        self.browser = signed_in(self.person_id)
        self.address = f"/e/{factories.slug_of(self.edition_id)}/modules/module1/first"
        for _ in range(3):
            assert self.ask().status_code == 200

    def ask(self, address: str = "") -> Any:
        """Ask for the lesson at noon."""
        with clock.at(NOON):
            return self.browser.get(address or self.address)


@pytest.fixture
def reader(course: Course, signed_in: Callable[[int], FlaskClient]) -> Reader:
    """Give a learner to whose lesson the answer is kept."""
    return Reader(course, signed_in)


def test_the_same_page_again(reader: Reader, made: Made, statements: Callable[[], Any]) -> None:
    """The answer that is sent again is the same to the byte, headers included, and costs what was read for it and no more."""
    with statements() as seen:
        again = reader.ask()
    assert made == []
    seen.at_most(2)
    memory.forget()
    anew = reader.ask()
    assert made == ["made"]
    assert (again.status, again.get_data(), [*again.headers]) == (anew.status, anew.get_data(), [*anew.headers])


def _ends_the_session(reader: Reader) -> None:
    db.session.execute(delete(SignIn).where(SignIn.person_id == reader.person_id))


def _session_runs_out(reader: Reader) -> None:
    db.session.execute(update(SignIn).where(SignIn.person_id == reader.person_id).values(expires_at=NOON - timedelta(seconds=1)))


def _loses_the_place(reader: Reader) -> None:
    db.session.execute(update(Enrolment).where(Enrolment.id == reader.enrolment_id).values(state=EnrolmentState.REJECTED))


def _starts_later(reader: Reader) -> None:
    db.session.execute(update(Edition).where(Edition.id == reader.edition_id).values(starts_on=factories.someday(30)))


@pytest.mark.parametrize(
    ("change", "status"), [(_ends_the_session, 302), (_session_runs_out, 302), (_loses_the_place, 403), (_starts_later, 403)]
)
def test_who_may_not_see_it_any_more(reader: Reader, change: Callable[[Reader], None], status: int) -> None:
    """A session that ended, an enrolment that was lost, a module that opens later: at once."""
    with unit_of_work():
        change(reader)
    assert reader.ask().status_code == status


def test_what_has_changed(reader: Reader) -> None:
    """A new name, a lesson marked as read, a new title: at once."""
    with unit_of_work():
        db.session.get_one(Person, reader.person_id).name = "Renamed Learner"
    assert "Renamed Learner" in reader.ask().text
    before = reader.ask().text
    with unit_of_work():
        commands.mark_read(reader.enrolment_id, queries.modules(edition_by_id(reader.edition_id))[0].lessons[0].id)
    assert reader.ask().text != before


def test_another_minute(reader: Reader, made: Made) -> None:
    """The page says what time it is, so in the next minute it is made anew."""
    with clock.at(NOON + timedelta(minutes=1)):
        later = reader.browser.get(reader.address).text
    assert made == ["made"]
    assert "12:01" in later


def test_a_message_is_shown_once(reader: Reader) -> None:
    """What is said once is not said again with the answer that is kept."""
    with clock.at(NOON):
        reader.browser.post(f"{reader.address}/read")
    second = reader.address.replace("first", "second")
    assert "is marked as read" in reader.ask(second).text
    for _ in range(3):
        assert "is marked as read" not in reader.ask(second).text


def test_somebody_else(reader: Reader, signed_in: Callable[[int], FlaskClient], made: Made) -> None:
    """Nobody is sent what was made for another, nor what is packed in a way that they don't take."""
    enrolment_id = factories.enrolment(reader.edition_id)
    other = signed_in(factories.person_of(enrolment_id))
    with clock.at(NOON):
        theirs = other.get(reader.address).text
    assert made == ["made"]
    assert theirs != reader.ask().text
    with clock.at(NOON):
        packed = reader.browser.get(reader.address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in reader.ask().headers


def _lose_connections() -> None:
    """End every connection to the database, as when its server restarts."""
    db.session.remove()
    engine = db.engine
    if engine.dialect.name == "postgresql":
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as other:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - our own words
        return
    for connection in [engine.raw_connection() for _ in range(engine.pool.checkedin())]:  # type: ignore[attr-defined]
        driver: Any = connection.dbapi_connection
        connection.close()
        driver.close()


def test_a_connection_that_is_lost(reader: Reader, made: Made) -> None:
    """The page, whether it is kept or made, and others come by new connections."""
    before = reader.ask().text
    _lose_connections()
    assert reader.ask().text == before
    _lose_connections()
    made.clear()
    assert reader.ask(reader.address.replace("first", "second")).status_code == 200
    assert made == ["made"]
    db.engine.dispose()
