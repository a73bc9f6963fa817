"""What the selection holds of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, select, update

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.selection.models import CriterionScore, MotivationScore, ScoreFile, SelectionMark, SelectionPlace, SelectionRun

HOLDS = (
    "What you were worth by the criteria of the selection for the workshop, what each of its runs made of you, whether you had to be, or "
    "could not be, selected and why, and what you gave other people's motivations."
)


def export(person_id: int) -> Mapping[str, Any]:
    """Give values, places and marks; of one's motivation the scores without who gave them, of others' without whose they are."""
    mine, row = _enrolments(person_id), SelectionPlace
    places = select(SelectionRun.number, row.state, row.place, row.score, row.missing, row.drawn, row.values)
    marks = select(SelectionMark.must, SelectionMark.reason, SelectionMark.at).where(SelectionMark.enrolment_id.in_(mine))
    values = select(CriterionScore.criterion, CriterionScore.value, CriterionScore.at).where(CriterionScore.enrolment_id.in_(mine))
    scores = select(MotivationScore.score)
    given = select(MotivationScore.score, MotivationScore.at).where(MotivationScore.assessor_id == person_id)
    return {
        "runs": _rows(places.join(SelectionRun, SelectionRun.id == row.run_id).where(row.enrolment_id.in_(mine)).order_by(row.id)),
        "marks": _rows(marks.order_by(SelectionMark.id)),
        "values": _rows(values.order_by(CriterionScore.id)),
        "scores_of_your_motivation": _rows(scores.where(MotivationScore.enrolment_id.in_(mine)).order_by(MotivationScore.score)),
        "scores_that_you_gave": _rows(given.order_by(MotivationScore.id)),
    }


def erase(person_id: int) -> None:
    """Delete scores, values and the reasons of marks; who was selected, and in whose place, stays for the figures."""
    mine = _enrolments(person_id)
    db.session.execute(delete(MotivationScore).where(MotivationScore.enrolment_id.in_(mine)))
    db.session.execute(delete(CriterionScore).where(CriterionScore.enrolment_id.in_(mine)))
    db.session.execute(update(SelectionMark).where(SelectionMark.enrolment_id.in_(mine)).values(reason=""))
    enrolments = set(db.session.scalars(mine))
    _forget_reasons(enrolments)
    _forget_drafts(enrolments)
    db.session.execute(update(SelectionPlace).where(SelectionPlace.enrolment_id.in_(mine)).values(institution="", values={}))


def _forget_reasons(enrolments: set[int]) -> None:
    """Take the reasons of marks out of the runs that were made with them."""
    here = select(Enrolment.edition_id).where(Enrolment.id.in_(enrolments))
    for run in db.session.scalars(select(SelectionRun).where(SelectionRun.edition_id.in_(here)).order_by(SelectionRun.id)):
        run.marks = [{**mark, "reason": ""} if mark["enrolment_id"] in enrolments else mark for mark in run.marks]


def _forget_drafts(enrolments: set[int]) -> None:
    """Take values out of the files that nobody has imported yet."""
    here = select(Enrolment.edition_id).where(Enrolment.id.in_(enrolments))
    for file in db.session.scalars(select(ScoreFile).where(ScoreFile.edition_id.in_(here), ScoreFile.done_at.is_(None))):
        gone = {str(number) for number in enrolments}
        file.values = [{**part, "values": {key: v for key, v in part["values"].items() if key not in gone}} for part in file.values]


def _enrolments(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
