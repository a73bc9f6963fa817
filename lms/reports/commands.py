"""Taking snapshots, and making documents of them: everything that a report tells, as it is at one moment."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

from sqlalchemy import select, update

from lms.core import audit, clock
from lms.core.db import db, hold_still, unit_of_work, upsert
from lms.core.plugins import on_demand
from lms.core.tasks import enqueue
from lms.core.viewer import Viewer
from lms.core.work import DONE, GIVEN_UP, WAITING, claim, due, failed
from lms.reports import composing, drawing, register, rules, writing
from lms.reports.blocks import Report
from lms.reports.models import Document, Snapshot

MAKE = "reports.make"
TRIES = 5
FORMS = ("html", "pdf", "docx")
log = logging.getLogger(__name__)


def take_snapshot(edition_id: int, by: Viewer) -> int:
    """Keep all figures and tables of an edition as they are, and give the snapshot's id."""
    hold_still()
    text = rules.canonical(register.contents(edition_id))
    row = Snapshot(edition_id=edition_id, taken_at=clock.now(), by_id=by.person_id, data=text, digest=rules.digest(text))
    db.session.add(row)
    db.session.flush()
    audit.record(by, "report.snapshot", "report snapshot", row.id, edition_id=edition_id, digest=row.digest)
    return row.id


def ask_for(edition_id: int, viewer: Viewer, snapshot_id: int, form: str) -> None:
    """Let the worker make a document of a snapshot and the texts as they are; once made, it is there for good."""
    texts = sorted(writing.texts(edition_id).values(), key=lambda text: text.id)
    ids = [text.id for text in texts]
    key = {"snapshot_id": snapshot_id, "form": form, "texts_digest": rules.digest(repr(ids))}
    now = clock.now()
    fresh = {"state": WAITING, "tries": 0, "due_at": now, "last_error": ""}
    values = {**fresh, "wording_ids": ids, "requested_at": now, "by_id": viewer.person_id, "digest": ""}
    db.session.execute(upsert(Document, key, values, {"form": form}))
    document_id = db.session.scalars(select(Document.id).filter_by(**key)).one()
    db.session.execute(update(Document).where(Document.id == document_id, Document.state == GIVEN_UP).values(fresh))
    audit.record(viewer, "report.make", "report document", document_id, edition_id=edition_id, snapshot=snapshot_id, form=form)
    enqueue(MAKE, document_id)


def make(document_id: int) -> bool:
    """Make one document and store it; `False` if that is done or under way, or fails and is tried again later."""
    if not claim(Document, document_id):
        return False
    try:
        body = _made(document_id)
    except (RuntimeError, OSError, ValueError) as error:
        log.warning("document %s not made: %s", document_id, error)
        failed(Document, document_id, error, tries=TRIES)
        return False
    with unit_of_work():
        row = db.session.get_one(Document, document_id, with_for_update=True, populate_existing=True)
        if row.state != WAITING:
            return False
        row.body, row.digest, row.last_error = body, hashlib.sha256(body).hexdigest(), ""
        row.state, row.done_at = DONE, clock.now()
    return True


def _made(document_id: int) -> bytes:
    query = select(Document.form, Document.snapshot_id, Document.wording_ids).where(Document.id == document_id)
    form, snapshot_id, wording_ids = db.session.execute(query).one()
    return printed(compose(snapshot_id, writing.of_ids(wording_ids)), form)


def compose(snapshot_id: int, texts: dict[str, str]) -> Report:
    """Put a report together from a snapshot and texts alone."""
    query = select(Snapshot.data, Snapshot.taken_at, Snapshot.digest).where(Snapshot.id == snapshot_id)
    data, taken_at, digest = db.session.execute(query).one()
    return composing.compose(rules.contents(data), taken_at, digest, texts)


def printed(report: Report, form: str) -> bytes:
    """Write a report as HTML, PDF or DOCX; only then are the libraries for the latter two imported."""
    if form == "html":
        return drawing.page(report)
    if form == "pdf":
        body: bytes = on_demand("lms.reports.press").pdf(report)
    else:
        body = on_demand("lms.reports.word").docx(report)
    return body


def make_waiting() -> int:
    """Make what waits, and tell how many were made."""
    return sum(make(document_id) for document_id in _waiting())


def _waiting() -> Iterator[int]:
    while found := due(Document):
        yield from found


def note_taken(edition_id: int, viewer: Viewer, document_id: int) -> None:
    """Write down that somebody took a document, which names participants."""
    with unit_of_work():
        audit.record(viewer, "report.take", "report document", document_id, edition_id=edition_id)
