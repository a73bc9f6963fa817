"""What commands and pages alike read: the rubric of an edition, and the scores that assessors gave for good."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from lms.casestudies import rules
from lms.casestudies.models import CaseGrading, CaseRubric
from lms.casestudies.rules import Criterion
from lms.core.db import db


@dataclass(frozen=True, slots=True)
class Rubric:
    """By what case studies are assessed; version 0 is the usual one."""

    criteria: tuple[Criterion, ...]
    version: int


def rubric(edition_id: int) -> Rubric:
    """Read the rubric of an edition."""
    row = db.session.execute(select(CaseRubric.criteria, CaseRubric.version).where(CaseRubric.edition_id == edition_id)).first()
    if row is None:
        return Rubric(rules.USUAL, 0)
    return Rubric(tuple(Criterion(kept["title"], tuple(kept["levels"])) for kept in row[0]), row[1])


def of(study_ids: Collection[int]) -> Mapping[int, tuple[Decimal, ...]]:
    """Give the scores of the final gradings, by case study; one without any is not among them."""
    query = select(CaseGrading.case_study_id, CaseGrading.levels).where(CaseGrading.final, CaseGrading.case_study_id.in_(study_ids))
    found: dict[int, tuple[Decimal, ...]] = {}
    for study_id, levels in db.session.execute(query.order_by(CaseGrading.id)):
        found[study_id] = (*found.get(study_id, ()), rules.score(levels))
    return found
