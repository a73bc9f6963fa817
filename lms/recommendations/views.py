"""Pages of recommendations: the list, one with its history and voices, drafting, merging, and the final list."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.casestudies.api import case_studies
from lms.core.errors import Forbidden
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.invitations.api import participant
from lms.recommendations import commands, queries, rules
from lms.recommendations.forms import Adopting, Drafting, Merging, Saying, as_it_is, whole
from lms.recommendations.rules import LEVELS, Stance, State
from lms.recommendations.values import RecommendationLine, Whole

blueprint = Blueprint("recommendations", __name__, template_folder="templates")


def _require_there() -> None:
    viewer = current_viewer()
    if not viewer.is_staff and (viewer.enrolment_id is None or participant(viewer.enrolment_id) is None):
        message = "Recommendations are drafted by those who come to the workshop."
        raise Forbidden(message)


@blueprint.get("/e/<edition>/recommendations/")
@permission("participant")
def index() -> ResponseReturnValue:
    """List all recommendations by level: the final list, then what is worked on."""
    _require_there()
    lines = queries.everything(current_edition().id)
    levels = [(words, [line for line in lines if line.level == level]) for level, words in LEVELS.items()]
    return render_template("recommendations/index.html", lines=lines, levels=levels)


@blueprint.route("/e/<edition>/recommendations/new", methods=["GET", "POST"])
@permission("enrolled")
@limited(60, 600)
def new() -> ResponseReturnValue:
    """Draft a recommendation."""
    _require_there()
    form = _drafting({})
    if form.validate_on_submit():
        with form.refusals():
            found = commands.recommend(current_edition().id, current_enrolment_id(), form.draft)
            flash("Your recommendation is drafted. Others can say what they can live with, and word it anew.", "good")
            return redirect(url_for("recommendations.one", recommendation=found))
    return render_template("recommendations/write.html", form=form, found=None), form.status


def _drafting(data: dict[str, object]) -> Drafting:
    form = Drafting(data=data)
    form.offer((study.id, f"{study.title} ({study.name})") for study in case_studies(current_edition().id))
    return form


@blueprint.get("/e/<edition>/recommendations/<int:recommendation>")
@permission("participant")
def one(recommendation: int) -> ResponseReturnValue:
    """Show a recommendation with its wordings, where it comes from, and who can live with it."""
    _require_there()
    return _one(queries.one(current_edition().id, recommendation), Saying(formdata=None), Merging(formdata=None))


def _one(found: Whole, saying: Saying, merging: Merging) -> ResponseReturnValue:
    saying.version.data = str(found.line.version)
    merging.offer(_others(found.line))
    viewer, shown = current_viewer(), {"found": found, "saying": saying, "merging": merging}
    mine = next((voice for voice in found.voices if voice.enrolment_id == viewer.enrolment_id), None)
    comes = viewer.enrolment_id is not None and participant(viewer.enrolment_id) is not None
    may_withdraw = rules.may_withdraw(found.line.author_id, viewer.enrolment_id, staff=viewer.is_staff)
    page = render_template("recommendations/one.html", mine=mine, comes=comes, may_withdraw=may_withdraw, **shown)
    return page, max(saying.status, merging.status)


def _others(line: RecommendationLine) -> list[RecommendationLine]:
    return [other for other in queries.everything(current_edition().id) if other.state == State.DRAFT and other.id != line.id]


@blueprint.route("/e/<edition>/recommendations/<int:recommendation>/words", methods=["GET", "POST"])
@permission("enrolled")
@limited(120, 600)
def reword(recommendation: int) -> ResponseReturnValue:
    """Word a draft anew; what it said before stays in its history."""
    _require_there()
    found = queries.one(current_edition().id, recommendation).line
    form = _drafting(as_it_is(found))
    if form.validate_on_submit():
        with form.refusals():
            why, seen = form.why.data or "", whole(form.version.data)
            commands.reword(current_edition().id, recommendation, current_enrolment_id(), form.draft, version=seen, why=why)
            flash("It is worded anew. What was said of the earlier words stays readable.", "good")
            return redirect(url_for("recommendations.one", recommendation=recommendation))
    form.version.data = str(found.version)  # who has read what is stored may send the same again
    return render_template("recommendations/write.html", form=form, found=found), form.status


@blueprint.post("/e/<edition>/recommendations/<int:recommendation>/voice")
@permission("enrolled")
@limited(240, 600)
def say(recommendation: int) -> ResponseReturnValue:
    """Say that one can live with it, or objects."""
    _require_there()
    form, stance = Saying(), Stance.OBJECT if request.form.get("stance") == Stance.OBJECT else Stance.AGREE
    edition = current_edition().id
    if form.validate_on_submit():
        with form.refusals():
            reason = form.reason.data or "" if stance == Stance.OBJECT else ""
            seen = whole(form.version.data)
            commands.say(edition, recommendation, current_enrolment_id(), stance, reason, version=seen)
            flash("That is noted.", "good")
            return redirect(url_for("recommendations.one", recommendation=recommendation))
    return _one(queries.one(edition, recommendation), form, Merging(formdata=None))


@blueprint.post("/e/<edition>/recommendations/<int:recommendation>/withdraw")
@permission("enrolled")
def withdraw(recommendation: int) -> ResponseReturnValue:
    """Take a draft back."""
    Press()
    _require_there()
    commands.withdraw(current_edition().id, recommendation, current_viewer())
    flash("The recommendation is withdrawn.", "good")
    return redirect(url_for("recommendations.index"))


@blueprint.post("/e/<edition>/recommendations/<int:recommendation>/merge")
@permission("recommendations.lead")
def merge(recommendation: int) -> ResponseReturnValue:
    """Let another draft take this one up."""
    found, form = queries.one(current_edition().id, recommendation), Merging()
    form.offer(_others(found.line))
    if form.validate_on_submit():
        with form.refusals():
            commands.merge(current_edition().id, recommendation, form.into.data or 0, current_viewer())
            flash("It is part of the other now, which has its case studies, too.", "good")
            return redirect(url_for("recommendations.one", recommendation=form.into.data))
    return _one(found, Saying(formdata=None), form)


@blueprint.route("/e/<edition>/recommendations/list", methods=["GET", "POST"])
@permission("recommendations.adopt")
@limited(60, 600)
def adopt() -> ResponseReturnValue:
    """Make the final list, numbered by level in the order of the places given."""
    edition, form = current_edition(), Adopting()
    lines = [line for line in queries.everything(edition.id) if line.state in {State.DRAFT, State.ADOPTED}]
    places = {line.id: whole(request.form.get(f"place-{line.id}")) for line in lines} if form.is_submitted() else {}
    if form.validate_on_submit():
        with form.refusals():
            chosen = sorted((line for line in lines if places[line.id]), key=lambda line: (places[line.id], line.id))
            count = commands.adopt(edition.id, [line.id for line in chosen], current_viewer(), despite=form.despite.data or "")
            flash(f"The final list has {count} recommendations.", "good")
            return redirect(url_for("recommendations.index"))
    return render_template("recommendations/adopt.html", form=form, lines=lines, places=places, levels=LEVELS), form.status
