"""The audit log: what was done in plain words, by whom and about whom; its filters, pages and file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import audit, clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Role
from lms.core.viewer import NOBODY, Viewer, edition_by_id
from lms.desk import acts
from tests.core import factories
from tests.gradebook.reading import tables

SignIn = Callable[[int], FlaskClient]
LMS = Path(__file__).parents[2] / "lms"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
CALL = re.compile(r"(?:audit\.)?(?:record|seen|_note)\(\s*[^,()]*(?:\([^()]*\))?[^,()]*,\s*\"([a-z_]+\.[a-z_]+)\"", re.DOTALL)


class House:
    """Two editions with staff and learners, and some acts in March."""

    def __init__(self) -> None:
        self.edition, self.other = factories.edition(zone="Asia/Singapore"), factories.edition()
        self.mira = self.person("Mira Adler", Role.ADMINISTRATOR)
        self.rosa = self.person("Rosa Lindqvist", Role.TUTOR)
        self.mai = self.person("Nguyễn Thị Mai", Role.LEARNER)
        self.base = f"/e/{factories.slug_of(self.edition)}/audit"

    def person(self, name: str, role: Role) -> int:
        """Give the edition somebody, by the enrolment."""
        return factories.enrolment(self.edition, factories.person(name=name), role=role)

    def act(self, by: int, action: str, day: int, *, edition: int | None = None, **detail: Any) -> None:
        """Let somebody of the staff act on Mai at noon, in UTC, of a day in March."""
        viewer = Viewer(person_id=factories.person_of(by), role=Role.TUTOR)
        with clock.at(NOON.replace(day=day)), unit_of_work():
            audit.record(viewer, action, "enrolment", self.mai, edition_id=edition or self.edition, **detail)


@pytest.fixture
def house(ctx: Flask) -> House:
    """Make them."""
    del ctx
    house = House()
    house.act(house.rosa, "people.note", 10)
    house.act(house.mira, "team.change", 11, before={"role": "learner", "modules": []}, role="tutor", modules=["module1", "module2"])
    house.act(house.rosa, "extension.grant", 12, hours=48, reason="<b>ឈឺ</b>", module=None)
    house.act(house.rosa, "people.note", 13, edition=house.other)
    with clock.at(NOON.replace(day=14)), unit_of_work():
        audit.record(NOBODY, "edition.close", "edition", house.edition, edition_id=house.edition)
    return house


@pytest.fixture
def admin(house: House, signed_in: SignIn) -> FlaskClient:
    """Give the browser of the edition's administrator."""
    return signed_in(factories.person_of(house.mira))


def listed(page: Any) -> list[list[str]]:
    """Give the rows of the log."""
    assert page.status_code == 200
    return (tables(page.text) or [[[]]])[0][1:]


def test_acts_are_told_in_words(house: House, admin: FlaskClient) -> None:
    """Who did what about whom, with details; newest first, in the edition's time, as text whatever was typed."""
    assert listed(admin.get(house.base)) == [
        ["2026-03-14 20:00", "the platform", "", "Closed an edition", "", ""],
        ["2026-03-12 20:00", "Rosa Lindqvist", "tutor", "Gave more time", "Nguyễn Thị Mai", "hours: 48; reason: <b>ឈឺ</b>"],
        [
            "2026-03-11 20:00",
            "Mira Adler",
            "tutor",
            "Changed a role",
            "Nguyễn Thị Mai",
            "before: role learner; role: tutor; modules: module1, module2",
        ],
        ["2026-03-10 20:00", "Rosa Lindqvist", "tutor", "Wrote a note to a learner", "Nguyễn Thị Mai", ""],
    ]


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"who": "lindqvist"}, [12, 10]),
        ({"who": "rosa lind", "action": "people.note"}, [10]),
        ({"whom": "nguyen mai"}, [12, 11, 10]),
        ({"whom": "rosa"}, []),
        ({"since": "2026-03-11", "until": "2026-03-12"}, [12, 11]),
        ({"since": "2026-03-14"}, [14]),
        ({"q": "ឈឺ"}, [12]),
        ({"q": "MODULE1"}, [11]),
        ({"q": "%"}, []),
        ({"who": "%", "whom": "\0"}, []),
        ({"action": "no.such", "since": "yesterday", "until": "2026-02-30", "before": "x"}, [14, 12, 11, 10]),
        ({"who": "nobody@example.org"}, []),
    ],
)
def test_filters(house: House, admin: FlaskClient, asked: dict[str, str], days: list[int]) -> None:
    """Each narrows the log, and the file has the same; what makes no sense counts as not said."""
    rows = listed(admin.get(house.base, query_string=asked))
    assert [int(row[0][8:10]) for row in rows] == days
    file = admin.get(f"{house.base}.csv", query_string=asked)
    assert list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))[1:] == rows


