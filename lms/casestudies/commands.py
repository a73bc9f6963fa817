"""Writing about case studies: handing in, the rubric, grading, settling, releasing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from lms.casestudies import emails, rules, scores, slides
from lms.casestudies.models import CaseGrading, CaseRubric, CaseSlides, CaseStudy
from lms.casestudies.rules import Criterion
from lms.casestudies.values import Assessment, Text
from lms.core import clock, mail
from lms.core.audit import person_of, record
from lms.core.db import db, upsert
from lms.core.domain import Edition, Enrolment, Person
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.events import publish
from lms.core.progress import ScoreReleased
from lms.core.urls import absolute_url
from lms.core.viewer import Viewer
from lms.invitations.api import participant
from lms.modules.api import modules_of

NOT_COUNTED = "Workshop, not part of the average"
WHY = "The grades of the case studies were released."
RELEASED = "The grades are released, so this can't be changed any more."


def hand_in(edition_id: int, enrolment_id: int, text: Text, *, version: int = 0) -> int:
    """Hand a participant's case study in, or change it; `version` is the one that was seen, 0 for none."""
    _hold(edition_id, enrolment_id)
    if text.module not in {module.slug for module in modules_of(edition_id)}:
        message = "Please choose one of the modules."
        raise Invalid(message, field="module")
    row = db.session.scalars(select(CaseStudy).where(CaseStudy.enrolment_id == enrolment_id)).one_or_none()
    if (row.version if row else 0) != version:
        message = "Your case study was changed meanwhile, in another window. What is stored now is shown below your text."
        raise Conflict(message, field="version")
    if row is None:
        row = CaseStudy(edition_id=edition_id, enrolment_id=enrolment_id, module=text.module, title=text.title, summary=text.summary)
        db.session.add(row)
        db.session.flush()
        return row.id
    _not_released(row)
    row.module, row.title, row.summary = text.module, text.title, text.summary
    row.changed_at, row.version = clock.now(), row.version + 1
    return row.id


def _hold(edition_id: int, enrolment_id: int) -> None:
    """Keep two changes of one participant apart; raise `Forbidden` for who is none."""
    found = select(Enrolment.edition_id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)
    if db.session.scalar(found) != edition_id or participant(enrolment_id) is None:
        message = "Case studies are for those who come to the workshop."
        raise Forbidden(message)


def _not_released(row: CaseStudy) -> None:
    if row.released_at is not None:
        raise Conflict(RELEASED)


def put_slides(enrolment_id: int, name: str, body: bytes) -> None:
    """Keep the slides of somebody's case study in the place of those that were there."""
    row = db.session.scalars(select(CaseStudy).where(CaseStudy.enrolment_id == enrolment_id).with_for_update()).one_or_none()
    if row is None:
        message = "Please hand in a title and a summary first."
        raise Conflict(message)
    _not_released(row)
    values = {
        "kind": slides.kind_of(name, body),
        "size": len(body),
        "digest": hashlib.sha256(body).hexdigest(),
        "body": body,
        "uploaded_at": clock.now(),
    }
    db.session.execute(upsert(CaseSlides, {"case_study_id": row.id}, values))
    row.changed_at = clock.now()


def set_rubric(edition_id: int, viewer: Viewer, criteria: Sequence[Criterion], version: int) -> None:
    """Change the words of the rubric; `version` is the one that was seen, 0 for the usual one."""
    row = db.session.scalars(select(CaseRubric).where(CaseRubric.edition_id == edition_id).with_for_update()).one_or_none()
    if (row.version if row else 0) != version:
        message = "Somebody changed the rubric meanwhile. Please look at it again."
        raise Conflict(message, field="version")
    kept = [{"title": criterion.title, "levels": list(criterion.levels)} for criterion in criteria]
    values = {"criteria": kept, "version": version + 1}
    db.session.execute(upsert(CaseRubric, {"edition_id": edition_id}, values))
    record(viewer, "case.rubric", "edition", edition_id, edition_id=edition_id)


