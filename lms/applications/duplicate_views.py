"""Pages on likely duplicates: the pairs, one of them side by side, merging, and remembering that they are different people."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.applications import duplicates, import_views, looking
from lms.core import audit
from lms.core.forms import Press, whole
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer

# The feature's blueprint, with these pages on it.
blueprint = import_views.blueprint


@blueprint.get("/e/<edition>/applications/duplicates")
@permission("applications.decide")
def pairs() -> ResponseReturnValue:
    """List the pairs of applications that may be of the same person."""
    return render_template("applications/pairs.html", pairs=duplicates.proposals(current_edition().id))


@blueprint.get("/e/<edition>/applications/duplicates/<int:likeness>")
@permission("applications.decide")
def pair(likeness: int) -> ResponseReturnValue:
    """Show two applications side by side; looking is recorded for both."""
    edition = current_edition()
    first, second, reasons = duplicates.both(edition.id, likeness)
    people = looking.person_of(first.candidate.id, second.candidate.id)
    what = "the application, beside that of somebody with a similar name"
    audit.seen(current_viewer(), "applications.look", ("likeness", likeness), people, what=what, edition_id=edition.id)
    return render_template("applications/pair.html", both=(first, second), reasons=reasons, likeness=likeness, form=Press())


@blueprint.post("/e/<edition>/applications/duplicates/<int:likeness>/merge")
@permission("applications.decide")
def merge(likeness: int) -> ResponseReturnValue:
    """Merge the two accounts of a pair."""
    duplicates.merge(current_edition(), current_viewer(), likeness, whole(request.form.get("keep")))
    flash("The accounts are merged, and a mail says so to both addresses.", "good")
    return redirect(url_for("applications.pairs"))


@blueprint.post("/e/<edition>/applications/duplicates/<int:likeness>/different")
@permission("applications.decide")
def different(likeness: int) -> ResponseReturnValue:
    """Remember that the two are different people."""
    duplicates.different(current_edition(), current_viewer(), likeness)
    flash("They are not proposed again.", "good")
    return redirect(url_for("applications.pairs"))
