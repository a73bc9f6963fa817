"""Answering once and without a trace, the end, reminders, and what other features and reports are told."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, literal_column, select
from sqlalchemy.exc import OperationalError

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.questionnaires import commands, figures, mixing, privacy, queries, reading, results, tasks
from lms.questionnaires.models import AnswerSheet, Envelope, Questionnaire, Receipt
from tests.core import factories
from tests.questionnaires.conftest import HOUR, Place, answer_all, over, sheet


def test_answers_are_taken_once_and_tied_to_nobody(place: Place) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    answer_all(found, [sokha], comment="Only I say this.")
    with pytest.raises(Conflict, match="can't be answered twice"), unit_of_work():
        commands.answer(found.id, sokha, sheet(found))
    assert queries.receipts(found.id) == {sokha}
    person = factories.person_of(sokha)
    waiting = db.session.scalars(select(Envelope)).one()
    assert b"Only I" not in waiting.sealed
    assert not db.session.scalars(select(AnswerSheet)).all(), "before the end nothing can be read"
    over(found)
    row = db.session.scalars(select(AnswerSheet)).one()
    told = json.dumps([row.id, row.questionnaire_id, row.given, row.gender, row.quotable, row.tags])
    assert "Only I" in told
    assert "@" not in told
    columns = {"id", "questionnaire_id", "given", "gender", "quotable", "tags"}
    assert {column.key for column in AnswerSheet.__table__.columns} == columns
    assert {column.key for column in Envelope.__table__.columns} == {"id", "questionnaire_id", "sealed"}
    assert {column.key for column in Receipt.__table__.columns} == {"questionnaire_id", "enrolment_id"}
    assert not db.session.scalar(select(func.count()).where(AuditEntry.about_id == person))


def test_no_transaction_has_written_one_receipt_and_one_answer(place: Place) -> None:
    """What PostgreSQL keeps of each row, the transaction that wrote it, fits everybody; SQLite's tables have no order of writing."""
    learners = place.learners(6)
    found = place.asked()
    known: set[str] = set()
    for count, enrolment in enumerate(learners, 1):
        answer_all(found, [enrolment], comment="x" * 100 * count)
        ids = set(db.session.scalars(select(Envelope.id)))
        assert len(ids) == count
        assert not ids & known, "all are written anew"
        known |= ids
    assert set(db.session.scalars(select(func.length(Envelope.sealed)))) == {mixing.LENGTHS + 28}
    for table in (Receipt.__table__, Envelope.__table__):
        if db.engine.dialect.name == "postgresql":
            assert len(set(db.session.scalars(select(literal_column("xmin::text")).select_from(table)))) == 1
        else:
            with pytest.raises(OperationalError, match="no such column"):
                db.session.execute(select(literal_column("rowid")).select_from(table))


def test_many_answers_are_mixed_with_some_of_the_others(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "TOGETHER", 3)
    found = place.asked()
    answer_all(found, place.learners(7))
    before = set(db.session.scalars(select(Envelope.id)))
    answer_all(found, place.learners(1))
    after = set(db.session.scalars(select(Envelope.id)))
    assert (len(after), len(after & before)) == (8, 4)
    over(found)
    assert len(reading.sheets(found.id)) == 8


def test_a_group_that_could_be_told_leaves_no_gender(place: Place) -> None:
    many, few = place.asked(), place.asked()
    women, men = place.learners(6), place.learners(6, "man")
    answer_all(many, [*women, *men])
    answer_all(few, [*women, men[0]])
    over(many)
    over(few)
    assert sorted(one.gender for one in reading.sheets(many.id)) == ["man"] * 6 + ["woman"] * 6
    assert {one.gender for one in reading.sheets(few.id)} == {""}


