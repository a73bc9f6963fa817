"""What invitations put on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from markupsafe import Markup

from lms.core.viewer import EditionInfo, Viewer
from lms.invitations import queries


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show learners that they are invited, and what is to be done next."""
    if viewer.enrolment_id and (mine := queries.sent(viewer.enrolment_id, edition)):
        yield Markup(render_template("invitations/card.html", mine=mine))  # noqa: S704 - a template's output
