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
    """Tell when each version of each certificate was earned and issued, and when it was superseded or revoked, and why."""
    columns = (Certificate.number, Certificate.kind, Certificate.version, Certificate.requested_at, Certificate.issued_at)
    query = select(*columns, Certificate.superseded_at, Certificate.revoked_at, Certificate.revoked_reason)
    for row in db.session.execute(query.where(Certificate.enrolment_id == subject.enrolment_id).order_by(Certificate.id).limit(most)):
        number, kind, version, requested_at, issued_at, superseded_at, revoked_at, reason = row
        what = "Certificate" if kind == "course" else "Workshop certificate"
        steps = (
            (requested_at, "earned" if version == 1 else "asked for in a new version", number),
            (issued_at, "issued", number),
            (superseded_at, "superseded by a new version", number),
            (revoked_at, "revoked", f"{number}: {reason}"),
        )
        yield from (Happening(at, "certificate", f"{what} {step}", detail) for at, step, detail in steps if at is not None and at <= until)


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name having a certificate; before the edition is closed nobody has."""
    if edition.is_closed:
        rates = (StageRate("completion_rate", "Completion rate", "registered", ("completion rate", "success rate", "completion")),)
        spoken = ("certified", "certificates", "completed the course", "successful candidates")
        words = "Registered, and the certificate is issued and not revoked."
        yield Stage("certified", "Certified", words, holds("course"), words=spoken, rates=rates)
