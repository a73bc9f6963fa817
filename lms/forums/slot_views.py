"""What the forums put on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from markupsafe import Markup

from lms.core.viewer import EditionInfo, Viewer
from lms.forums import flag_queries, queries
from lms.forums.views import place


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show topics with something new, at most five."""
    rows = queries.unread_topics(edition, viewer)
    if rows:
        links = [(row, place(row, row.first_unread or row.last_post_id, first=True)) for row in rows]
        yield Markup(render_template("forums/dashboard_card.html", links=links))  # noqa: S704 - rendered with escapes


def staff(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show how many reported posts wait for a decision, and what the forums have new."""
    waiting, _ = flag_queries.counts(edition.id, viewer.modules)
    yield Markup(render_template("forums/staff_card.html", waiting=waiting))  # noqa: S704 - rendered with escapes
    yield from dashboard(viewer, edition)
