"""Who may see and decide about applications."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.viewer import Viewer


def decide(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators decide."""
    return administrator(viewer, thing)
