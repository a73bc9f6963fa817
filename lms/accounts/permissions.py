"""Who may see which entries about accounts."""

from __future__ import annotations

from lms.core.viewer import Viewer


def visitor(viewer: Viewer, thing: object = None) -> bool:
    """Let in whoever is not signed in."""
    del thing
    return not viewer.is_authenticated
