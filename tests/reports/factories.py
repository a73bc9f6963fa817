"""A report to test with: a snapshot, a text, and a document made of both."""

from __future__ import annotations

from sqlalchemy import select

from lms.core.db import db, unit_of_work
from lms.core.viewer import Viewer
from lms.reports.commands import ask_for, take_snapshot
from lms.reports.models import Document
from lms.reports.writing import write


def report(edition_id: int, viewer: Viewer) -> dict[str, str | int]:
    """Store it, and give the arguments of its addresses."""
    with unit_of_work():
        snapshot = take_snapshot(edition_id, viewer)
        write(edition_id, viewer, "background", "We began.", "0")
        ask_for(edition_id, viewer, snapshot, "html")
    return {"chapter": "background", "snapshot": snapshot, "document": db.session.scalars(select(Document.id)).one()}
