"""What is left to do, and what other features read of applications."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from lms.applications.models import Application, NomineeFile
from lms.core.db import db
from lms.core.work import due


def files() -> Sequence[int]:
    """List the files of nominees that wait to be imported."""
    return due(NomineeFile)


def motivated() -> Select[int]:
    """Select who has said why they want to take part, by enrolment."""
    return select(Application.enrolment_id).where(Application.motivation != "")


def motivation(enrolment_id: int) -> str:
    """Give in what words somebody said why they want to take part; empty if they did not."""
    return db.session.scalar(select(Application.motivation).where(Application.enrolment_id == enrolment_id)) or ""
