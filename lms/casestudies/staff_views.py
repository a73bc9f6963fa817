"""Pages of assessors: what there is to grade, one case study, settling; and the rubric and the release of administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.casestudies import bank, bank_views, commands, queries, scores, views
from lms.casestudies.forms import Grading, Settling, grading, rubric_form
from lms.casestudies.values import Assessment, Paper
from lms.core.forms import whole
from lms.core.limits import limited
from lms.core.permissions import can, permission
from lms.core.viewer import current_edition, current_viewer
from lms.modules.api import modules_of

# The feature's blueprint, with these pages on it.
blueprint = bank_views.blueprint


@blueprint.get("/e/<edition>/case-studies/")
@permission("casestudies.assess")
def to_grade() -> ResponseReturnValue:
    """List what somebody may assess, without names, those that wait longest first."""
    edition, viewer = current_edition(), current_viewer()
    lines = queries.to_grade(edition.id, viewer)
    ready = [line for line in lines if line.released_at is None and line.finals]
    titles = {module.slug: module.title for module in modules_of(edition.id)}
    return render_template("casestudies/to_grade.html", lines=lines, ready=ready, titles=titles, may_release=can("casestudies.manage"))


@blueprint.route("/e/<edition>/case-studies/<int:study>", methods=["GET", "POST"])
@permission("casestudies.assess")
@limited(120, 600)
def assess(study: int) -> ResponseReturnValue:
    """Grade a case study by the rubric, as a draft or for good."""
    edition, viewer = current_edition(), current_viewer()
    paper = queries.paper(edition.id, study, viewer)
    form = _form(paper)
    if form.insert.data:
        form.put_in()
    elif form.validate_on_submit():
        with form.refusals():
            commands.grade(study, viewer, form.wanted)
            if form.keep.data and form.comment.data:
                bank.keep(edition.id, viewer, form.comment.data)
            flash("Your grading is final. It can be changed until the release." if form.wanted.final else "Your draft is saved.", "good")
            return redirect(url_for("casestudies.assess", study=study))
    return _page(paper, form, Settling()), form.status


def _form(paper: Paper) -> Grading:
    """Make the form for the edition's rubric, with the comments of the bank to be inserted."""
    edition = current_edition()
    form = grading(scores.rubric(edition.id).criteria, _mine(paper))
    form.offer(bank.offered(edition.id, current_viewer()))
    return form


def _mine(paper: Paper) -> Assessment | None:
    me = current_viewer().person_id
    found = next((one for one in paper.judgements if one.assessor_id == me), None)
    return Assessment(found.levels, found.comment, found.final, found.version) if found else None


def _page(paper: Paper, form: object, settling: Settling) -> str:
    """Show what others found only beside one's own final grading, so that each judges alone."""
    mine, titles = _mine(paper), {module.slug: module.title for module in modules_of(current_edition().id)}
    shown = paper.judgements if mine and mine.final else ()
    criteria = scores.rubric(current_edition().id).criteria
    more = {"shown": shown, "mine": mine, "criteria": criteria, "title": titles.get(paper.module, paper.module)}
    return render_template("casestudies/assess.html", paper=paper, form=form, settling=settling, **more)


@blueprint.post("/e/<edition>/case-studies/<int:study>/settle")
@permission("casestudies.assess")
@limited(60, 600)
def settle(study: int) -> ResponseReturnValue:
    """Agree on a score where assessors are far apart."""
    edition, viewer, form = current_edition(), current_viewer(), Settling()
    paper = queries.paper(edition.id, study, viewer)
    if form.validate_on_submit():
        with form.refusals():
            commands.settle(study, viewer, form.value, form.why.data or "")
            flash("The score is settled.", "good")
            return redirect(url_for("casestudies.assess", study=study))
    return _page(paper, _form(paper), form), form.status


@blueprint.get("/e/<edition>/case-studies/<int:study>/slides")
@permission("casestudies.assess")
def slides(study: int) -> ResponseReturnValue:
    """Give the slides of a case study to who assesses it."""
    return views.sent(queries.paper(current_edition().id, study, current_viewer()).id)


@blueprint.post("/e/<edition>/case-studies/release")
@permission("casestudies.manage")
def release() -> ResponseReturnValue:
    """Release all grades that there are, at once."""
    count = commands.release(current_edition().id, current_viewer())
    flash(f"Grades released: {count}. Each author has a mail.", "good")
    return redirect(url_for("casestudies.to_grade"))


@blueprint.route("/e/<edition>/case-studies/rubric", methods=["GET", "POST"])
@permission("casestudies.manage")
def rubric() -> ResponseReturnValue:
    """Change the words of the rubric."""
    edition = current_edition()
    found = scores.rubric(edition.id)
    form = rubric_form(found.criteria, found.version)
    if form.validate_on_submit():
        with form.refusals():
            commands.set_rubric(edition.id, current_viewer(), form.criteria(), whole(form.version.data))
            flash("The rubric is changed. Gradings keep the levels that they have.", "good")
            return redirect(url_for("casestudies.rubric"))
    form.version.data = str(found.version)
    return render_template("casestudies/rubric.html", form=form), form.status
