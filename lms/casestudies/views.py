"""Pages of participants: handing a case study in, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.casestudies import commands, queries, slides, uploads
from lms.casestudies.forms import HandIn
from lms.core.errors import Forbidden
from lms.core.forms import whole
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_enrolment_id
from lms.invitations.api import participant
from lms.modules.api import modules_of

blueprint = Blueprint("casestudies", __name__, template_folder="templates")


@blueprint.route("/e/<edition>/case-study", methods=["GET", "POST"])
@permission("learner")
@limited(60, 600)
def own() -> ResponseReturnValue:
    """Hand a case study in, change it until it is released, and see the grade then."""
    edition, enrolment = current_edition(), current_enrolment_id()
    require_participant(enrolment)
    mine = queries.own(enrolment)
    form = HandIn(obj=mine)
    modules = {module.slug: module.title for module in modules_of(edition.id)}
    form.offer(list(modules.items()))
    if form.validate_on_submit():
        with form.refusals():
            _hand_in(form, edition, enrolment)
            return redirect(url_for("casestudies.own"))
    form.version.data = str(mine.version if mine else 0)  # who has read what is stored may send the same again
    waiting = uploads.waiting(enrolment)
    form.upload.data = str(waiting.id) if waiting and waiting.whole else ""
    return render_template("casestudies/own.html", mine=mine, form=form, modules=modules, waiting=waiting), form.status


def require_participant(enrolment: int) -> None:
    """Raise `Forbidden` for who does not come to the workshop."""
    if participant(enrolment) is None:
        message = "Case studies are for those who come to the workshop."
        raise Forbidden(message)


def _hand_in(form: HandIn, edition: EditionInfo, enrolment: int) -> None:
    """Take text and slides together, or nothing."""
    commands.hand_in(edition.id, enrolment, form.text, version=whole(form.version.data))
    if found := _uploaded(form, enrolment):
        commands.put_slides(enrolment, *found)
        uploads.discard(enrolment)
    flash("Your case study is handed in. You can change it until the grades are released.", "good")


def _uploaded(form: HandIn, enrolment: int) -> tuple[str, bytes] | None:
    """Give the file that came with the form, or else the one that has arrived in parts."""
    upload = request.files.get("slides")
    if upload is None or not upload.filename:
        arrived = whole(form.upload.data)
        return uploads.take(enrolment, arrived) if arrived else None
    return form.uploaded("slides", slides.MOST_BYTES, slides.SMALLER)


@blueprint.get("/e/<edition>/case-study/slides")
@permission("learner")
def own_slides() -> ResponseReturnValue:
    """Give one's own slides back."""
    mine = queries.own(current_enrolment_id())
    return sent(mine.id if mine else 0)


def sent(study_id: int) -> Response:
    """Send slides as a file, never to be shown inside a page of ours."""
    kind, body = queries.slides(study_id)
    response = Response(body, mimetype=slides.KINDS[kind])
    response.headers.set("Content-Disposition", "attachment", filename=f"case-study-{study_id}.{kind}")
    return response


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Ask a participant for the case study as long as there is none, and tell when it is graded."""
    del edition
    if viewer.enrolment_id is None or participant(viewer.enrolment_id) is None:
        return
    mine = queries.own(viewer.enrolment_id)
    if mine is None or mine.released_at:
        yield Markup(render_template("casestudies/card.html", mine=mine))  # noqa: S704 - rendered with escapes
