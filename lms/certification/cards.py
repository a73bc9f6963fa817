"""What certification puts on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from markupsafe import Markup

from lms.certification import queries
from lms.core.viewer import EditionInfo, Viewer


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show a learner that there is a certificate."""
    if edition.is_closed and (found := queries.of_enrolment(viewer.enrolment_id)):
        yield Markup(render_template("certification/card.html", certificate=found))  # noqa: S704 - a template's output


def staff(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show the staff how far issuing is."""
    del viewer
    if edition.is_closed:
        yield Markup(render_template("certification/staff.html", counts=queries.counts(edition.id)))  # noqa: S704 - a template's output
