"""The list of people where they are thousands: read by indexes, and a page costs what it does for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from lms.core import content, courses, memory
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, Person
from lms.gradebook.api import Standing, ensure_settled
from lms.people import lists
from lms.people.choice import Choice, begins
from tests.conftest import COURSE, empty
from tests.core import factories
from tests.people.conftest import Place, SignIn, make_place

COLUMN = {"name": "search_key", "joined": "created_at", "seen": "seen_at"}


@pytest.fixture(scope="module")
def crowded(app: Flask) -> Iterator[Place]:
    """Make an edition of thousands, among them one who is rare, once for all tests here: they only read it."""
    with app.app_context():
        courses.load_course(content.read_course(COURSE), app.extensions["lms"].content_parts)
        place = make_place(db.session.query(Course).one())
        place.learner("Rare", country="LA", gender="other", sector="academia")
        ensure_settled(place.info)
        crowd(place, 2000)
        db.session.remove()
    yield place
    with app.app_context():
        empty(db.engine)
        memory.forget()


@pytest.fixture
def ctx(app: Flask, crowded: Place) -> Iterator[Flask]:
    """Work inside the application's context; the edition of thousands stays."""
    with app.app_context():
        yield app
        assert db.session.get(Enrolment, crowded.admin), "somebody emptied the tables"
        db.session.remove()


def crowd(place: Place, count: int) -> None:
    """Put so many learners into the edition, who stand where the one stands that is there, for settling each takes its time."""
    person = {"password_hash": "x", "printed_name": "P", "country": "KH", "sector": "government", "institution": "M"}
    fact = {"edition_id": place.info.id, "state": "confirmed", "gender": "woman", "sector": "government", "institution": "M"}
    with unit_of_work():
        first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
        numbers = range(first, first + count)
        db.session.execute(insert(Person), [{**person, "id": n, "email": f"c{n}@example.org", "name": f"Crowd {n}"} for n in numbers])
        rows = [{**fact, "person_id": n, "country": ("KH", "SG")[n % 2], "search_key": f"crowd {n}"} for n in numbers]
        db.session.execute(insert(Enrolment), rows)
        own = {"enrolment_id": Enrolment.id, "country": Enrolment.country, "name_key": Enrolment.search_key}
        columns = {name: own.get(name, column) for name, column in Standing.__table__.columns.items() if name != "id"}
        stand = select(*columns.values()).where(Standing.edition_id == Enrolment.edition_id, Enrolment.person_id >= first)
        db.session.execute(insert(Standing).from_select([*columns], stand))
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SELECT setval('people_id_seq', :last)"), {"last": first + count})
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def test_a_page_of_many_costs_what_a_page_of_few_does(crowded: Place, signed_in: SignIn, statements: Callable[[], Any]) -> None:
    """However many people there are, and whatever is asked."""
    small = make_place(db.session.query(Course).one())
    small.learner()
    costs, pages = [], []
    for place in (small, crowded):
        admin = signed_in(factories.person_of(place.admin))
        admin.get(f"{place.base}/people/")
        with statements() as seen:
            pages.append(admin.get(f"{place.base}/people/?sort=-seen").text)
        costs.append(seen)
    assert ["more than 2,000" in page for page in pages] == [False, True]
    assert len(costs[0]) == len(costs[1])
    costs[1].at_most(6)


@pytest.mark.parametrize("sort", COLUMN)
def test_an_index_gives_the_order(crowded: Place, sort: str, statements: Callable[[], Any]) -> None:
    """A page in the middle of many is read from an index of the edition: nothing is sorted, nobody is passed over."""
    some = db.session.scalars(select(Enrolment.id).order_by(Enrolment.id).offset(1000)).first()
    with statements() as seen:
        lists.page(crowded.info, Choice(sort=sort), private=True, after=some)
    assert any(f"ORDER BY enrolments.{COLUMN[sort]}" in statement for statement in seen)
    steps = plan_of(crowded, sort)
    assert f"ix_enrolments_edition_id_{COLUMN[sort]}" in steps
    assert "TEMP B-TREE" not in steps
    assert "Sort Key" not in steps


def plan_of(crowded: Place, sort: str) -> str:
    """Explain the query for a page."""
    return explained(lists.rows(crowded.info, Choice(sort=sort), private=True).limit(51))


def explained(query: Any) -> str:
    """Ask the database how it will answer a query."""
    sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    word = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    with db.engine.connect() as connection:
        return "\n".join(str(row) for row in connection.exec_driver_sql(f"{word} {sql.replace('%', '%%')}"))


@pytest.mark.parametrize(
    "asked",
    [
        {"country": "LA"},
        {"gender": "other", "sector": "academia"},
        {"gender": "other", "activity": "away"},
        {"country": "LA", "stage": "passing"},
    ],
)
def test_few_are_found_by_an_index(crowded: Place, asked: dict[str, Any], statements: Callable[[], Any]) -> None:
    """Rare facts are looked up in the index that holds them all, and the page is read by those who were found."""
    choice = Choice(**asked)
    if db.engine.dialect.name == "sqlite":  # PostgreSQL weighs costs, and 2,000 people are few to it
        plan = explained(lists.some(crowded.info, choice, private=True))
        assert "ix_enrolments_facts" in plan
        assert "SCAN enrolments" not in plan
    with statements() as seen:
        page = lists.page(crowded.info, choice, private=True)
    assert any("enrolments.id IN (" in statement and "ORDER BY" in statement for statement in seen)
    assert page.total == len(page.lines)


@pytest.mark.usefixtures("ctx")
def test_the_beginning_of_an_address_is_found_by_an_index() -> None:
    """Nobody's address is passed over."""
    plan = explained(select(Person.id).where(begins("c77@")))
    index = {"sqlite": "sqlite_autoindex_people", "postgresql": "ix_people_email_begins"}[db.engine.dialect.name]
    assert index in plan
