"""Pages about editions: the home page, an edition's public page, the dashboard."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.permissions import permission
from lms.core.progress import activities
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.editions import commands, queries

blueprint = Blueprint("editions", __name__, template_folder="templates")
MOST_DIGITS = 15


def number(name: str) -> int | None:
    """Read a key from the address; `None` for what can't be one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


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
    return render_template(
        "editions/about.html",
        countries=queries.countries_of(edition.id),
        begins=commands.begins_as(edition),
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
