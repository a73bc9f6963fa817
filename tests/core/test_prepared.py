"""Statements that are run on the driver give what SQLAlchemy gives, and are seen by whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, literal, select, update
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound

from lms.core.db import change, db, read, unit_of_work
from lms.core.domain import Course, Edition, Person
from tests.core import factories

pytestmark = pytest.mark.usefixtures("ctx")

COLUMNS = (Edition.id, Edition.starts_on, Edition.pass_mark, Edition.registration_opens_at, Edition.schedule, Edition.demo)
IN_STATES = select(*COLUMNS).where(Edition.state.in_(bindparam("states", expanding=True)), Edition.demo.is_(False))
BY_SLUG = select(*COLUMNS, literal("seven")).where(Edition.slug == bindparam("slug"), Edition.id.in_([1, 2, 3, 4]))
EVERYBODY = select(Person.id)
RENAME = update(Course).where(Course.id == bindparam("course")).values(title=bindparam("title"))
BROKEN = select(Edition.id).where(Edition.slug.op("frobnicate")(bindparam("slug")))


def test_values_are_those_of_sqlalchemy() -> None:
    """Dates, exact decimals, moments and JSON, with constants and with lists of several lengths."""
    slug = factories.slug_of(factories.edition(demo=False))
    plain = db.session.execute(BY_SLUG, {"slug": slug}).all()
    assert [*read(BY_SLUG, slug=slug)] == [tuple(row) for row in plain]
    for states in (["draft"], ["open", "closed"], [], ["open", "closed", "draft"]):
        expected = [tuple(row) for row in db.session.execute(IN_STATES, {"states": states})]
        assert [*read(IN_STATES, states=states)] == expected, states
        assert len(expected) == ("open" in states)


def test_how_many_there_are_matters_where_one_is_wanted() -> None:
    """None and several are refused, as by SQLAlchemy."""
    with pytest.raises(NoResultFound):
        read(EVERYBODY).one()
    assert read(EVERYBODY).first() is None
    assert read(EVERYBODY).scalar() is None
    states = ["open", "draft", "closed"]
    factories.edition(demo=False)
    assert read(IN_STATES, states=states).scalar_one() == read(IN_STATES, states=states).one()[0]
    factories.edition(demo=False)
    with pytest.raises(MultipleResultsFound):
        read(IN_STATES, states=states).one()


def test_what_listens_to_statements_hears_of_them(statements: Callable[[], Any]) -> None:
    """One reading, one statement; inside a unit of work, too."""
    with statements() as seen:
        read(EVERYBODY)
        with unit_of_work():
            read(EVERYBODY)
            change(RENAME, course=1, title="Another")
    assert len(seen) == 3, seen


def test_a_change_is_part_of_the_unit_of_work() -> None:
    """It is undone with the rest, and tells how many rows it met."""
    course_id, title = factories.course(), "A course"
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012 - the block is what must fail
        assert change(RENAME, course=course_id, title="Another") == 1
        assert change(RENAME, course=course_id + 1, title="Another") == 0
        assert db.session.query(Course.title).scalar() == "Another"
        _ = 1 / 0
    assert db.session.query(Course.title).scalar() == title


def test_errors_are_sqlalchemys() -> None:
    """Whoever catches them need not know the driver, and the connection serves on."""
    with pytest.raises(DBAPIError):
        read(BROKEN, slug="x")
    assert read(EVERYBODY).all() == []
