"""What the gradebook puts on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from markupsafe import Markup

from lms.core.permissions import learner
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import Count
from lms.gradebook import commands, queries, wording


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show a learner the averages with their formulas, and what is missing for the certificate."""
    if viewer.enrolment_id is None or not learner(viewer):
        return
    sheet = queries.sheet(viewer.enrolment_id, edition)
    yield _part(
        "gradebook/dashboard.html",
        sheet=sheet,
        so_far_formula=wording.so_far_formula(sheet),
        final_formula=wording.final_formula(sheet),
        checklist=wording.checklist(sheet),
    )


def staff(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show the staff how many learners pass now."""
    del viewer
    commands.ensure_settled(edition)
    yield _part("gradebook/staff.html", outlook=queries.outlook(edition), edition=edition)


def closing(edition: EditionInfo) -> Iterator[Markup]:
    """Show what closing would mean now: who passes, and who is not far below the mark."""
    commands.ensure_settled(edition)
    found = {"outlook": queries.outlook(edition), "nearly": queries.nearly(edition), "averages": queries.averages(edition)}
    yield _part("gradebook/closing.html", **found, edition=edition)


def result(edition: EditionInfo) -> Iterator[Markup]:
    """Show what closing has fixed: the averages, with what they mean."""
    yield _part("gradebook/averages.html", averages=queries.averages(edition), edition=edition)


def outlook(edition: EditionInfo) -> Iterator[Count]:
    """Count, for the dry run of the closing, who would pass and who is not far below the mark."""
    commands.ensure_settled(edition)
    found = queries.outlook(edition)
    yield Count("Would pass", found.passing)
    yield Count("Within five points below the mark", found.near)


def _part(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a template's output
