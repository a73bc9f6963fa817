"""Pages of the comment bank of assessors."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.casestudies import bank, upload_views
from lms.casestudies.forms import PhraseForm
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer

# The feature's blueprint, with these pages on it.
blueprint = upload_views.blueprint
BANK = "/e/<edition>/case-studies/comments"


@blueprint.route(BANK, methods=["GET", "POST"])
@permission("casestudies.assess")
@limited(120, 600)
def comments() -> ResponseReturnValue:
    """Show the bank, and put a comment into it."""
    edition, viewer, form = current_edition(), current_viewer(), PhraseForm()
    if form.validate_on_submit():
        with form.refusals():
            bank.keep(edition.id, viewer, form.comment.data or "", shared=form.shared.data)
            flash("The comment is in your bank.", "good")
            return redirect(url_for("casestudies.comments"))
    return render_template("casestudies/comments.html", form=form, phrases=bank.offered(edition.id, viewer)), form.status


@blueprint.route(f"{BANK}/<int:phrase>", methods=["GET", "POST"])
@permission("casestudies.assess")
@limited(120, 600)
def comment(phrase: int) -> ResponseReturnValue:
    """Change a comment of one's own bank."""
    edition, viewer = current_edition(), current_viewer()
    row = bank.mine(edition.id, phrase, viewer)
    form = PhraseForm(data={"comment": row.text, "shared": row.shared})
    if form.validate_on_submit():
        bank.change(edition.id, phrase, viewer, form.comment.data or "", shared=form.shared.data)
        flash("The comment is changed in your bank. Where it was inserted, it stays as it was.", "good")
        return redirect(url_for("casestudies.comments"))
    return render_template("casestudies/comment.html", form=form), form.status


@blueprint.post(f"{BANK}/<int:phrase>/remove")
@permission("casestudies.assess")
def remove_comment(phrase: int) -> ResponseReturnValue:
    """Take a comment out of one's own bank."""
    Press()
    bank.remove(current_edition().id, phrase, current_viewer())
    flash("The comment is out of your bank. Where it was inserted, it stays.", "good")
    return redirect(url_for("casestudies.comments"))
