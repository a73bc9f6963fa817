"""What workshops tell the staff about learners: who is awarded the certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, literal, not_, select, union_all

from lms.certification.api import WORKSHOP, is_revoked
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.figures import Phase
from lms.core.reporting import Happening, Stage, StageRate, Subject, newest
from lms.core.viewer import EditionInfo
from lms.invitations.api import gathering
from lms.workshops.models import AttendanceMark, Award, HalfDay
from lms.workshops.rules import Standing


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell when somebody was marked at the workshop, and awarded its certificate."""
    mark = AttendanceMark
    query = select(mark.at, HalfDay.day, HalfDay.part, mark.state, mark.reason).join(HalfDay, HalfDay.id == mark.half_day_id)
    taken = query.where(mark.enrolment_id == subject.enrolment_id, mark.standing == Standing.TAKEN)
    marks = newest(taken, mark.at, mark.id, until, most).subquery()
    awards = select(Award.at, literal(0), literal(""), literal(""), literal("")).where(
        Award.enrolment_id == subject.enrolment_id, Award.at <= until
    )
    for at, day, part, state, reason in db.session.execute(union_all(select(marks), awards)):
        what = f"Workshop, day {day}, {part}: {state}" if day else "Workshop certificate awarded"
        yield Happening(at, "workshop", what, reason)


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name being awarded the workshop's certificate, once there is a workshop."""
    if gathering(edition.id) is not None:
        having = select(1).where(Award.enrolment_id == Enrolment.id).correlate(Enrolment).exists()
        awarded = and_(having, not_(is_revoked(WORKSHOP)))
        rates = (StageRate("award_rate", "Workshop success rate", "attended", ("workshop success rate", "award rate")),)
        words, spoken = "Registered, and awarded the certificate of the workshop, not revoked since.", ("awarded", "workshop certificates")
        yield Stage("awarded", "Awarded", words, awarded, Phase.WORKSHOP, spoken, rates)
