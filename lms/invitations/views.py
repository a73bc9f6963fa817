"""Pages of those who are invited: the invitation, their answer, and the entry for a calendar."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import calendars, clock
from lms.core.forms import Press
from lms.core.permissions import permission
from lms.core.urls import absolute_url
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.invitations import answering, queries
from lms.invitations.calendars import entry
from lms.invitations.forms import Declining

blueprint = Blueprint("invitations", __name__, template_folder="templates")


@blueprint.get("/e/<edition>/invitation")
@permission("learner")
def own() -> ResponseReturnValue:
    """Show learners their invitation and what they can do with it now."""
    return _own(Declining())


def invited() -> int:
    """Give the enrolment of a learner who was invited; raise `NotFound` for all others: who is proposed doesn't know it yet."""
    return queries.own(current_enrolment_id(), current_edition()).enrolment_id


def _own(form: Declining) -> ResponseReturnValue:
    found = queries.own(current_enrolment_id(), current_edition())
    return render_template("invitations/own.html", mine=found, form=form), form.status


@blueprint.post("/e/<edition>/invitation/accept")
@permission("learner")
def accept() -> ResponseReturnValue:
    """Accept one's own invitation."""
    answering.accept(invited(), current_viewer())
    flash("You are coming. Next, tell us what you need for the journey.", "good")
    return redirect(url_for("invitations.own"))


@blueprint.post("/e/<edition>/invitation/decline")
@permission("learner")
def decline() -> ResponseReturnValue:
    """Decline one's own invitation, with a reason if one is given."""
    form, enrolment = Declining(), invited()
    if not form.validate():
        return _own(form)
    answering.decline(enrolment, form.reason.data or "", current_viewer())
    flash("Your answer is noted, and your seat goes to somebody else. Thank you for telling us.", "good")
    return redirect(url_for("invitations.own"))


@blueprint.post("/e/<edition>/invitation/confirm")
@permission("learner")
def confirm() -> ResponseReturnValue:
    """Confirm shortly before the workshop to come."""
    Press()
    answering.confirm_again(invited(), current_viewer())
    flash("Thank you. We expect you.", "good")
    return redirect(url_for("invitations.own"))


@blueprint.get("/e/<edition>/invitation.ics")
@permission("learner")
def calendar() -> ResponseReturnValue:
    """Send the days of the workshop as an entry for a calendar."""
    edition = current_edition()
    found = queries.own(current_enrolment_id(), edition)
    url, uid = absolute_url("invitations.own", edition=edition.slug), f"workshop-{edition.id}@{edition.slug}"
    body = calendars.calendar([entry(found.gathering, uid, url)], found.gathering.title, clock.now())
    return calendars.sent(body, f"{edition.slug}-workshop.ics")
