"""Freezing the account of a learner, and undoing it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.api import freeze, overseen, thaw
from lms.core.errors import Conflict
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.people import overview_views, story
from lms.people.forms import FreezeForm

# The feature's blueprint, with these pages on it.
blueprint = overview_views.blueprint


@blueprint.route("/e/<edition>/people/<int:enrolment>/freeze", methods=["GET", "POST"])
@permission("people.manage")
def freeze_account(enrolment: int) -> ResponseReturnValue:
    """Freeze the account of a learner, with a reason."""
    edition, form = current_edition(), FreezeForm()
    found = story.learner(edition.id, enrolment, private=True)
    overseen(edition, current_viewer(), found.person_id)
    if found.frozen_at is not None:
        message = "This account is frozen already."
        raise Conflict(message)
    if form.validate_on_submit():
        freeze(edition, current_viewer(), found.person_id, form.reason.data or "")
        flash(f"The account of {found.name} is frozen.", "good")
        return redirect(url_for("people.learner", enrolment=enrolment))
    return render_template("people/freeze.html", learner=found, form=form), form.status


@blueprint.post("/e/<edition>/people/<int:enrolment>/thaw")
@permission("people.manage")
def thaw_account(enrolment: int) -> ResponseReturnValue:
    """Let a frozen account be used again."""
    found = story.learner(current_edition().id, enrolment, private=True)
    thaw(current_edition(), current_viewer(), found.person_id)
    flash(f"{found.name} can sign in again, and the posts are back.", "good")
    return redirect(url_for("people.learner", enrolment=enrolment))
