"""What certification tells the staff about learners: the certificate, and who has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from lms.certification.models import Certificate
from lms.certification.queries import holds
from lms.core.db import db
from lms.core.reporting import Happening, Stage, StageRate, Subject
from lms.core.viewer import EditionInfo


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell when the certificate was earned and issued."""
    query = select(Certificate.requested_at, Certificate.issued_at, Certificate.number)
    for requested_at, issued_at, number in db.session.execute(query.where(Certificate.enrolment_id == subject.enrolment_id).limit(most)):
        if issued_at is not None and issued_at <= until:
            yield Happening(issued_at, "certificate", "Certificate issued", number)
        if requested_at <= until:
            yield Happening(requested_at, "certificate", "Certificate earned", number)


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name having a certificate; before the edition is closed nobody has."""
    if edition.is_closed:
        rates = (StageRate("completion_rate", "Completion rate", "registered", ("completion rate", "success rate", "completion")),)
        spoken = ("certified", "certificates", "completed the course", "successful candidates")
        words = "Registered, and the certificate is issued and not revoked."
        yield Stage("certified", "Certified", words, holds("course"), words=spoken, rates=rates)