def grade(study_id: int, viewer: Viewer, wanted: Assessment) -> int:
    """Keep what an assessor finds, as a draft or for good."""
    study, author = _study(study_id, viewer)
    _not_released(study)
    criteria = len(scores.rubric(study.edition_id).criteria)
    if len(wanted.levels) != criteria or not all(0 <= level <= rules.LEVELS for level in wanted.levels):
        message = "Please choose one of the levels for each criterion."
        raise Invalid(message)
    if wanted.final and not rules.complete(wanted.levels, criteria):
        message = "Please choose a level for every criterion, or save a draft."
        raise Invalid(message, field="final")
    own = CaseGrading.case_study_id == study_id, CaseGrading.assessor_id == viewer.person_id
    row = db.session.scalars(select(CaseGrading).where(*own)).one_or_none()
    if (row.version if row else 0) != wanted.version:
        message = "You changed this grading meanwhile, in another window. Please look at it again."
        raise Conflict(message, field="version")
    row = row or CaseGrading(case_study_id=study_id, assessor_id=viewer.person_id or 0, version=0)
    row.levels, row.comment, row.final = list(wanted.levels), wanted.comment, wanted.final
    row.changed_at, row.version = clock.now(), wanted.version + 1
    db.session.add(row)
    db.session.flush()
    what = "case.grade" if wanted.final else "case.draft"
    record(viewer, what, "case study", study_id, edition_id=study.edition_id, about=person_of(author), levels=row.levels)
    return row.id


def _study(study_id: int, viewer: Viewer) -> tuple[CaseStudy, int]:
    """Take a case study for a change, with its author's enrolment; raise `Forbidden` for an assessor of the same institution."""
    row = db.session.scalars(select(CaseStudy).where(CaseStudy.id == study_id).with_for_update()).one_or_none()
    if row is None:
        message = "There is no such case study."
        raise NotFound(message)
    assessor = db.session.scalar(select(Person.institution).where(Person.id == viewer.person_id)) or ""
    whose = select(Enrolment.person_id, Enrolment.institution).where(Enrolment.id == row.enrolment_id)
    author, institution = db.session.execute(whose).one()
    if author == viewer.person_id or rules.same_institution(assessor, institution):
        message = "The author is of your institution, so others assess this case study."
        raise Forbidden(message)
    if not viewer.leads(row.module):
        message = "This case study is on a module that others look after."
        raise Forbidden(message)
    return row, row.enrolment_id


def settle(study_id: int, viewer: Viewer, score: Decimal, why: str) -> None:
    """Agree on a score where assessors are far apart: one between the lowest and the highest, with the reason."""
    study, author = _study(study_id, viewer)
    _not_released(study)
    found = scores.of((study_id,)).get(study_id, ())
    if not rules.far_apart(found):
        message = "The assessors are not far apart, so there is nothing to settle."
        raise Conflict(message)
    if not min(found) <= score <= max(found):
        message = f"Please choose a score from {min(found):.2f} to {max(found):.2f}, which is between the assessors."
        raise Invalid(message, field="score")
    study.agreed, study.agreed_why, study.agreed_by_id = score, why, viewer.person_id
    record(viewer, "case.settle", "case study", study_id, edition_id=study.edition_id, about=person_of(author), score=str(score), why=why)


def release(edition_id: int, viewer: Viewer) -> int:
    """Release the grades of all case studies that have one, all at once, and tell how many; refused while assessors are far apart."""
    waiting = CaseStudy.edition_id == edition_id, CaseStudy.released_at.is_(None)
    rows = db.session.scalars(select(CaseStudy).where(*waiting).order_by(CaseStudy.id).with_for_update()).all()
    found = scores.of([row.id for row in rows])
    ready = [(row, rules.result(found[row.id], row.agreed)) for row in rows if row.id in found]
    if apart := [row.id for row, result in ready if result is None]:
        message = f"The assessors are far apart on {len(apart)}: {', '.join(f'case study {study}' for study in apart)}. Settle that first."
        raise Conflict(message)
    settled = [(row, result) for row, result in ready if result is not None]
    for row, result in settled:
        row.score, row.released_at = result, clock.now()
        publish(ScoreReleased(row.enrolment_id, "casestudies/case-study", "Case study", NOT_COUNTED, result, WHY, viewer.person_id))
    if settled:
        _tell([row.enrolment_id for row, _ in settled])
        record(viewer, "case.release", "edition", edition_id, edition_id=edition_id, studies=[row.id for row, _ in settled])
    return len(settled)


def _tell(enrolment_ids: Sequence[int]) -> None:
    query = select(Person.id, Person.email, Person.name, Edition.id, Edition.slug).select_from(Enrolment)
    query = query.join(Person, Person.id == Enrolment.person_id).join(Edition, Edition.id == Enrolment.edition_id)
    for person_id, email, name, edition_id, slug in db.session.execute(query.where(Enrolment.id.in_(enrolment_ids)).order_by(Enrolment.id)):
        message = emails.graded(name, absolute_url("casestudies.own", edition=slug))
        mail.post(message, email, kind="casestudies.graded", person_id=person_id, edition_id=edition_id)
