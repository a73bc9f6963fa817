"""Pages on which values of criteria come in, by file and by assessors; the dossier; and what everybody may read of their own result."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.applications.api import MOST_BYTES
from lms.core import audit
from lms.core.domain import Enrolment
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.listing import file as sent
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.selection import assessing, candidate_views, candidates, dossier, looking, marking, queries, reading, scoring, telling, wording
from lms.selection.forms import AssessForm, ScoresForm

# The feature's blueprint, with these pages on it.
blueprint = candidate_views.blueprint
SHOWN = 200


@blueprint.route("/e/<edition>/selection/scores/", methods=["GET", "POST"])
@permission("selection.manage")
@limited(60, 600)
def scores() -> ResponseReturnValue:
    """Take a file of values in, and list those that were."""
    edition, form = current_edition(), ScoresForm()
    known = marking.criteria(edition.id)
    form.offer(known.values())
    if form.validate_on_submit():
        with form.refusals():
            name, body = form.uploaded("file", MOST_BYTES)
            found = scoring.upload(edition.id, current_viewer(), form.criterion.data, name, body)
            return redirect(url_for("selection.score_file", file=found))
    labels = [criterion.label for criterion in known.values()]
    context = {"labels": labels, "files": scoring.recent(edition.id), "approved": queries.is_approved(edition.id)}
    return render_template("selection/scores.html", form=form, **context), form.status


@blueprint.get("/e/<edition>/selection/scores/<int:file>")
@permission("selection.manage")
def score_file(file: int) -> ResponseReturnValue:
    """Show what is in a file and what is wrong with it."""
    found = scoring.one(current_edition().id, file)
    return render_template("selection/score_file.html", found=found, form=Press(), shown=SHOWN, most=reading.MOST_FAULTS)


@blueprint.post("/e/<edition>/selection/scores/<int:file>/import")
@permission("selection.manage")
def keep_scores(file: int) -> ResponseReturnValue:
    """Let the worker write the values of a file."""
    scoring.start(current_edition().id, current_viewer(), file)
    return redirect(url_for("selection.score_file", file=file))


@blueprint.get("/e/<edition>/selection/scores/candidates.csv")
@permission("selection.manage")
@limited(30, 600, methods=("GET",))
def score_template() -> ResponseReturnValue:
    """Send a file to fill in: the candidates, with a column for each criterion."""
    edition = current_edition()
    people = select(Enrolment.person_id).where(*candidates.eligible(edition.id))
    what, about = "a list of the candidates with their values (CSV)", ("edition", edition.id)
    audit.seen(current_viewer(), "selection.list", about, people, what=what, edition_id=edition.id, filter={})
    return sent(scoring.template(edition.id), "Candidates", "csv")


@blueprint.route("/e/<edition>/selection/motivations", methods=["GET", "POST"])
@permission("selection.assess")
def assess() -> ResponseReturnValue:
    """Show the next motivation, without who wrote it, and keep what the viewer thinks of it."""
    edition, viewer, form = current_edition(), current_viewer(), AssessForm()
    if form.validate_on_submit():
        assessing.score(edition.id, viewer, request.form.get("paper", ""), int(form.score.data))
        return redirect(url_for("selection.assess"))
    paper, progress = assessing.next_paper(edition.id, viewer), assessing.progress(edition.id, viewer)
    return render_template("selection/assess.html", form=form, paper=paper, progress=progress), form.status


@blueprint.get("/e/<edition>/selection/dossier.<any(json,sig,pdf):form>")
@permission("selection.manage")
def dossier_file(form: str) -> ResponseReturnValue:
    """Send the dossier of the approved run, or the signature of its JSON."""
    edition = current_edition()
    body, approved = dossier.document(edition.id, form), queries.approved(edition.id)
    people = looking.people([*approved.selected, *approved.reserves] if approved else [])
    what, about = f"the dossier of the selection ({form.upper()})", ("edition", edition.id)
    audit.seen(current_viewer(), "selection.dossier", about, people, what=what, edition_id=edition.id, filter={"form": form})
    response = Response(body, mimetype=dossier.FORMS[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"selection-{edition.slug}.{form}")
    return response


@blueprint.post("/e/<edition>/selection/dossier")
@permission("selection.manage")
def dossier_again() -> ResponseReturnValue:
    """Have a dossier made that could not be."""
    dossier.again(current_edition().id)
    return redirect(url_for("selection.index"))


@blueprint.get("/e/<edition>/selection/why")
@permission("learner")
def why() -> ResponseReturnValue:
    """Show a learner their own result, and why it is so."""
    found = telling.why(current_edition().id, current_enrolment_id())
    return render_template("selection/why.html", why=found, missing=wording.shown(found.line.missing or 0))
