"""Asking, answering, opening the answers once it is over, reminding who has not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select

from lms.core import audit, clock, mail
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, Viewer, edition_by_id
from lms.questionnaires import catalogue, emails, mixing, rules
from lms.questionnaires.models import AnswerSheet, Envelope, Questionnaire, Receipt
from lms.questionnaires.reading import info
from lms.questionnaires.values import Info, Item

AGAIN = timedelta(hours=6)
KIND = "questionnaires.reminder"


def create(  # noqa: PLR0913, PLR0917 - each is a part of one thing
    edition_id: int,
    template: str,
    title: str,
    audience: str,
    opens_at: datetime,
    closes_at: datetime,
    module: str = "",
    day: int | None = None,
    by: Viewer = NOBODY,
) -> int:
    """Ask an audience, or those it concerns, what a template asks, and give the questionnaire's id; raise `Invalid`, naming the field."""
    found, whom = catalogue.require(edition_id, template, audience, day)
    _in_order(opens_at, closes_at)
    row = Questionnaire(
        edition_id=edition_id,
        template=template,
        title=title or found.title,
        minutes=found.minutes,
        audience=whom,
        module=module,
        day=day,
        items=rules.stored(found.items),
        opens_at=opens_at,
        closes_at=closes_at,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(by, "questionnaires.create", "questionnaire", row.id, edition_id=edition_id, title=row.title)
    return row.id


def _in_order(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        message = "It has to close after it opens."
        raise Invalid(message, field="closes_at")
    if closes_at <= clock.now():
        message = "This moment is over. Choose a later one."
        raise Invalid(message, field="closes_at")


def change(row_id: int, version: int, values: Mapping[str, Any], items: Sequence[Item], by: Viewer = NOBODY) -> None:
    """Change title and times until the end, and what is asked until the first answer; raise `Conflict` or `Invalid`."""
    row = _held(row_id)
    if row.version != version:
        message = "Somebody changed this since you opened the page. Open it again to see what is stored now."
        raise Conflict(message, field="version")
    if row.closes_at <= clock.now() or row.sealed_at is not None:
        message = "This questionnaire is closed: opening it again would tell late answers from early ones."
        raise Conflict(message)
    _in_order(values["opens_at"], values["closes_at"])
    if rules.stored(items) != row.items:
        if begun(row_id):
            message = "The first answers are here, so the questions can't be changed any more."
            raise Conflict(message, field="version")
        row.items = rules.stored(items)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    audit.record(by, "questionnaires.change", "questionnaire", row_id, edition_id=row.edition_id, title=row.title)


def close(row_id: int, by: Viewer = NOBODY) -> None:
    """End a questionnaire now; raise `Conflict` where it is over."""
    row = _held(row_id)
    if row.closes_at <= clock.now():
        message = "This questionnaire is closed already."
        raise Conflict(message)
    row.closes_at, row.opens_at, row.version = clock.now(), min(row.opens_at, clock.now()), row.version + 1
    audit.record(by, "questionnaires.close", "questionnaire", row_id, edition_id=row.edition_id, title=row.title)
    db.session.flush()
    _seal(row)


def _held(row_id: int) -> Questionnaire:
    row = db.session.get(Questionnaire, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        message = "There is no such questionnaire."
        raise NotFound(message)
    return row


def begun(row_id: int) -> bool:
    """Tell whether somebody has answered."""
    there = exists().where(Receipt.questionnaire_id == row_id) | exists().where(Envelope.questionnaire_id == row_id)
    return bool(db.session.scalar(select(there)))


def answer(row_id: int, enrolment_id: int, answers: Mapping[str, Any], *, quotable: bool = False) -> None:
    """Take somebody's answers, once: a receipt here, the answers there, and nothing that ties them.

    Raise `NotFound` for who is not asked, `Conflict` for who answered or where it is not open, `Invalid` for what can't be an answer.
    """
    row, found = _held(row_id), info(row_id)
    if not catalogue.includes(found.edition_id, found.audience, enrolment_id):
        message = "There is no such questionnaire for you."
        raise NotFound(message)
    if message := rules.obstacle(clock.now(), row.opens_at, row.closes_at, sealed=row.sealed_at is not None):
        raise Conflict(message)
    if wrong := rules.faults(found.items, answers):
        raise Invalid(next(iter(wrong.values())), field=next(iter(wrong)))
    if db.session.get(Receipt, (row_id, enrolment_id)) is not None:
        message = "You have answered this questionnaire. Thank you; it can't be answered twice."
        raise Conflict(message)
    gender = db.session.scalar(select(Enrolment.gender).where(Enrolment.id == enrolment_id)) or ""
    mixing.put_in(row_id, enrolment_id, {"given": dict(rules.given_of(answers)), "gender": rules.group(gender), "quotable": quotable})


def over() -> list[int]:
    """List the questionnaires whose end has come and whose answers are not opened yet."""
    query = select(Questionnaire.id).where(Questionnaire.sealed_at.is_(None), Questionnaire.closes_at <= clock.now())
    return list(db.session.scalars(query.order_by(Questionnaire.id)))


def seal(row_id: int) -> None:
    """Open and mix the answers of a questionnaire that is over, unless that is done; raise `Conflict` where they can't be opened."""
    row = _held(row_id)
    if row.sealed_at is None and row.closes_at <= clock.now():
        _seal(row)


def _seal(row: Questionnaire) -> None:
    mixing.take_out(row.id)
    row.sealed_at = clock.now()
    db.session.flush()


def tag(row_id: int, sheet_id: str, key: str, text: str, by: Viewer = NOBODY) -> None:
    """Put a word on a comment that is shown, such as 'materials'; an empty one takes it off."""
    row = db.session.get(AnswerSheet, sheet_id, with_for_update=True)
    people = db.session.scalar(select(func.count()).where(AnswerSheet.questionnaire_id == row_id)) or 0
    if row is None or row.questionnaire_id != row_id or not isinstance(row.given.get(key), str) or not rules.publishable(people):
        message = "There is no such comment."
        raise NotFound(message)
    row.tags = {**{name: word for name, word in row.tags.items() if name != key}, **({key: text} if text else {})}
    audit.record(by, "questionnaires.tag", "questionnaire", row_id, edition_id=info(row_id).edition_id, tag=text)


def remind(row_id: int, by: Viewer = NOBODY) -> int:
    """Write to who has not answered, and tell to how many; raise `Conflict` if that was done a moment ago, or it is not open."""
    row, found, now = _held(row_id), info(row_id), clock.now()
    if message := rules.obstacle(now, found.opens_at, found.closes_at):
        raise Conflict(message)
    if row.reminded_at is not None and row.reminded_at > now - AGAIN:
        message = "A reminder went out a short while ago. One within six hours is enough."
        raise Conflict(message)
    row.reminded_at = now
    count = _post(found, silent(found))
    audit.record(by, "questionnaires.remind", "questionnaire", row_id, edition_id=row.edition_id, title=row.title, people=count)
    return count


def silent(found: Info) -> list[int]:
    """List the enrolments of who is asked and has not answered."""
    answered = set(db.session.scalars(select(Receipt.enrolment_id).where(Receipt.questionnaire_id == found.id)))
    return [member for member in catalogue.members(found.edition_id, found.audience) if member not in answered]


def _post(found: Info, enrolments: Sequence[int]) -> int:
    edition = edition_by_id(found.edition_id)
    url = absolute_url("questionnaires.fill_in", edition=edition.slug, questionnaire=found.id)
    query = select(Person.id, Person.name, Person.email).join(Enrolment, Enrolment.person_id == Person.id)
    people = db.session.execute(query.where(Enrolment.id.in_(enrolments)).order_by(Enrolment.id)).all()
    rows = []
    for person_id, name, address in people:
        letter = emails.reminder(name, found.title, found.minutes, url)
        columns = {"subject": letter.subject, "text": letter.text, "html": letter.html, "kind": KIND}
        rows.append({"to": address, "person_id": person_id, "edition_id": edition.id, **columns})
    mail.post_many(rows)
    return len(rows)


def forget(enrolment_id: int) -> None:
    """Take somebody's receipts away; the answers are nobody's already."""
    db.session.execute(delete(Receipt).where(Receipt.enrolment_id == enrolment_id))

