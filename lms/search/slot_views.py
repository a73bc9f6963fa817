"""What search puts on every page of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from lms.core.permissions import participant
from lms.core.viewer import EditionInfo, Viewer


def header(viewer: Viewer, edition: EditionInfo | None) -> Iterator[Markup]:
    """Show the box to whoever may use it."""
    if edition and participant(viewer):
        yield _box(edition.slug)


@lru_cache(maxsize=64)
def _box(edition: str) -> Markup:
    return Markup(render_template("search/box.html", slug=edition))  # noqa: S704 - rendered with escapes
