"""Who can be selected in an edition, and what is known of them: the certified, their marks, their values by each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.certification.api import COURSE, holds
from lms.core.db import db, remembered
from lms.core.domain import Enrolment, EnrolmentState, Role
from lms.editions.api import countries_of
from lms.gradebook.api import Standing
from lms.selection import rules
from lms.selection.models import CriterionScore, MotivationScore, SelectionMark, SelectionRules
from lms.selection.problem import Problem
from lms.selection.values import Facts, Mark, Rules, Source, rules_from


def eligible(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions on `Enrolment` by which somebody is a candidate."""
    here = Enrolment.edition_id == edition_id, Enrolment.role == Role.LEARNER, Enrolment.state == EnrolmentState.CONFIRMED
    return *here, holds(COURSE)


def facts(edition_id: int, wanted: Rules, only: int | None = None) -> list[Facts]:
    """Read all candidates of an edition, or one, with their values."""
    values = _values(edition_id, wanted, only)
    query = select(Enrolment.id, Enrolment.country, Enrolment.gender, Enrolment.sector, Enrolment.institution, Standing.final)
    query = query.outerjoin(Standing, Standing.enrolment_id == Enrolment.id).where(*eligible(edition_id)).order_by(Enrolment.id)
    found = []
    for number, country, gender, sector, institution, final in db.session.execute(_only(query, Enrolment.id, only)):
        own = values.get(number, {})
        if final is not None and any(c.source == Source.AVERAGE for c in wanted.criteria):
            own = {"average": final, **own}
        found.append(Facts(number, country, gender, sector, institution, own))
    return found


def _values(edition_id: int, wanted: Rules, only: int | None) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = {}
    if any(criterion.source == Source.MOTIVATION for criterion in wanted.criteria):
        means = select(MotivationScore.enrolment_id, func.sum(MotivationScore.score), func.count())
        means = means.where(MotivationScore.edition_id == edition_id).group_by(MotivationScore.enrolment_id)
        for number, total, count in db.session.execute(_only(means, MotivationScore.enrolment_id, only)):
            found.setdefault(number, {})["motivation"] = rules.mean(total, count)
    keys = [criterion.key for criterion in wanted.criteria if criterion.source == Source.NUMBER]
    if keys:
        given = select(CriterionScore.enrolment_id, CriterionScore.criterion, CriterionScore.value)
        given = given.where(CriterionScore.edition_id == edition_id, CriterionScore.criterion.in_(keys))
        for number, key, value in db.session.execute(_only(given, CriterionScore.enrolment_id, only)):
            found.setdefault(number, {})[key] = value
    return found


def _only(query: Any, column: Any, only: int | None) -> Any:
    return query if only is None else query.where(column == only)


def current(edition_id: int) -> tuple[int, Rules] | None:
    """Give the rules that hold now, with their version; `None` as long as there are none. A page asks once, for all its parts."""
    found = remembered()
    key = current, edition_id
    if key not in found:
        query = select(SelectionRules.version, SelectionRules.body).where(SelectionRules.edition_id == edition_id)
        row = db.session.execute(query.order_by(SelectionRules.version.desc()).limit(1)).first()
        found[key] = (row.version, rules_from(row.body)) if row else None
    known: tuple[int, Rules] | None = found[key]
    return known


def marks(edition_id: int) -> list[Mark]:
    """List who must and must not be selected."""
    columns = (SelectionMark.enrolment_id, SelectionMark.must, SelectionMark.reason)
    query = select(*columns).where(SelectionMark.edition_id == edition_id).order_by(SelectionMark.enrolment_id)
    return [Mark(*row) for row in db.session.execute(query)]


def asked(edition_id: int, wanted: Rules, held: Sequence[Mark], found: Sequence[Facts]) -> Problem:
    """Give what the solver is asked of an edition."""
    return rules.problem(wanted, found, held, countries_of(edition_id))
