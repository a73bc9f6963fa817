"""Who may read which module when."""

from __future__ import annotations

from datetime import datetime


def may_read(opens_at: datetime, now: datetime, *, staff: bool) -> bool:
    """Tell whether a module may be read: from its day on, by staff always."""
    return staff or opens_at <= now
