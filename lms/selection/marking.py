"""What administrators put down of single candidates: that they must or must not be selected, and values by criteria."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import delete, select

from lms.core import audit, clock
from lms.core.db import db, upsert
from lms.core.domain import Enrolment
from lms.core.errors import Invalid, NotFound
from lms.core.viewer import Viewer
from lms.selection import candidates
from lms.selection.commands import require_open
from lms.selection.models import CriterionScore, SelectionMark
from lms.selection.values import Criterion, Source


def require_candidate(edition_id: int, enrolment_id: int) -> None:
    """Raise `NotFound` unless somebody is a candidate of the edition."""
    if db.session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment_id, *candidates.eligible(edition_id))) is None:
        message = "There is no such candidate in this edition."
        raise NotFound(message)


def mark(edition_id: int, enrolment_id: int, by: Viewer, *, must: bool, reason: str) -> None:
    """Put down that a candidate must, or must not, be selected in every run from now on."""
    require_open(edition_id)
    require_candidate(edition_id, enrolment_id)
    if not reason.strip():
        message = "Please say why."
        raise Invalid(message, field="reason")
    values = {"edition_id": edition_id, "must": must, "reason": reason, "by_id": by.person_id, "at": clock.now()}
    db.session.execute(upsert(SelectionMark, {"enrolment_id": enrolment_id}, values))
    action = "selection.pin" if must else "selection.exclude"
    audit.record(by, action, "enrolment", enrolment_id, edition_id=edition_id, words=reason)


def free(edition_id: int, enrolment_id: int, by: Viewer) -> None:
    """Let points and quotas decide about a candidate again."""
    require_open(edition_id)
    own = SelectionMark.edition_id == edition_id, SelectionMark.enrolment_id == enrolment_id
    if db.session.scalar(select(SelectionMark.id).where(*own)) is None:
        message = "Nobody has put down that this candidate must or must not be selected."
        raise NotFound(message)
    db.session.execute(delete(SelectionMark).where(*own))
    audit.record(by, "selection.free", "enrolment", enrolment_id, edition_id=edition_id)


def criteria(edition_id: int) -> dict[str, Criterion]:
    """Give the criteria whose values administrators put down."""
    found = candidates.current(edition_id)
    return {c.key: c for c in found[1].criteria if c.source == Source.NUMBER} if found else {}


def set_value(edition_id: int, enrolment_id: int, by: Viewer, key: str, value: Decimal) -> None:
    """Put down what a candidate is worth by a criterion; raise `Invalid`, naming the field."""
    require_open(edition_id)
    require_candidate(edition_id, enrolment_id)
    criterion = criteria(edition_id).get(key)
    if criterion is None:
        message = "There is no such criterion."
        raise Invalid(message, field="criterion")
    if not 0 <= value <= criterion.most:
        message = f"Please give a number from 0 to {criterion.most.normalize():f}."
        raise Invalid(message, field="value")
    own = {"edition_id": edition_id, "criterion": key, "enrolment_id": enrolment_id}
    db.session.execute(upsert(CriterionScore, own, {"value": value, "at": clock.now()}))
    audit.record(by, "selection.value", "enrolment", enrolment_id, edition_id=edition_id, criterion=criterion.label, value=str(value))