def test_answers_that_can_not_be_opened_stay(place: Place, ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another secret key one questionnaire waits, and the next is opened; with the right one nothing is lost."""
    (sokha,) = place.learners(1)
    first, second = place.asked(), place.asked()
    answer_all(first, [sokha])
    with clock.at(clock.now() + 2 * HOUR):
        monkeypatch.setitem(ctx.config, "SECRET_KEY", "another")
        tasks.sweep()
        assert [reading.info(found.id).sealed for found in (first, second)] == [False, True]
        with pytest.raises(Conflict, match="secret key"), unit_of_work():
            commands.seal(first.id)
        monkeypatch.undo()
        tasks.sweep()
    assert len(reading.sheets(first.id)) == 1


def test_who_may_answer_and_when(place: Place) -> None:
    (sokha,) = place.learners(1)
    now = clock.now()
    early = place.asked(opens_at=now + HOUR, closes_at=now + 2 * HOUR)
    found = place.asked()
    for enrolment, error in ((place.tutor, NotFound), (10**6, NotFound)):
        with pytest.raises(error), unit_of_work():
            commands.answer(found.id, enrolment, sheet(found))
    with pytest.raises(Conflict, match="not open yet"), unit_of_work():
        commands.answer(early.id, sokha, sheet(early))
    with pytest.raises(Invalid), unit_of_work():
        commands.answer(found.id, sokha, {})
    with clock.at(now + 2 * HOUR), pytest.raises(Conflict, match="closed"), unit_of_work():
        commands.answer(found.id, sokha, sheet(found))
    assert queries.receipts(found.id) == frozenset()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"template": "nothing"}, "template"),
        ({"audience": "nobody"}, "audience"),
        ({"closes_at": timedelta(hours=-3)}, "closes_at"),
        ({"opens_at": timedelta(hours=3)}, "closes_at"),
    ],
)
def test_what_can_not_be_asked(place: Place, changed: dict[str, Any], field: str) -> None:
    now = clock.now()
    facts: dict[str, Any] = {"template": "workshop-day", "audience": "learners", "opens_at": now - HOUR, "closes_at": now + HOUR}
    facts |= {name: now + value if isinstance(value, timedelta) else value for name, value in changed.items()}
    with pytest.raises(Invalid) as caught, unit_of_work():
        commands.create(place.edition, title="", **facts)
    assert caught.value.field == field


def test_the_end_opens_the_answers_and_once(place: Place) -> None:
    """The sweep ends what nobody has ended; then nobody answers any more, whatever the clock of a machine says."""
    *learners, late = place.learners(7)
    found = place.asked()
    answer_all(found, learners)
    tasks.sweep()
    assert not reading.info(found.id).sealed
    with clock.at(clock.now() + 2 * HOUR):
        tasks.sweep()
    after = {one.id for one in reading.sheets(found.id)}
    assert len(after) == 6
    with pytest.raises(Conflict, match="closed"), unit_of_work():
        commands.answer(found.id, late, sheet(found))
    with unit_of_work():
        commands.seal(found.id)
    assert {one.id for one in reading.sheets(found.id)} == after
    assert not db.session.scalars(select(Envelope)).all()


def test_what_is_over_stays_over(place: Place) -> None:
    found = place.asked()
    over(found)
    values = {"title": "Again", "opens_at": found.opens_at, "closes_at": clock.now() + HOUR}
    with pytest.raises(Conflict, match="late answers from early ones"), unit_of_work():
        commands.change(found.id, 2, values, found.items)
    with pytest.raises(Conflict, match="closed already"), unit_of_work():
        commands.close(found.id)


def test_questions_change_until_the_first_answer(place: Place) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    values = {"title": "Your day", "opens_at": found.opens_at, "closes_at": found.closes_at}
    with unit_of_work():
        commands.change(found.id, 1, values, found.items[:1])
    assert [item.key for item in reading.info(found.id).items] == ["day"]
    with pytest.raises(Conflict, match="since you opened"), unit_of_work():
        commands.change(found.id, 1, values, found.items)
    answer_all(reading.info(found.id), [sokha])
    with pytest.raises(Conflict, match="first answers"), unit_of_work():
        commands.change(found.id, 2, values, found.items)


def test_reminders_go_to_those_alone_who_are_silent(place: Place) -> None:
    sokha, mai = place.learners(2)
    found = place.asked()
    answer_all(found, [sokha])
    with unit_of_work():
        assert commands.remind(found.id, factories.viewer_of(place.tutor)) == 1
    assert db.session.scalars(select(OutgoingMail.person_id)).all() == [factories.person_of(mai)]
    with pytest.raises(Conflict, match="within six hours"), unit_of_work():
        commands.remind(found.id)
    assert db.session.scalar(select(Questionnaire.reminded_at)) is not None


def test_satisfaction_by_aspect_day_and_gender(place: Place) -> None:
    women, men = place.learners(5), place.learners(6, "man")
    first, second = place.asked(day=1), place.asked(day=2)
    few = place.asked(day=3)
    answer_all(first, women, 5)
    answer_all(first, men, 4)
    answer_all(second, [*women, *men[:4]], 3)
    answer_all(few, women[:4], 1)
    for found in (first, second, few):
        over(found)
    days = queries.satisfaction(place.edition, "workshop-day", "day")
    assert [(rate.label, rate.share) for rate in days] == [("Day 1", Fraction(5 * 25 + 6 * 20, 11 * 25)), ("Day 2", Fraction(3, 5))]
    (whole,) = queries.satisfaction(place.edition, "workshop-day")
    assert (whole.given, whole.possible) == (125 + 120 + 9 * 15, 20 * 25)
    groups = queries.satisfaction(place.edition, "workshop-day", "gender")
    assert [(rate.label, rate.given, rate.possible) for rate in groups] == [("Women", 125, 125), ("Men", 120, 150)], "day 2 has four men"
    aspects = queries.satisfaction(place.edition, "workshop-day", "aspect")
    assert {rate.possible for rate in aspects} == {20 * 5}
    told = {figure.name: figure for figure in figures.figures(place.edition)}
    assert (told["satisfaction_days"].numerator, told["satisfaction_days"].denominator) == (380, 500)
    assert (told["satisfaction_days_response"].numerator, told["satisfaction_days_response"].denominator) == (24, 33)


def test_only_what_may_be_quoted_is_quoted(place: Place) -> None:
    learners, (agrees,) = place.learners(5), place.learners(1)
    found, few, still_open = place.asked(), place.asked(), place.asked()
    for one, others in ((found, learners), (few, learners[:3]), (still_open, learners)):
        answer_all(one, others, comment="Not for others.")
        with unit_of_work():
            commands.answer(one.id, agrees, sheet(one, comment="The best of weeks."), quotable=True)
    for one in (found, few):
        over(one)
    (annex,) = figures.annexes(place.edition)
    assert annex.rows == (("The best of weeks.", "How was it?"),)
    assert {"Not for others.", "The best of weeks."} == {comment.text for comment in results.results(reading.info(found.id)).comments}


def test_what_is_held_of_a_person(place: Place) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    answer_all(found, [sokha])
    person = factories.person_of(sokha)
    assert privacy.export(person) == {"answered": ["How was it?"]}
    with unit_of_work():
        privacy.erase(person)
    assert privacy.export(person) == {"answered": []}
    assert db.session.scalar(select(func.count()).select_from(Envelope)) == 1
    assert commands.begun(found.id), "the answer stays, and with it what was asked"
