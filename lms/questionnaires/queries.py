"""What pages, other features and reports read of questionnaires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, select

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.questionnaires import catalogue, rules
from lms.questionnaires.models import AnswerSheet, Questionnaire, Receipt
from lms.questionnaires.reading import INFO, SHEET, info_of
from lms.questionnaires.rules import Answered
from lms.questionnaires.values import Info, Rate, Response, Sheet


def of_edition(edition_id: int) -> list[Info]:
    """List an edition's questionnaires in the order of time."""
    query = select(*INFO).where(Questionnaire.edition_id == edition_id)
    return [info_of(row) for row in db.session.execute(query.order_by(Questionnaire.opens_at, Questionnaire.id))]


def answered(enrolment_id: int, questionnaire_id: int) -> bool:
    """Tell whether somebody has answered: there is a receipt."""
    return db.session.get(Receipt, (questionnaire_id, enrolment_id)) is not None


def receipts(questionnaire_id: int) -> frozenset[int]:
    """List the enrolments of those who have answered."""
    return frozenset(db.session.scalars(select(Receipt.enrolment_id).where(Receipt.questionnaire_id == questionnaire_id)))


def mine(enrolment_id: int, edition_id: int) -> list[tuple[Info, bool]]:
    """List what somebody is asked, from the day it opens, each with whether it is answered; what can be answered now comes first."""
    now = clock.now()
    begun = [found for found in of_edition(edition_id) if found.opens_at <= now]
    if not begun:
        return []
    done = set(db.session.scalars(select(Receipt.questionnaire_id).where(Receipt.enrolment_id == enrolment_id)))
    names = {found.audience for found in begun if found.id not in done}
    asked = {name for name in names if catalogue.includes(edition_id, name, enrolment_id)}
    found = [(one, one.id in done) for one in begun if one.audience in asked or one.id in done]
    return sorted(found, key=lambda pair: pair[1] or pair[0].closes_at <= now)


def waiting(enrolment_id: int, edition_id: int) -> list[Info]:
    """List what somebody can answer now in an edition and has not; who is asked is looked up for what is left alone."""
    now = clock.now()
    done = exists().where(Receipt.questionnaire_id == Questionnaire.id, Receipt.enrolment_id == enrolment_id)
    query = select(*INFO).where(Questionnaire.edition_id == edition_id, Questionnaire.opens_at <= now, Questionnaire.closes_at > now, ~done)
    left = [info_of(row) for row in db.session.execute(query.order_by(Questionnaire.opens_at, Questionnaire.id))]
    asked = {name for name in {found.audience for found in left} if catalogue.includes(edition_id, name, enrolment_id)}
    return [found for found in left if found.audience in asked]


def response(found: Info) -> Response:
    """Count who is asked and who of them has answered."""
    asked = catalogue.members(found.edition_id, found.audience)
    return Response(len(receipts(found.id)), len({*asked, *receipts(found.id)}))


def responses(found: Sequence[Info]) -> dict[int, Response]:
    """Count the same for several questionnaires."""
    query = select(Receipt.questionnaire_id, Receipt.enrolment_id).where(Receipt.questionnaire_id.in_([one.id for one in found]))
    given: dict[int, set[int]] = {one.id: set() for one in found}
    for questionnaire_id, enrolment_id in db.session.execute(query):
        given[questionnaire_id].add(enrolment_id)
    asked = {key: catalogue.members(*key) for key in {(one.edition_id, one.audience) for one in found}}
    return {one.id: Response(len(given[one.id]), len(given[one.id].union(asked[one.edition_id, one.audience]))) for one in found}


def names(enrolments: Iterable[int], most: int) -> list[tuple[int, str]]:
    """Give the names of some enrolments by person, in the order of names, and at most so many."""
    query = select(Person.id, Person.name).join(Enrolment, Enrolment.person_id == Person.id).where(Enrolment.id.in_([*enrolments]))
    return [(row.id, row.name) for row in db.session.execute(query.order_by(Enrolment.search_key, Enrolment.id).limit(most))]


def told(found: Iterable[Info]) -> list[Answered]:
    """Read the answers of those questionnaires that are over and were answered by enough to be shown."""
    over = [one for one in found if one.sealed]
    query = select(AnswerSheet.questionnaire_id, *SHEET).where(AnswerSheet.questionnaire_id.in_([one.id for one in over]))
    by_id: dict[int, list[Sheet]] = {one.id: [] for one in over}
    for number, *row in db.session.execute(query.order_by(AnswerSheet.id)) if over else ():
        by_id[number].append(Sheet(*row))
    return [(one, by_id[one.id]) for one in over if rules.publishable(len(by_id[one.id]))]


def satisfaction(edition_id: int, template: str, by: str = "") -> list[Rate]:
    """Give the satisfaction that the questionnaires of a template tell: all in one, or by 'aspect', 'module', 'day' or 'gender'."""
    return rules.totals(told(one for one in of_edition(edition_id) if one.template == template), by)
