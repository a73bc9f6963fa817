"""Who may do what at a workshop."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.viewer import Viewer


def desk(viewer: Viewer, thing: object = None) -> bool:
    """Let staff keep the desk, the agenda and the records."""
    return staff(viewer, thing)


def manage(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators lay out the days, waive and award."""
    return administrator(viewer, thing)
