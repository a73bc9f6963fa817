"""Slides that arrive in parts: what is interrupted goes on where it stopped, and the whole is handed in with the case study."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from lms.casestudies import rules, slides
from lms.casestudies.models import CaseUpload, CaseUploadPart
from lms.casestudies.values import Announced, Arrived
from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.errors import Conflict, Invalid, NotFound

OLD = timedelta(days=7)


def begin(enrolment_id: int, wanted: Announced) -> Arrived:
    """Make room for a file, and tell how much of it is here already; another file than before takes its place."""
    slides.acceptable(wanted.name, wanted.size)
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))
    row = db.session.scalars(select(CaseUpload).where(CaseUpload.enrolment_id == enrolment_id)).one_or_none()
    if row is not None and (row.name, row.size, row.stamp) != (wanted.name, wanted.size, wanted.stamp):
        _drop(row.id)
        row = None
    if row is None:
        row = CaseUpload(enrolment_id=enrolment_id, name=wanted.name, size=wanted.size, stamp=wanted.stamp)
        db.session.add(row)
        db.session.flush()
    return _arrived(row)


def add(enrolment_id: int, upload_id: int, start: int, part: bytes) -> Arrived:
    """Take a part that begins at `start`, and tell how much is here now; a part that is not the next one changes nothing.

    The first part and the whole are looked at: what is no presentation is refused.
    """
    row = _held(enrolment_id, upload_id)
    if start != row.received:
        return _arrived(row)
    if not part or len(part) > rules.PART or start + len(part) > row.size:
        message = "This part does not fit the file. Please choose the file again."
        raise Invalid(message, field="slides")
    if not start:
        slides.promising(row.name, part)
    db.session.add(CaseUploadPart(upload_id=row.id, start=start, body=part))
    row.received += len(part)
    db.session.flush()
    if row.received == row.size:
        slides.kind_of(row.name, _body(row.id))
    return _arrived(row)


def waiting(enrolment_id: int) -> Arrived | None:
    """Tell what has arrived of somebody's file that is not handed in yet."""
    row = db.session.scalars(select(CaseUpload).where(CaseUpload.enrolment_id == enrolment_id)).one_or_none()
    return _arrived(row) if row and row.received else None


def take(enrolment_id: int, upload_id: int) -> tuple[str, bytes]:
    """Give name and bytes of a file that has arrived whole, to be handed in."""
    row = _held(enrolment_id, upload_id)
    if row.received != row.size:
        here = f"{100 * row.received // row.size} %"
        message = f"The slides are not all here yet: {here}. Please choose the same file again; it goes on there."
        raise Conflict(message, field="slides")
    return row.name, _body(row.id)


def discard(enrolment_id: int) -> None:
    """Forget a file that another one has overtaken."""
    for upload_id in db.session.scalars(select(CaseUpload.id).where(CaseUpload.enrolment_id == enrolment_id)).all():
        _drop(upload_id)


def forget_old() -> None:
    """Delete files that nobody handed in within days."""
    for upload_id in db.session.scalars(select(CaseUpload.id).where(CaseUpload.begun_at < clock.now() - OLD)).all():
        _drop(upload_id)


def _held(enrolment_id: int, upload_id: int) -> CaseUpload:
    found = CaseUpload.id == upload_id, CaseUpload.enrolment_id == enrolment_id
    row = db.session.scalars(select(CaseUpload).where(*found).with_for_update()).one_or_none()
    if row is None:
        message = "This file is not waiting here any more. Please choose it again."
        raise NotFound(message, field="slides")
    return row


def _body(upload_id: int) -> bytes:
    query = select(CaseUploadPart.body).where(CaseUploadPart.upload_id == upload_id).order_by(CaseUploadPart.start)
    return b"".join(db.session.scalars(query))


def _drop(upload_id: int) -> None:
    db.session.execute(delete(CaseUploadPart).where(CaseUploadPart.upload_id == upload_id))
    db.session.execute(delete(CaseUpload).where(CaseUpload.id == upload_id))


def _arrived(row: CaseUpload) -> Arrived:
    return Arrived(row.id, row.name, row.size, row.received)
