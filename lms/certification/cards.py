"""What certification puts on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app, render_template
from markupsafe import Markup

from lms.accounts.api import unconfirmed_names
from lms.certification import queries
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import Check, Count
from lms.gradebook.api import passing


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show a learner that there is a certificate."""
    if edition.is_closed and (found := queries.of_enrolment(viewer.enrolment_id)):
        yield Markup(render_template("certification/card.html", certificate=found))  # noqa: S704 - a template's output


def outlook(edition: EditionInfo) -> Iterator[Count]:
    """Count, for the dry run of the closing, those who would get a certificate with a name that they have not confirmed."""
    earned = {standing.enrolment_id for standing in passing(edition)}
    yield Count("Printed names unconfirmed", len(earned & unconfirmed_names(edition.id)))


def checks(edition: EditionInfo) -> Iterator[Check]:
    """Tell whether it is said who issues the certificates."""
    done = edition.demo or current_app.extensions["settings"].names_issuer
    yield Check(done, "It is said who issues the certificates", "" if done else "set LMS_ISSUER in the settings, and start again")


def staff(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show the staff how far issuing is."""
    del viewer
    if edition.is_closed:
        yield Markup(render_template("certification/staff.html", counts=queries.counts(edition.id)))  # noqa: S704 - a template's output
