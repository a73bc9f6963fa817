"""Likely duplicates: found when an application comes, looked at by administrators, merged or remembered as different people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.api import retire
from lms.applications import likeness, looking
from lms.applications.deciding import application_of, studied
from lms.applications.likeness import Face
from lms.applications.looking import Full
from lms.applications.models import Application, Likeness
from lms.core import audit, clock
from lms.core.db import db, unit_of_work, upsert
from lms.core.domain import Edition, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Forbidden, NotFound
from lms.core.viewer import EditionInfo, Viewer

PROPOSED, DIFFERENT, MERGED = "proposed", "different", "merged"
MOST = 100
BATCH = 200
FURTHER = (
    EnrolmentState.WITHDRAWN,
    EnrolmentState.REJECTED,
    EnrolmentState.APPLIED,
    EnrolmentState.WAITLISTED,
    EnrolmentState.CONFIRMED,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two applications that may be of the same person."""

    id: int
    first: int
    second: int
    first_name: str
    second_name: str
    first_email: str
    second_email: str
    reasons: tuple[str, ...]


_FACE = (
    select(Enrolment.id, Enrolment.search_key, Person.email, Enrolment.country, Enrolment.institution)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.role == Role.LEARNER, Enrolment.state != EnrolmentState.WITHDRAWN, Person.merged_into_id.is_(None))
)


def compare(enrolment_id: int) -> None:
    """Look for applications of an edition that may be of the same person as this one; again changes nothing."""
    with unit_of_work():
        row = db.session.scalar(select(Application).where(Application.enrolment_id == enrolment_id, Application.compared_at.is_(None)))
        if row is None:
            return
        row.compared_at = clock.now()
        own = db.session.execute(_FACE.where(Enrolment.id == enrolment_id)).first()
        if own is not None:
            _propose(Face(*own), db.session.get_one(Enrolment, enrolment_id).edition_id)


def _propose(face: Face, edition_id: int) -> None:
    """Compare with those of the same country: who is the same person has said the same there, or is found by nobody."""
    others = _FACE.where(Enrolment.edition_id == edition_id, Enrolment.id != face.id, Enrolment.country == face.country)
    for row in db.session.execute(others):
        if why := [*likeness.reasons(face, Face(*row))]:
            first, second = sorted((face.id, row[0]))
            values = {"edition_id": edition_id, "reasons": why}
            db.session.execute(upsert(Likeness, {"first_id": first, "second_id": second}, values, {"reasons": why}))


def uncompared() -> Sequence[int]:
    """List applications that nobody has compared yet."""
    query = select(Application.enrolment_id).where(Application.compared_at.is_(None)).order_by(Application.id)
    return db.session.scalars(query.limit(BATCH)).all()


def _pairs() -> Select[*tuple[Any, ...]]:
    one, other, first, second = aliased(Enrolment), aliased(Enrolment), aliased(Person), aliased(Person)
    return (
        select(Likeness.id, one.id, other.id, first.name, second.name, first.email, second.email, Likeness.reasons)
        .join(one, one.id == Likeness.first_id)
        .join(other, other.id == Likeness.second_id)
        .join(first, first.id == one.person_id)
        .join(second, second.id == other.person_id)
        .order_by(Likeness.id)
    )


