"""Outages to test with."""

from __future__ import annotations

from datetime import timedelta

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.outages.models import Outage


def lately_out(edition_id: int) -> int:
    """Put down an outage of an edition in which every attempt that is under way now loses time."""
    with unit_of_work():
        row = Outage(edition_id=edition_id, since=clock.now() - timedelta(hours=1), until=clock.now() + timedelta(minutes=1))
        db.session.add(row)
        db.session.flush()
        return row.id
