"""What participants say about their names in the report."""

from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core.errors import Invalid
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import EditionInfo, Viewer, current_enrolment_id
from lms.invitations.api import participant
from lms.reports import naming, text_views

# The feature's blueprint, with these pages on it.
blueprint = text_views.blueprint
ANSWERS = {"yes": True, "no": False}


@blueprint.post("/e/<edition>/report/my-name")
@permission("learner")
@limited(30, 600)
def name_me() -> ResponseReturnValue:
    """Take down whether a participant agrees to be named."""
    answer = request.form.get("agree", "")
    if answer not in ANSWERS:
        message = "Please say yes or no."
        raise Invalid(message)
    naming.say(current_enrolment_id(), agrees=ANSWERS[answer])
    flash("You will be named in the report." if ANSWERS[answer] else "You will not be named in the report.", "good")
    return redirect(url_for("editions.dashboard"))


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Ask participants of the workshop whether they agree to be named."""
    del edition
    if viewer.enrolment_id is not None and participant(viewer.enrolment_id) is not None:
        card = render_template("reports/card.html", agrees=naming.agrees(viewer.enrolment_id))
        yield Markup(card)  # noqa: S704 - rendered with escapes