def proposals(edition_id: int, enrolment_id: int | None = None) -> list[Pair]:
    """List the pairs of an edition, or of one application, that nobody has decided about."""
    query = _pairs().where(Likeness.edition_id == edition_id, Likeness.state == PROPOSED)
    if enrolment_id is not None:
        query = query.where(or_(Likeness.first_id == enrolment_id, Likeness.second_id == enrolment_id))
    rows = (dict(zip(Pair.__dataclass_fields__, row, strict=True)) for row in db.session.execute(query.limit(MOST)))
    return [Pair(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]


def both(edition_id: int, likeness_id: int) -> tuple[Full, Full, tuple[str, ...]]:
    """Read both applications of a pair that nobody has decided about, and why they are one; raise `NotFound`."""
    query = select(Likeness.first_id, Likeness.second_id, Likeness.reasons).where(Likeness.id == likeness_id)
    row = db.session.execute(query.where(Likeness.edition_id == edition_id, Likeness.state == PROPOSED)).first()
    if row is None:
        message = "There is no such pair, or somebody has decided about it already."
        raise NotFound(message)
    return looking.full(edition_id, row[0]), looking.full(edition_id, row[1]), tuple(row[2])


def _held(edition: EditionInfo, viewer: Viewer, likeness_id: int, state: str) -> Likeness:
    db.session.execute(select(Edition.id).where(Edition.id == edition.id).with_for_update(read=True))
    row = db.session.get(Likeness, likeness_id, with_for_update=True, populate_existing=True)
    if row is None or row.edition_id != edition.id:
        message = "There is no such pair."
        raise NotFound(message)
    if row.state != PROPOSED:
        message = f"Somebody has decided about this pair already: {row.state}."
        raise Conflict(message)
    row.state, row.decided_at, row.decided_by_id = state, clock.now(), viewer.person_id
    return row


def different(edition: EditionInfo, viewer: Viewer, likeness_id: int) -> None:
    """Remember that two are different people."""
    row = _held(edition, viewer, likeness_id, DIFFERENT)
    for enrolment_id in (row.first_id, row.second_id):
        audit.record(viewer, "application.different", "enrolment", enrolment_id, edition_id=edition.id)


def merge(edition: EditionInfo, viewer: Viewer, likeness_id: int, keep: int) -> None:
    """Merge two accounts of one person into that of the enrolment to keep; raise `Conflict` or `Forbidden` with the reason.

    Its enrolment takes over a further state; enrolments of the other account elsewhere move to it; the other can't sign in any more.
    """
    row = _held(edition, viewer, likeness_id, MERGED)
    if keep not in {row.first_id, row.second_id}:
        message = "Please choose which of the two accounts to keep."
        raise Conflict(message)
    kept, gone = (db.session.get_one(Enrolment, number, with_for_update=True, populate_existing=True) for number in _ordered(row, keep))
    people = [db.session.get_one(Person, enrolment.person_id, with_for_update=True, populate_existing=True) for enrolment in (kept, gone)]
    _require_mergeable(viewer, edition, people)
    _require_one_coursework(kept, gone)
    _move(people[0], people[1])
    ids = {"kept": people[0].id, "gone": people[1].id}
    for enrolment, note in ((kept, f"{people[1].email} was merged into this account"), (gone, f"merged into {people[0].email}")):
        audit.record(viewer, "application.merge", "enrolment", enrolment.id, edition_id=edition.id, note=note, **ids)
    db.session.execute(_others_of(gone.id).values(state=MERGED, decided_at=clock.now(), decided_by_id=viewer.person_id))
    retire(people[1], people[0])


def _ordered(row: Likeness, keep: int) -> tuple[int, int]:
    return (row.first_id, row.second_id) if keep == row.first_id else (row.second_id, row.first_id)


def _others_of(enrolment_id: int) -> Any:
    about = or_(Likeness.first_id == enrolment_id, Likeness.second_id == enrolment_id)
    return Likeness.__table__.update().where(about, Likeness.state == PROPOSED)  # type: ignore[attr-defined]


def _require_mergeable(viewer: Viewer, edition: EditionInfo, people: Sequence[Person]) -> None:
    ids = [person.id for person in people]
    if any(person.administrator or person.merged_into_id for person in people):
        message = "Accounts of administrators, and those that were merged before, are not merged."
        raise Forbidden(message)
    staff = select(Enrolment.id).where(Enrolment.person_id.in_(ids), Enrolment.role != Role.LEARNER)
    if db.session.scalar(staff.limit(1)):
        message = "One of the two is on the team of an edition. Accounts of staff are not merged."
        raise Forbidden(message)
    elsewhere = select(Enrolment.id).where(Enrolment.person_id.in_(ids), Enrolment.edition_id != edition.id)
    if not viewer.administrator and db.session.scalar(elsewhere.limit(1)):
        message = "One of the two is in another edition too, so an administrator of the installation has to merge them."
        raise Forbidden(message)


def _require_one_coursework(kept: Enrolment, gone: Enrolment) -> None:
    worked = {row[0] for row in db.session.execute(select(Enrolment.id).where(Enrolment.id.in_((kept.id, gone.id)), studied(Enrolment.id)))}
    if worked == {kept.id, gone.id}:
        message = "Both have done coursework in this edition, and what both did can't be put together. They stay two accounts."
        raise Conflict(message)
    if gone.id in worked:
        message = "The account that would go has done coursework in this edition. Keep that one instead."
        raise Conflict(message)


def _move(kept: Person, gone: Person) -> None:
    """Move enrolments to the kept account; where both are in an edition, the kept one's takes over the further state."""
    own = {row.edition_id: row for row in _enrolments(kept.id)}
    for row in _enrolments(gone.id):
        there = own.get(row.edition_id)
        if there is None:
            row.person_id = kept.id
            continue
        _require_one_coursework(there, row)
        if FURTHER.index(EnrolmentState(row.state)) > FURTHER.index(EnrolmentState(there.state)):
            there.state, there.confirmed_at = row.state, row.confirmed_at
        row.state, row.confirmed_at = EnrolmentState.WITHDRAWN, None
        for enrolment in (there, row):
            said = application_of(enrolment.id)
            said.version += 1
    db.session.flush()


def _enrolments(person_id: int) -> Sequence[Enrolment]:
    query = select(Enrolment).where(Enrolment.person_id == person_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).all()
