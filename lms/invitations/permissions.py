"""Who may invite, and see travel details."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.viewer import Viewer


def manage(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators invite."""
    return administrator(viewer, thing)


def see_travel(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators alone see what somebody said for the journey."""
    return administrator(viewer, thing)
