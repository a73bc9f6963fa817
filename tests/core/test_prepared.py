"""Statements that are run on the driver give what SQLAlchemy gives, and are seen by whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, MultipleResultsFound, NoResultFound

from lms.core.db import Model, change, change_all, db, put, read, unit_of_work
from lms.core.domain import Course, Edition, Person
from lms.core.limits import RateLimit
from tests.core import factories

pytestmark = pytest.mark.usefixtures("ctx")

COLUMNS = (Edition.id, Edition.starts_on, Edition.pass_mark, Edition.registration_opens_at, Edition.schedule, Edition.demo)
IN_STATES = select(*COLUMNS).where(Edition.state.in_(bindparam("states", expanding=True)), Edition.demo.is_(False))
BY_SLUG = select(*COLUMNS, literal("seven")).where(Edition.slug == bindparam("slug"), Edition.id.in_([1, 2, 3, 4]))
EVERYBODY = select(Person.id)
RENAME = update(Course).where(Course.id == bindparam("course")).values(title=bindparam("title"))
INSERT = insert(Model.metadata.tables[RateLimit.__tablename__])
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


def test_rows_are_put_by_statements_that_stand_ready() -> None:
    """A row is inserted, updated, or kept as it is, with values of every kind; a column without a value takes its default."""
    ends = datetime(2019, 8, 26, 8, 30, tzinfo=UTC)
    with unit_of_work():
        put(RateLimit, {"key": "a"}, {"ends_at": ends, "count": 1})
        assert put(RateLimit, {"key": "a"}, {"count": 2, "ends_at": ends}, keep=True, give=("count", "ends_at")).one() == (1, ends)
        put(RateLimit, {"key": "a"}, {"ends_at": ends, "count": 3})
        change_all(INSERT, [{"key": name, "ends_at": ends, "count": len(name)} for name in ("bb", "ccc")])
    assert db.session.execute(select(RateLimit.key, RateLimit.count, RateLimit.ends_at).order_by(RateLimit.key)).all() == [
        ("a", 3, ends),
        ("bb", 2, ends),
        ("ccc", 3, ends),
    ]
    fields: dict[str, Any] = {"title": "T", "short_title": "S", "summary": "", "pass_mark": Decimal("50.5"), "version": "1"}
    with unit_of_work():
        given = put(Course, {"slug": "c"}, {**fields, "loaded_at": ends}, give=("language", "pass_mark", "loaded_at"))
        assert given.one() == ("en", Decimal("50.5"), ends)
    with pytest.raises(ValueError, match="anew each time"), unit_of_work():
        put(Course, {"slug": "d"}, fields)
    with pytest.raises(IntegrityError), unit_of_work():
        change_all(INSERT, [{"key": name, "ends_at": ends, "count": 1} for name in ("new", "a")])
    assert db.session.scalar(select(RateLimit.key).where(RateLimit.key == "new")) is None