def test_whoever_is_in_a_file_is_found(house: House, admin: FlaskClient) -> None:
    """An act about many people is found by each of them."""
    base = house.base.removesuffix("/audit")
    admin.get(f"{base}/people.csv?role=learner")
    (row,) = listed(admin.get(house.base, query_string={"whom": "mai", "action": "people.export"}))
    assert row[3:5] == ["Took a list of people as a file", "1 person"]
    assert row[5].startswith("a list of people (CSV) with name")
    assert row[5].endswith("; only role learner")
    assert listed(admin.get(house.base, query_string={"whom": "rosa", "action": "people.export"})) == []


def test_taking_the_file_is_an_act(house: House, admin: FlaskClient) -> None:
    """It names the filter."""
    assert admin.get(f"{house.base}.csv?who=rosa").headers["Content-Disposition"].startswith("attachment; filename=audit-log-")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "audit.export")).one()
    assert (entry.detail, entry.edition_id) == ({"filter": {"who": "rosa"}}, house.edition)


def test_the_installation_sees_all_editions(house: House, signed_in: SignIn) -> None:
    """With a column for the edition."""
    page = signed_in(factories.person(administrator=True)).get("/desk/audit")
    rows = listed(page)
    assert len(rows) == 5
    assert {row[5] for row in rows} == {edition_by_id(house.edition).title, edition_by_id(house.other).title}


def test_who_may_read_it(house: House, signed_in: SignIn) -> None:
    """No tutor, no learner, no administrator of another edition."""
    stranger = factories.person_of(factories.enrolment(house.other, role=Role.ADMINISTRATOR))
    for who in (factories.person_of(house.rosa), factories.person_of(house.mai), stranger):
        for end in ("", ".csv"):
            assert signed_in(who).get(house.base + end).status_code == 403


def test_pages_follow_each_other(house: House) -> None:
    """Without a gap or a repetition, also where many acts are of one moment."""
    for _ in range(120):
        house.act(house.rosa, "people.note", 20)
    choice, zone = acts.Choice(), "UTC"
    everything = [act.id for act in acts.every_act(house.edition, zone, choice)]
    assert len(set(everything)) == len(everything) == 124
    found, before = [], None
    while True:
        page = acts.page(house.edition, zone, choice, before)
        found += [act.id for act in page.acts]
        before = page.before
        if before is None:
            break
    assert found == everything


def test_a_page_costs_few_statements(house: House, admin: FlaskClient, statements: Callable[[], Any]) -> None:
    for _ in range(60):
        house.act(house.rosa, "people.note", 20)
    admin.get(house.base)
    with statements() as seen:
        admin.get(f"{house.base}?who=rosa&whom=mai&action=people.note&since=2026-03-01&q=x")
    seen.at_most(3)


@pytest.mark.parametrize(
    ("choice", "index"),
    [
        (acts.Choice(), "ix_audit_entries_edition_id_at"),
        (acts.Choice(action="people.look"), "ix_audit_entries_edition_id_action_at"),
        (acts.Choice(since="2026-03-09", until="2026-03-10"), "_at"),
    ],
)
def test_an_index_gives_the_order(house: House, choice: acts.Choice, index: str) -> None:
    """However long the log is, no page of it is sorted."""
    for number in range(500):
        house.act(house.rosa, "people.note" if number % 50 else "people.look", 1 + number % 25)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    query = acts.rows(house.edition, "UTC", choice).limit(51)
    sql = str(query.compile(db.engine, compile_kwargs={"literal_binds": True})).replace("%", "%%")
    word = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    with db.engine.connect() as connection:
        steps = "\n".join(str(row) for row in connection.exec_driver_sql(f"{word} {sql}"))
    assert "TEMP B-TREE" not in steps
    if db.engine.dialect.name == "sqlite":
        assert index in steps


def test_every_act_has_words(ctx: Flask) -> None:
    """Whatever the code puts on record is told in words; and no words are kept for what it doesn't."""
    source = "\n".join(path.read_text() for path in sorted(LMS.rglob("*.py")) if path.parent.name != "migrations")
    words = ctx.extensions["lms"].acts
    recorded = set(CALL.findall(source))
    assert len(recorded) > 20
    assert recorded <= words.keys()
    assert [code for code in words if source.count(f'"{code}"') < 2] == []


def test_an_act_of_a_feature_that_is_gone(house: House, admin: FlaskClient) -> None:
    """It keeps its code."""
    house.act(house.rosa, "karaoke.sing", 21)
    assert listed(admin.get(house.base))[0][3] == "karaoke.sing"
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 6
