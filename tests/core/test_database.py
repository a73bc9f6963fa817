"""One transaction a request; reads need none; exact numbers and aware moments go in and out unchanged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import Timer
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import bindparam, column, select, update
from sqlalchemy.exc import IntegrityError, PendingRollbackError, StatementError

from lms.core import db as database
from lms.core.db import Model, abandon, after_commit, db, unit_of_work
from lms.core.domain import Course, Person
from tests.core import factories
from tests.core.threads import at_once

pytestmark = pytest.mark.usefixtures("ctx")


_RENAME = update(Model.metadata.tables["courses"]).where(column("slug") == bindparam("of")).values(title=bindparam("title"))
_TITLES = select(Course.title).order_by(Course.slug)


def _fail() -> None:
    _ = 1 / 0


def _course(slug: str, pass_mark: str = "50") -> Course:
    return Course(slug=slug, title="T", short_title="S", summary="", pass_mark=Decimal(pass_mark), version="1")


def _slugs() -> list[str]:
    return list(db.session.scalars(select(Course.slug).order_by(Course.slug)))


def test_writing_needs_a_unit_of_work() -> None:
    """A stray write outside a unit of work is an error, not a surprise."""
    db.session.add(_course("stray"))
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        db.session.flush()
    db.session.rollback()
    assert _slugs() == []


def test_leaving_commits_and_raising_rolls_back() -> None:
    """Jobs put aside run only after the commit."""
    ran: list[str] = []
    with unit_of_work():
        db.session.add(_course("kept"))
        after_commit(lambda: ran.append("kept"))
        assert ran == []
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012 - the block is what must fail
        db.session.add(_course("lost"))
        after_commit(lambda: ran.append("lost"))
        db.session.flush()
        _ = 1 / 0
    assert _slugs() == ["kept"]
    assert ran == ["kept"]


def test_an_inner_unit_joins_the_outer() -> None:
    """What an inner unit wrote is undone with the outer one."""
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012 - the block is what must fail
        with unit_of_work():
            db.session.add(_course("inner"))
        _ = 1 / 0
    assert _slugs() == []


def test_an_abandoned_unit_commits_nothing() -> None:
    """After `abandon` nothing is written and no job runs, although no error is raised."""
    ran: list[str] = []
    with unit_of_work():
        db.session.add(_course("half"))
        after_commit(lambda: ran.append("half"))
        abandon()
    assert (_slugs(), ran) == ([], [])


def _rename(slug: str, title: str) -> None:
    """Write without the session."""
    assert database.change(_RENAME, of=slug, title=title) == 1


def test_what_passes_the_session_by_is_of_the_same_unit() -> None:
    """Rows of the session and statements that stand ready see each other, and are kept or undone together."""
    with unit_of_work():
        db.session.add(_course("c"))
        db.session.flush()
        _rename("c", "by statement")
        db.session.add(_course("d"))
        assert database.read(_TITLES).all() == [("by statement",), ("T",)]
    ends: tuple[Callable[[], None], ...] = (abandon, _fail)
    for fail in ends:
        with suppress(ZeroDivisionError), unit_of_work():
            db.session.add(_course(fail.__name__))
            db.session.flush()
            _rename("c", fail.__name__)
            fail()
            if fail is abandon:
                _rename("d", "after it was abandoned")
    assert database.read(_TITLES).all() == [("by statement",), ("T",)]
    assert db.session.scalars(_TITLES).all() == ["by statement", "T"]


def test_a_unit_without_the_session() -> None:
    """What only statements wrote is committed, or undone by an error, as well."""
    with unit_of_work():
        db.session.add(_course("c"))
    db.session.remove()
    with unit_of_work():
        _rename("c", "kept")
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012 - the block is what must fail
        _rename("c", "lost")
        _fail()
    assert not db.session.registry.has()
    assert database.read(_TITLES).all() == [("kept",)]
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        _rename("c", "stray")
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        database.change_all(_RENAME, [{"of": "c", "title": "stray"}])


def test_after_a_refused_row_nothing_is_committed() -> None:
    """Whoever goes on after an error of the database, without a savepoint, can't commit the rest."""
    with pytest.raises(PendingRollbackError), unit_of_work():  # noqa: PT012 - the end of the block is what must fail
        db.session.add(_course("c"))
        db.session.flush()
        db.session.add(_course("c"))
        with suppress(IntegrityError):
            db.session.flush()
    assert _slugs() == []
    with unit_of_work():
        db.session.add(_course("c"))
        db.session.flush()
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(_course("c"))
        _rename("c", "kept")
    assert database.read(_TITLES).all() == [("kept",)]


@pytest.mark.parametrize("mark", ["50", "49.99", "33.333333", "0", "100"])
def test_exact_decimals(mark: str) -> None:
    """A decimal of six places comes back as it went in, and compares exactly in the database."""
    with unit_of_work():
        db.session.add(_course("c", mark))
    assert db.session.scalar(select(Course.pass_mark)) == Decimal(mark)
    passes = db.session.scalar(select(Course.id).where(Course.pass_mark >= Decimal(50))) is not None
    assert passes == (Decimal(mark) >= 50)


def test_moments_are_aware_and_in_utc() -> None:
    """A moment in another zone comes back as the same moment in UTC; a naive one is refused."""
    moment = datetime(2019, 8, 26, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    person_id = factories.person(created_at=moment)
    stored = db.session.get_one(Person, person_id).created_at
    assert (stored, stored.tzinfo) == (moment, UTC)
    with pytest.raises(StatementError, match="has no time zone"):
        factories.person(created_at=datetime(2019, 8, 26))  # noqa: DTZ001 - that is the point


def test_reading_holds_no_transaction(ctx: Flask) -> None:
    """After a read, another connection can write at once: nothing is locked."""
    _slugs()
    with db.engine.begin() as other:
        other.exec_driver_sql("UPDATE courses SET title = title")
    assert ctx.name == "lms"


def test_writerstake_turns(ctx: Flask) -> None:
    """Nobody's transaction fails because others write at the same time."""

    def write() -> None:
        for _ in range(10):
            with unit_of_work():
                db.session.add(_course(uuid4().hex))

    at_once(ctx, 4, write)
    assert len(_slugs()) == 40


def test_a_turn_that_never_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits too long hears SQLite's own error; the connection waits for locks of other kinds as before."""
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.05)
    writer, waiting = (sqlite3.connect(tmp_path / "lms.db", isolation_level=None, check_same_thread=False) for _ in range(2))
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database.take_turn(waiting)
    monkeypatch.setattr(database, "WAIT_SECONDS", 10)
    Timer(0.05, lambda: writer.execute("COMMIT")).start()
    database.take_turn(waiting)
    assert waiting.in_transaction
    assert waiting.execute("PRAGMA busy_timeout").fetchall() == [(10_000,)]
    writer.close()
    waiting.close()
