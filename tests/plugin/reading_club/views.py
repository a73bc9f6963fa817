"""The reading club's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.forms import Form, paragraphs
from lms.core.permissions import permission
from lms.core.viewer import current_enrolment_id, current_viewer

from . import commands, queries

blueprint = Blueprint("reading_club", __name__, template_folder="templates")


class NoteForm(Form):
    """What a learner has read."""

    text = paragraphs("What have you read, and what will you keep of it?", most=2000)


@blueprint.get("/e/<edition>/reading-club")
@permission("participant")
def club() -> ResponseReturnValue:
    """Show the club to everybody in the edition, with the learner's own note."""
    form = NoteForm(text=queries.note(current_viewer().enrolment_id))
    return render_template("reading_club/club.html", form=form)


@blueprint.post("/e/<edition>/reading-club")
@permission("learner")
def write() -> ResponseReturnValue:
    """Keep a learner's note; what is wrong with it is said beside the field."""
    form = NoteForm()
    if form.validate_on_submit():
        commands.write(current_enrolment_id(), current_viewer().person_id, form.text.data or "")
        flash("Your note is saved.", "good")
        return redirect(url_for("reading_club.club"))
    return render_template("reading_club/club.html", form=form), form.status
