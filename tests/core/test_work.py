"""Work that must happen is done once, by whoever takes it, and again by others when that worker dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms.core import clock, work
from lms.core.db import db, unit_of_work
from lms.core.mail import OutgoingMail
from tests.core.threads import at_once

NOW = clock.parse("2019-09-10T09:00:00+08:00")


@pytest.fixture
def piece(ctx: Flask) -> int:
    """Store a piece of work that is due, and give its id."""
    del ctx
    return store()


def store() -> int:
    """Store a mail that nobody was told about."""
    with unit_of_work():
        row = OutgoingMail(to="a@example.org", kind="test", subject="S", text="T", html="H", due_at=NOW)
        db.session.add(row)
    return row.id


def state(work_id: int) -> tuple[str, int, str]:
    """Tell state, tries and last error of a piece of work."""
    row = db.session.get_one(OutgoingMail, work_id, populate_existing=True)
    return row.state, row.tries, row.last_error


def test_what_is_taken_is_taken(piece: int) -> None:
    """A second worker that comes for the same piece goes away."""
    with clock.at(NOW):
        assert [work.claim(OutgoingMail, piece) for _ in range(3)] == [True, False, False]
    assert state(piece) == (work.WAITING, 1, "")


@pytest.mark.parametrize("kind", [work.DONE, work.GIVEN_UP])
def test_what_is_over_is_not_taken(piece: int, kind: str) -> None:
    """Neither done work nor what was given up, whenever somebody asks; nor what isn't there."""
    with unit_of_work():
        db.session.get_one(OutgoingMail, piece).state = kind
    with clock.at(NOW + timedelta(days=400)):
        assert work.claim(OutgoingMail, piece) is False
        assert work.claim(OutgoingMail, piece + 1000) is False
        assert work.due(OutgoingMail) == []


def test_two_workers_at_once(ctx: Flask) -> None:
    """However close they come, one of them gets the piece."""
    for _ in range(15):
        with clock.at(NOW):
            piece = store()
        taken = at_once(ctx, 2, lambda piece=piece: work.claim(OutgoingMail, piece))  # type: ignore[misc]
        assert sorted(taken) == [False, True]
        assert state(piece)[1] == 1


def test_a_dead_workers_piece_is_due_again_after_its_lease(piece: int) -> None:
    """Not before a minute has passed, and at most a quarter later."""
    with clock.at(NOW):
        assert work.claim(OutgoingMail, piece)
    with clock.at(NOW + timedelta(seconds=59)):
        assert (work.due(OutgoingMail), work.claim(OutgoingMail, piece)) == ([], False)
    with clock.at(NOW + timedelta(seconds=75)):
        assert list(work.due(OutgoingMail)) == [piece]
        assert work.claim(OutgoingMail, piece)
    assert state(piece)[1] == 2


def test_pauses_grow_to_an_hour_and_differ() -> None:
    """Each at least twice the one before, a quarter of chance on top, so that workers don't come in step."""
    for tries, seconds in [(0, 60), (1, 120), (2, 240), (3, 480), (5, 1920), (6, 3600), (11, 3600), (1000, 3600)]:
        waits = [work.pause(tries).total_seconds() for _ in range(30)]
        assert all(seconds <= wait < seconds * 1.25 for wait in waits)
        assert len(set(waits)) > 1


def test_the_oldest_comes_first(ctx: Flask) -> None:
    """In the order in which work became due, up to a limit."""
    del ctx
    ids = [store() for _ in range(3)]
    with unit_of_work():
        db.session.get_one(OutgoingMail, ids[0]).due_at = NOW + timedelta(seconds=2)
        db.session.get_one(OutgoingMail, ids[1]).due_at = NOW + timedelta(days=1)
    with clock.at(NOW + timedelta(seconds=3)):
        assert list(work.due(OutgoingMail)) == [ids[2], ids[0]]
        assert list(work.due(OutgoingMail, limit=1)) == [ids[2]]


def test_failures_are_noted_and_end_at_the_number_given(piece: int) -> None:
    """The reason stays short; without a number there is always another try."""
    moment = NOW
    for tries in range(1, 4):
        with clock.at(moment):
            assert work.claim(OutgoingMail, piece)
            work.failed(OutgoingMail, piece, OSError("no line " * 200), tries=3)
        assert state(piece)[0] == (work.GIVEN_UP if tries == 3 else work.WAITING)
        moment += timedelta(hours=2)
    assert state(piece)[2].startswith("OSError: no line")
    assert len(state(piece)[2]) <= 500
    other = store()
    for _ in range(20):
        with clock.at(moment):
            assert work.claim(OutgoingMail, other)
            work.failed(OutgoingMail, other, ValueError("odd"))
        moment += timedelta(hours=2)
    assert state(other) == (work.WAITING, 20, "ValueError: odd")
