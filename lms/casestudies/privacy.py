"""What case studies hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, select, update

from lms.casestudies.models import CaseGrading, CasePhrase, CaseSlides, CaseStudy, CaseUpload, CaseUploadPart
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData

HOLDS = "Your case study for the workshop with its slides and its grade; and as an assessor, what you found and the comments in your bank."
ERASED = "The author has left, and the text was removed."


def export(person_id: int) -> Mapping[str, Any]:
    """Give what a person handed in, what became of it, and how they assessed others."""
    study, grading = CaseStudy, CaseGrading
    texts = select(study.module, study.title, study.summary, study.handed_in_at, study.changed_at, study.score, study.released_at)
    found = select(grading.levels, grading.comment, grading.changed_at).join(study, study.id == grading.case_study_id)
    shown = found.where(study.id.in_(_studies(person_id)), grading.final, study.released_at.is_not(None)).order_by(grading.id)
    files = select(CaseSlides.kind, CaseSlides.size, CaseSlides.digest, CaseSlides.uploaded_at)
    arriving = select(CaseUpload.name, CaseUpload.size, CaseUpload.received, CaseUpload.begun_at)
    bank = select(CasePhrase.text, CasePhrase.shared).where(CasePhrase.author_id == person_id)
    given = select(grading.case_study_id, grading.levels, grading.comment, grading.final, grading.changed_at)
    return {
        "case_studies": _rows(texts.where(study.id.in_(_studies(person_id))).order_by(study.id)),
        "slides": _rows(files.where(CaseSlides.case_study_id.in_(_studies(person_id))).order_by(CaseSlides.id)),
        "slides_not_handed_in": _rows(arriving.where(CaseUpload.enrolment_id.in_(_enrolments(person_id))).order_by(CaseUpload.id)),
        "grades_received": _rows(shown),
        "grades_given": _rows(given.where(grading.assessor_id == person_id).order_by(grading.id)),
        "comment_bank": _rows(bank.order_by(CasePhrase.id)),
    }


def erase(person_id: int) -> None:
    """Remove a person's texts and slides; that there was a case study on the module, and its score, stays for the statistics."""
    mine, arriving = _studies(person_id), select(CaseUpload.id).where(CaseUpload.enrolment_id.in_(_enrolments(person_id)))
    db.session.execute(delete(CaseUploadPart).where(CaseUploadPart.upload_id.in_(arriving)))
    db.session.execute(delete(CaseUpload).where(CaseUpload.enrolment_id.in_(_enrolments(person_id))))
    db.session.execute(delete(CaseSlides).where(CaseSlides.case_study_id.in_(mine)))
    db.session.execute(update(CaseGrading).where(CaseGrading.case_study_id.in_(mine)).values(comment=""))
    db.session.execute(delete(CasePhrase).where(CasePhrase.author_id == person_id))
    db.session.execute(update(CaseGrading).where(CaseGrading.assessor_id == person_id).values(comment=""))
    db.session.execute(update(CaseStudy).where(CaseStudy.id.in_(mine)).values(title="Removed", summary=ERASED, agreed_why=""))


def _enrolments(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _studies(person_id: int) -> Select[int]:
    return select(CaseStudy.id).join(Enrolment, Enrolment.id == CaseStudy.enrolment_id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
