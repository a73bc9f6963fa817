"""What the selection puts on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from markupsafe import Markup

from lms.core.viewer import EditionInfo, Viewer
from lms.selection import telling


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show whoever was a candidate what came out, and where it stands why, once a run is approved."""
    if edition.is_closed and viewer.enrolment_id and (state := telling.state_of(edition.id, viewer.enrolment_id)):
        yield Markup(render_template("selection/card.html", state=state))  # noqa: S704 - a template's output
