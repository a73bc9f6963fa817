"""Pages about editions: the home page, an edition's public page, the dashboard, the closing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.forms import Press
from lms.core.permissions import permission
from lms.core.progress import activities
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.editions import commands, queries, rules

blueprint = Blueprint("editions", __name__, template_folder="templates")


@blueprint.get("/")
@permission("public")
def home() -> ResponseReturnValue:
    """Show the editions; whoever belongs to exactly one is brought to it."""
    viewer = current_viewer()
    own = queries.editions_of(viewer.person_id) if viewer.person_id is not None else []
    if len(own) == 1:
        return redirect(url_for("editions.dashboard", edition=own[0].slug))
    return render_template("editions/home.html", own=own, editions=queries.public_editions())


@blueprint.get("/e/<edition>/")
@permission("public")
def about() -> ResponseReturnValue:
    """Tell what an edition is, for whom, when, and how to join."""
    edition = current_edition()
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    return render_template(
        "editions/about.html",
        countries=queries.countries_of(edition.id),
        open_for_registration=rules.may_register(edition.state, opens, closes, clock.now()),
        learners=queries.learners(edition.id),
    )


@blueprint.get("/e/<edition>/dashboard")
@permission("participant")
def dashboard() -> ResponseReturnValue:
    """Show a learner the next step and how things stand; staff get their places instead."""
    viewer = current_viewer()
    if viewer.enrolment_id is None or viewer.is_staff:
        return render_template("editions/staff.html", learners=queries.learners(current_edition().id))
    found, now = activities(current_enrolment_id()), clock.now()
    return render_template(
        "editions/dashboard.html",
        groups=queries.grouped(found),
        step=queries.next_step(found, now),
        deadlines=queries.deadlines(found, now),
    )


@blueprint.get("/e/<edition>/close")
@permission("editions.close")
def closing() -> ResponseReturnValue:
    """Show what closing the edition will do, before it is done."""
    return render_template("editions/close.html", form=Press(), learners=queries.learners(current_edition().id))


@blueprint.post("/e/<edition>/close")
@permission("editions.close")
def close() -> ResponseReturnValue:
    """Close the edition."""
    commands.close_edition(current_edition().id, current_viewer())
    flash("The edition is closed: grades are final and certificates are on their way.")
    return redirect(url_for("editions.dashboard"))
