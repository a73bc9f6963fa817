"""What pages and other features read of case studies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from lms.casestudies import rules, scores
from lms.casestudies.models import CaseGrading, CaseSlides, CaseStudy
from lms.casestudies.values import CaseStudyLine, Finding, Judgement, OwnStudy, Paper, Slides, ToGrade, Wait
from lms.core.db import db, read
from lms.core.domain import Enrolment, Person
from lms.core.errors import Forbidden, NotFound
from lms.core.progress import Activity
from lms.core.urls import path_for
from lms.core.viewer import Viewer, edition_of

_OF_ENROLMENT = select(CaseStudy.title, CaseStudy.score).where(CaseStudy.enrolment_id == bindparam("enrolment_id"))
_LINES = (
    select(
        CaseStudy.id,
        Enrolment.id,
        Person.name,
        Enrolment.country,
        Enrolment.gender,
        Enrolment.institution,
        CaseStudy.module,
        CaseStudy.title,
        CaseStudy.summary,
        CaseStudy.score,
        CaseStudy.released_at,
    )
    .join(Enrolment, Enrolment.id == CaseStudy.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
)


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report the case study of a participant, with its grade; it never counts for the average of the course."""
    row: Sequence[Any] | None = read(_OF_ENROLMENT, enrolment_id=enrolment_id).first()
    if row is not None:
        url = path_for("casestudies.own", edition=edition_of(enrolment_id).slug)
        yield Activity("casestudies", "case-study", f"Case study: {row[0]}", done=True, score=row[1], url=url)


def case_studies(edition_id: int) -> tuple[CaseStudyLine, ...]:
    """List the case studies of an edition, in the order of modules and then as they were handed in."""
    query = _LINES.where(CaseStudy.edition_id == edition_id).order_by(CaseStudy.module, CaseStudy.id)
    return tuple(CaseStudyLine(*row) for row in db.session.execute(query))


def graded(edition_id: int) -> frozenset[int]:
    """Tell whose case study has a grade that is released, by enrolment."""
    released = CaseStudy.edition_id == edition_id, CaseStudy.released_at.is_not(None)
    return frozenset(db.session.scalars(select(CaseStudy.enrolment_id).where(*released)))


def own(enrolment_id: int) -> OwnStudy | None:
    """Read somebody's own case study; what the assessors found once it is released."""
    row = db.session.scalars(select(CaseStudy).where(CaseStudy.enrolment_id == enrolment_id)).one_or_none()
    if row is None:
        return None
    found = _judgements(row.id) if row.released_at else ()
    return OwnStudy(
        id=row.id,
        module=row.module,
        title=row.title,
        summary=row.summary,
        version=row.version,
        handed_in_at=row.handed_in_at,
        changed_at=row.changed_at,
        score=row.score,
        released_at=row.released_at,
        agreed_why=row.agreed_why,
        slides=_slides(row.id),
        criteria=scores.rubric(row.edition_id).criteria if row.released_at else (),
        findings=tuple(Finding(one.levels, one.comment, rules.score(one.levels)) for one in found if one.final),
    )


def _slides(study_id: int) -> Slides | None:
    query = select(CaseSlides.kind, CaseSlides.size, CaseSlides.uploaded_at).where(CaseSlides.case_study_id == study_id)
    row = db.session.execute(query).first()
    return Slides(*row) if row else None


def _judgements(study_id: int) -> tuple[Judgement, ...]:
    grading = CaseGrading
    query = select(grading.assessor_id, Person.name, grading.levels, grading.comment, grading.final, grading.version)
    found = query.join(Person, Person.id == grading.assessor_id).where(grading.case_study_id == study_id).order_by(grading.id)
    return tuple(
        Judgement(assessor, name, tuple(levels), comment, final, version, rules.score(levels) if final else None)
        for assessor, name, levels, comment, final, version in db.session.execute(found)
    )


def to_grade(edition_id: int, viewer: Viewer) -> tuple[ToGrade, ...]:
    """List the case studies that somebody may assess, those that wait longest first; none of the own institution, none of one's own."""
    study = CaseStudy
    columns = select(study.id, study.module, study.title, study.handed_in_at, study.released_at, study.score, study.agreed)
    query = columns.add_columns(Enrolment.institution).join(Enrolment, Enrolment.id == study.enrolment_id)
    mine = Enrolment.person_id != (viewer.person_id or 0)
    rows = db.session.execute(query.where(study.edition_id == edition_id, mine).order_by(study.handed_in_at, study.id)).all()
    here = institution(viewer)
    offered = [row for row in rows if viewer.leads(row.module) and not rules.same_institution(here, row.institution)]
    found = scores.of([row.id for row in offered])
    own_ones = _states(viewer, [row.id for row in offered])
    return tuple(_to_grade(row, found.get(row.id, ()), own_ones.get(row.id, "")) for row in offered)


