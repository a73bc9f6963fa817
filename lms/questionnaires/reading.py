"""Reading questionnaires and answers into plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from lms.core.db import db
from lms.core.errors import NotFound
from lms.questionnaires import rules
from lms.questionnaires.models import AnswerSheet, Questionnaire
from lms.questionnaires.values import Info, Sheet

INFO = (
    Questionnaire.id,
    Questionnaire.edition_id,
    Questionnaire.template,
    Questionnaire.title,
    Questionnaire.minutes,
    Questionnaire.audience,
    Questionnaire.module,
    Questionnaire.day,
    Questionnaire.items,
    Questionnaire.opens_at,
    Questionnaire.closes_at,
    Questionnaire.sealed_at,
    Questionnaire.version,
)
SHEET = (AnswerSheet.id, AnswerSheet.given, AnswerSheet.gender, AnswerSheet.quotable, AnswerSheet.tags)


def info_of(row: Sequence[Any]) -> Info:
    """Make the value of a row of `INFO`."""
    facts = dict(zip((column.key for column in INFO), row, strict=True))
    items, sealed_at = facts.pop("items"), facts.pop("sealed_at")
    return Info(**facts, items=tuple(rules.item_of(item) for item in items), sealed=sealed_at is not None)


def info(questionnaire_id: int, edition_id: int | None = None) -> Info:
    """Read a questionnaire, of an edition if one is given; raise `NotFound`."""
    query = select(*INFO).where(Questionnaire.id == questionnaire_id)
    row = db.session.execute(query if edition_id is None else query.where(Questionnaire.edition_id == edition_id)).first()
    if row is None:
        message = "There is no such questionnaire."
        raise NotFound(message)
    return info_of(row)


def sheets(questionnaire_id: int) -> list[Sheet]:
    """Read the answers, in no order that tells anything."""
    query = select(*SHEET).where(AnswerSheet.questionnaire_id == questionnaire_id).order_by(AnswerSheet.id)
    return [Sheet(*row) for row in db.session.execute(query)]
