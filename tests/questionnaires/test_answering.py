"""Answering once and without a trace, the end, reminders, and what other features and reports are told."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.mail import OutgoingMail
from lms.questionnaires import commands, figures, privacy, queries, reading
from lms.questionnaires.models import AnswerSheet, Questionnaire, Receipt
from tests.core import factories
from tests.questionnaires.conftest import HOUR, Place, answer_all, over, sheet


def test_answers_are_taken_once_and_tied_to_nobody(place: Place) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    answer_all(found, [sokha], comment="Only I say this.")
    with pytest.raises(Conflict, match="can't be answered twice"), unit_of_work():
        commands.answer(found.id, sokha, sheet(found))
    assert queries.receipts(found.id) == {sokha}
    row = db.session.scalars(select(AnswerSheet)).one()
    told = json.dumps([row.id, row.questionnaire_id, row.given, row.gender, row.quotable, row.tags])
    person = factories.person_of(sokha)
    assert {column.key for column in AnswerSheet.__table__.columns} == {"id", "questionnaire_id", "given", "gender", "quotable", "tags"}
    assert {column.key for column in Receipt.__table__.columns} == {"questionnaire_id", "enrolment_id"}
    assert "@" not in told
    assert not db.session.scalar(select(func.count()).where(AuditEntry.about_id == person))


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


def test_the_end_mixes_the_answers(place: Place) -> None:
    """No number of before is left, and the sweep ends what nobody has ended."""
    learners = place.learners(6)
    found = place.asked()
    answer_all(found, learners)
    before = set(db.session.scalars(select(AnswerSheet.id)))
    with unit_of_work():
        assert commands.seal_closed() == 0
    with clock.at(clock.now() + 2 * HOUR), unit_of_work():
        assert commands.seal_closed() == 1
    after = set(db.session.scalars(select(AnswerSheet.id)))
    assert len(after) == 6
    assert not before & after
    assert reading.info(found.id).sealed


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


def test_what_is_held_of_a_person(place: Place) -> None:
    (sokha,) = place.learners(1)
    found = place.asked()
    answer_all(found, [sokha])
    person = factories.person_of(sokha)
    assert privacy.export(person) == {"answered": ["How was it?"]}
    with unit_of_work():
        privacy.erase(person)
    assert privacy.export(person) == {"answered": []}
    assert db.session.scalar(select(func.count()).select_from(AnswerSheet)) == 1
