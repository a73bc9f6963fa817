"""A workshop as an entry of a calendar."""

from __future__ import annotations

from datetime import timedelta

from lms.core.calendars import Entry
from lms.invitations.values import GatheringInfo


def entry(gathering: GatheringInfo, uid: str, url: str) -> Entry:
    """Give all days of a workshop as one entry."""
    after = gathering.ends_on + timedelta(days=1)
    return Entry(uid, gathering.starts_on, after, gathering.title, gathering.place, url=url, version=gathering.version)
