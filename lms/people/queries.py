"""What waits for staff today, as the features report it."""

from __future__ import annotations

from lms.core.reporting import Queue
from lms.core.slots import collect
from lms.core.viewer import EditionInfo, Viewer


def queues(viewer: Viewer, edition: EditionInfo) -> list[Queue]:
    """List the queues, those first that have waited longest, the empty ones last."""
    found: list[Queue] = collect("people.queues", viewer, edition)
    return sorted(found, key=lambda queue: (queue.oldest_at is None, queue.oldest_at.timestamp() if queue.oldest_at else 0))