def waiting(edition_id: int, viewer: Viewer) -> list[Wait]:
    """List the case studies that wait for somebody's own grading, begun as a draft or not, those that wait longest first."""
    study, since = CaseStudy, func.coalesce(CaseGrading.changed_at, CaseStudy.handed_in_at)
    own = and_(CaseGrading.case_study_id == study.id, CaseGrading.assessor_id == viewer.person_id)
    begun = CaseGrading.id.is_not(None).label("begun")
    query = select(study.id, study.title, since.label("since"), begun, study.module, Enrolment.institution)
    query = query.join(Enrolment, Enrolment.id == study.enrolment_id).outerjoin(CaseGrading, own)
    query = query.where(study.edition_id == edition_id, study.released_at.is_(None), CaseGrading.final.is_not(True))
    query = query.where(Enrolment.person_id != (viewer.person_id or 0)).order_by(since, study.id)
    rows: list[Any] = [row for row in db.session.execute(query) if viewer.leads(row.module)]
    here = institution(viewer) if rows else ""
    return [Wait(row.id, row.title, row.since, row.begun) for row in rows if not rules.same_institution(here, row.institution)]


def _to_grade(row: Any, found: tuple[Decimal, ...], mine: str) -> ToGrade:
    unsettled = rules.far_apart(found) and row.agreed is None
    result = row.score if row.released_at else rules.result(found, row.agreed)
    return ToGrade(row.id, row.module, row.title, row.handed_in_at, row.released_at, len(found), mine, unsettled, result)


def _states(viewer: Viewer, study_ids: list[int]) -> dict[int, str]:
    query = select(CaseGrading.case_study_id, CaseGrading.final).where(CaseGrading.assessor_id == viewer.person_id)
    rows = db.session.execute(query.where(CaseGrading.case_study_id.in_(study_ids)))
    return {study_id: "final" if final else "draft" for study_id, final in rows}


def institution(viewer: Viewer) -> str:
    """Tell where somebody works."""
    return db.session.scalar(select(Person.institution).where(Person.id == viewer.person_id)) or ""


def paper(edition_id: int, study_id: int, viewer: Viewer) -> Paper:
    """Read a case study as an assessor; raise `NotFound`, or `Forbidden` for one of the own institution or of a module of others."""
    query = select(CaseStudy, Enrolment.institution, Enrolment.person_id).join(Enrolment, Enrolment.id == CaseStudy.enrolment_id)
    found = db.session.execute(query.where(CaseStudy.id == study_id, CaseStudy.edition_id == edition_id)).first()
    if found is None:
        message = "There is no such case study in this edition."
        raise NotFound(message)
    row, works_at, person_id = found
    if person_id == viewer.person_id or rules.same_institution(institution(viewer), works_at):
        message = "The author is of your institution, so others assess this case study."
        raise Forbidden(message)
    if not viewer.leads(row.module):
        message = "This case study is on a module that others look after."
        raise Forbidden(message)
    return _paper(row)


def _paper(row: CaseStudy) -> Paper:
    judgements = _judgements(row.id)
    found = tuple(one.score for one in judgements if one.score is not None)
    return Paper(
        id=row.id,
        module=row.module,
        title=row.title,
        summary=row.summary,
        handed_in_at=row.handed_in_at,
        released_at=row.released_at,
        agreed=row.agreed,
        agreed_why=row.agreed_why,
        slides=_slides(row.id),
        judgements=judgements,
        scores=found,
        far_apart=rules.far_apart(found),
    )


def slides(study_id: int) -> tuple[str, bytes]:
    """Read the slides of a case study: their kind and bytes; raise `NotFound`."""
    row = db.session.execute(_file(study_id)).first()
    if row is None:
        message = "There are no slides of this case study."
        raise NotFound(message)
    return row[0], row[1]


def _file(study_id: int) -> Select[str, bytes]:
    return select(CaseSlides.kind, CaseSlides.body).where(CaseSlides.case_study_id == study_id)
