"""Who may run questionnaires."""

from __future__ import annotations

from lms.core.viewer import Viewer
from lms.questionnaires.values import Info


def run(viewer: Viewer, found: Info | None = None) -> bool:
    """Let the edition's staff ask, remind and see what came of it; whoever looks after some modules alone, about those alone."""
    return viewer.is_staff if found is None else leads(viewer, found.module)


def leads(viewer: Viewer, module: str) -> bool:
    """Tell whether somebody may ask about a module; about none in particular who looks after all."""
    return viewer.leads(module) if module else viewer.is_staff and not viewer.modules
