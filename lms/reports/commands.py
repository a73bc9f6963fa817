"""Taking snapshots: everything that a report tells, as it is at one moment."""

from __future__ import annotations

from lms.core import audit, clock
from lms.core.db import db
from lms.core.viewer import Viewer
from lms.reports import register, rules
from lms.reports.models import Snapshot

STILL = {"isolation_level": "REPEATABLE READ"}


def take_snapshot(edition_id: int, by: Viewer) -> int:
    """Keep all figures and tables of an edition as they are, and give the snapshot's id."""
    _hold_still()
    text = rules.canonical(register.contents(edition_id))
    row = Snapshot(edition_id=edition_id, taken_at=clock.now(), by_id=by.person_id, data=text, digest=rules.digest(text))
    db.session.add(row)
    db.session.flush()
    audit.record(by, "report.snapshot", "report snapshot", row.id, edition_id=edition_id, digest=row.digest)
    return row.id


def _hold_still() -> None:
    """See the same rows until the end of the transaction; on SQLite every transaction does."""
    if db.engine.dialect.name == "postgresql" and not db.session().in_transaction():
        db.session.connection(execution_options=STILL)
