"""Questionnaires in the small world."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.questionnaires.commands import answer, close, create
from lms.questionnaires.models import AnswerSheet


def opinion(edition: int, learner: int) -> dict[str, str | int]:
    """Ask all learners something, and have asked them something that is over and has a comment."""
    now = clock.now()
    with unit_of_work():
        asked, over = (
            create(edition, "case-study-feedback", "Opinion", "learners", now - timedelta(hours=1), now + timedelta(hours=1))
            for _ in range(2)
        )
        given = {"study.the_case_was_explained_clearly": 3, "study.the_analysis_was_convincing": 3, "comment": "Good."}
        answer(over, learner, given | {"study.i_can_use_something_of_it_in_my_country": 3})
        close(over)
    return {"questionnaire": asked, "sheet": db.session.scalars(select(AnswerSheet.id)).one()}
