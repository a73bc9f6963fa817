"""Pages on which staff follow what became of mails."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.deliveries import commands, queries
from lms.deliveries.forms import Correction

blueprint = Blueprint("deliveries", __name__, template_folder="templates")


@blueprint.get("/e/<edition>/deliveries/")
@permission("deliveries.read")
def index() -> ResponseReturnValue:
    """List the mails to many, and tell how many mails did not arrive."""
    edition = current_edition()
    lines, before = queries.mailings(edition.id, number("before"))
    return render_template("deliveries/index.html", lines=lines, before=before, failed=queries.failed(edition.id))


@blueprint.get("/e/<edition>/deliveries/<int:mailing>")
@permission("deliveries.read")
def one(mailing: int) -> ResponseReturnValue:
    """Show how many mails of a mailing were sent, wait or did not arrive, and these with their causes."""
    edition = current_edition()
    line = queries.mailing(edition.id, mailing)
    failures, after = queries.failures(edition.id, mailing, number("after"))
    return render_template("deliveries/one.html", line=line, failures=failures, after=after)


@blueprint.get("/e/<edition>/deliveries/failed")
@permission("deliveries.correct")
def failed() -> ResponseReturnValue:
    """List every mail of the edition that did not arrive."""
    failures, after = queries.failures(current_edition().id, after=number("after"))
    return render_template("deliveries/failed.html", failures=failures, after=after)


@blueprint.post("/e/<edition>/deliveries/mails/<int:mail>/again")
@permission("deliveries.correct")
def again(mail: int) -> ResponseReturnValue:
    """Send a mail again as it is."""
    commands.again(current_edition(), current_viewer(), mail)
    flash("The mail is on its way again.", "good")
    return redirect(url_for("deliveries.failed"))


@blueprint.route("/e/<edition>/deliveries/mails/<int:mail>", methods=["GET", "POST"])
@permission("deliveries.correct")
def correct(mail: int) -> ResponseReturnValue:
    """Correct the address that a mail did not reach, and send again what failed."""
    failure, form = queries.failure(current_edition().id, mail), Correction()
    if form.validate_on_submit():
        with form.refusals():
            count = commands.correct(current_edition(), current_viewer(), mail, form.email.data or "")
            flash(f"The address is corrected, and {'1 mail is' if count == 1 else f'{count} mails are'} on the way to it.", "good")
            return redirect(url_for("deliveries.failed"))
    return render_template("deliveries/correct.html", failure=failure, form=form), form.status
