"""Pages about the report of an edition: its snapshots, and what a snapshot says."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.figures import pair, shown
from lms.core.limits import limited
from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.gradebook.api import ensure_settled
from lms.reports import commands, queries, register, rules

blueprint = Blueprint("reports", __name__, template_folder="templates")
blueprint.add_app_template_global(shown, "figure_shown")
blueprint.add_app_template_global(pair, "figure_pair")


@blueprint.get("/e/<edition>/report/")
@permission("reports.manage")
def index() -> ResponseReturnValue:
    """List the snapshots of the edition."""
    ensure_settled(current_edition())
    found, more = queries.snapshots(current_edition().id, number("before"))
    return render_template("reports/index.html", snapshots=found, more=more)


@blueprint.post("/e/<edition>/report/snapshots")
@permission("reports.manage")
@limited(30, 600)
def take() -> ResponseReturnValue:
    """Take a snapshot of everything that the report tells."""
    found = commands.take_snapshot(current_edition().id, current_viewer())
    flash("The snapshot is taken.", "good")
    return redirect(url_for("reports.look", snapshot=found))


@blueprint.get("/e/<edition>/report/snapshots/<int:snapshot>")
@permission("reports.manage")
def look(snapshot: int) -> ResponseReturnValue:
    """Show what a snapshot says, and what has moved since."""
    found = queries.snapshot(current_edition().id, snapshot)
    moved = list(rules.moved(found.contents, register.contents(current_edition().id)))
    return render_template("reports/snapshot.html", snapshot=found, moved=moved)
