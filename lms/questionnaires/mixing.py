"""Answers on their way: sealed as long as a questionnaire is open, and kept so that none can be told from the others.

A row of a database shows which transaction wrote it, and rows lie in the order of writing. So each answer that arrives has many of
those that wait written anew together with it, and as many receipts: where one transaction has written a receipt and an answer,
it has written others, too. What was written can be read with the installation's secret key alone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from lms.core.db import db
from lms.core.errors import Conflict
from lms.core.sealing import SealError, seal_bytes, unseal_bytes
from lms.questionnaires import rules
from lms.questionnaires.models import AnswerSheet, Envelope, Receipt

PURPOSE = "questionnaires.answers"
TOGETHER = 30
LENGTHS = 2048  # an envelope's length is a multiple of this, so that it does not tell how much was written


def put_in(row_id: int, enrolment_id: int, facts: dict[str, Any]) -> None:
    """Take a receipt and an answer in, among others; the questionnaire's row is held for writing."""
    db.session.execute(insert(Receipt).values(questionnaire_id=row_id, enrolment_id=enrolment_id))
    people = [enrolment_id, *db.session.scalars(_some(Receipt.enrolment_id, row_id))]
    again = update(Receipt).where(Receipt.questionnaire_id == row_id, Receipt.enrolment_id.in_(people))
    db.session.execute(again.values(questionnaire_id=row_id), execution_options={"synchronize_session": False})
    others = db.session.scalars(_some(Envelope.id, row_id)).all()
    taken = delete(Envelope).where(Envelope.id.in_(others)).returning(Envelope.sealed)
    _write(Envelope, row_id, [{"sealed": _sealed(row_id, facts)}, *({"sealed": one} for one in db.session.scalars(taken))])


def _some(column: Any, row_id: int) -> Any:
    return select(column).where(column.class_.questionnaire_id == row_id).order_by(func.random()).limit(TOGETHER)


def _write(model: type[AnswerSheet | Envelope], row_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows in the order of fresh random numbers."""
    found = sorted(({"id": secrets.token_hex(16), "questionnaire_id": row_id, **row} for row in rows), key=lambda row: row["id"])
    if found:
        db.session.execute(insert(model), found)


def _sealed(row_id: int, facts: dict[str, Any]) -> bytes:
    plain = json.dumps(facts).encode()
    return seal_bytes(plain.ljust(-(-len(plain) // LENGTHS) * LENGTHS), PURPOSE, row_id)


def take_out(row_id: int) -> None:
    """Open all that waits and write it down in random order; raise `Conflict` where the key is another one."""
    taken = delete(Envelope).where(Envelope.questionnaire_id == row_id).returning(Envelope.sealed)
    try:
        found = [json.loads(unseal_bytes(one, PURPOSE, row_id)) for one in db.session.scalars(taken)]
    except SealError as error:
        message = "The answers can't be opened: the installation's secret key is not the one of the day on which they were given."
        raise Conflict(message) from error
    told = rules.may_split(rules.sizes(one["gender"] for one in found).values())
    _write(AnswerSheet, row_id, [one if told else {**one, "gender": rules.REST} for one in found])
