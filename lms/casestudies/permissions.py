"""Who may do what with case studies."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.viewer import Viewer


def assess(viewer: Viewer, module: str | None = None) -> bool:
    """Let staff assess; a tutor of some modules those on them alone."""
    return staff(viewer) if module is None else viewer.leads(module)


def manage(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators change the rubric and release grades."""
    return administrator(viewer, thing)
