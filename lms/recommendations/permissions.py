"""Who may do what with recommendations."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.viewer import Viewer


def lead(viewer: Viewer, thing: object = None) -> bool:
    """Let staff merge what says the same."""
    return staff(viewer, thing)


def adopt(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators make the final list."""
    return administrator(viewer, thing)
