"""Whether a run still stands on what there is: asked at every look at it, and so of the database, in one query."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, String, cast, func, literal, select, type_coerce

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.gradebook.api import Standing
from lms.selection import candidates, rules
from lms.selection.models import CriterionScore, MotivationScore, SelectionRun
from lms.selection.values import Rules, Source, rules_from

CELL, LINE = "\x1f", "\x1e"


def stamp(edition_id: int, wanted: Rules) -> str:
    """Give the SHA-256 of what some rules see of the candidates; it is only good for being taken again from the same database.

    The values are those of all who have any. Take it before reading what it is to stand for: what is written between the two differs.
    """
    sources = {criterion.source for criterion in wanted.criteria}
    parts = [_people(edition_id)]
    if Source.MOTIVATION in sources:
        parts.append(_motivations(edition_id))
    if Source.NUMBER in sources:
        parts.append(_numbers(edition_id, [c.key for c in wanted.criteria if c.source == Source.NUMBER]))
    found = db.session.execute(select(*parts)).one()
    return hashlib.sha256(LINE.join(f"{len(text or '')}{CELL}{text or ''}" for text in found).encode()).hexdigest()


def _people(edition_id: int) -> ScalarSelect[str]:
    facts = Enrolment.country, Enrolment.gender, Enrolment.sector, Enrolment.institution
    query = select(_line(Enrolment.id, *facts, type_coerce(Standing.final, BigInteger)))
    query = query.outerjoin(Standing, Standing.enrolment_id == Enrolment.id).where(*candidates.eligible(edition_id))
    return _together(query.order_by(Enrolment.id))


def _motivations(edition_id: int) -> ScalarSelect[str]:
    row = MotivationScore
    query = select(_line(row.enrolment_id, func.sum(row.score), func.count())).where(row.edition_id == edition_id)
    return _together(query.group_by(row.enrolment_id).order_by(row.enrolment_id))


def _numbers(edition_id: int, keys: list[str]) -> ScalarSelect[str]:
    row = CriterionScore
    query = select(_line(row.criterion, row.enrolment_id, type_coerce(row.value, BigInteger)))
    query = query.where(row.edition_id == edition_id, row.criterion.in_(keys))
    return _together(query.order_by(row.criterion, row.enrolment_id))


def _line(first: Any, *others: Any) -> ColumnElement[str]:
    line: ColumnElement[str] = cast(first, String)
    for column in others:
        line = line + literal(CELL) + func.coalesce(cast(column, String), "")
    return line.label("line")


def _together(query: Select[str]) -> ScalarSelect[str]:
    return select(func.aggregate_strings(query.subquery().c.line, LINE)).scalar_subquery()


def stale(run_id: int) -> bool:
    """Tell whether a run was made of other data, rules or marks than there are now."""
    row = SelectionRun
    columns = row.edition_id, row.rules, row.marks, row.stamp, row.fingerprint
    found: Sequence[Any] = db.session.execute(select(*columns).where(row.id == run_id)).one()
    edition_id, body, marks, known, fingerprint = found
    before, held = rules_from(body), candidates.marks(edition_id)
    _, wanted = candidates.current(edition_id) or (0, before)
    if not known:  # by an earlier version, which took none
        return rules.fingerprint(wanted, held, candidates.facts(edition_id, wanted)) != str(fingerprint)
    same: bool = wanted == before and [asdict(mark) for mark in held] == marks and stamp(edition_id, wanted) == known
    return not same
