"""Pages of those who are asked: what is open, the questionnaire itself, the receipt, and how anonymity works."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.limits import limited
from lms.core.permissions import learner, permission
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_enrolment_id
from lms.questionnaires import catalogue, commands, queries, reading
from lms.questionnaires.forms import Sheet, name_of, sheet_form
from lms.questionnaires.values import Info

blueprint = Blueprint("questionnaires", __name__, template_folder="templates")
ID = "<int(max=2147483647):questionnaire>"


@blueprint.get("/e/<edition>/questionnaires/")
@permission("learner")
def index() -> ResponseReturnValue:
    """List what a learner is asked, and what they have answered."""
    found = queries.mine(current_enrolment_id(), current_edition().id)
    return render_template("questionnaires/index.html", asked=found, now=clock.now())


@blueprint.get("/e/<edition>/questionnaires/anonymity")
@permission("participant")
def anonymity() -> ResponseReturnValue:
    """Explain how answers stay anonymous."""
    return render_template("questionnaires/anonymity.html")


@blueprint.route(f"/e/<edition>/questionnaires/{ID}", methods=["GET", "POST"])
@permission("learner")
@limited(30, 600)
def fill_in(questionnaire: int) -> ResponseReturnValue:
    """Ask, and take the answers."""
    found = _asked(questionnaire)
    if queries.answered(current_enrolment_id(), found.id):
        return render_template("questionnaires/receipt.html", found=found)
    state = found.state(clock.now())
    if state != "open":
        return render_template("questionnaires/shut.html", found=found, state=state), Conflict.status if request.method == "POST" else 200
    form = sheet_form(found.items)
    if form.validate_on_submit() and _take(found, form):
        return redirect(url_for("questionnaires.fill_in", questionnaire=found.id))
    return render_template("questionnaires/fill_in.html", found=found, form=form, name_of=name_of), form.status


def _asked(questionnaire: int) -> Info:
    found = reading.info(questionnaire, current_edition().id)
    mine = current_enrolment_id()
    if not queries.answered(mine, found.id) and not catalogue.includes(found.edition_id, found.audience, mine):
        message = "There is no such questionnaire for you."
        raise NotFound(message)
    return found


def _take(found: Info, form: Sheet) -> bool:
    try:
        quotable = bool(form.quotable and form.quotable.data)
        commands.answer(found.id, current_enrolment_id(), form.given(found.items), quotable=quotable)
    except Invalid as error:
        name = name_of(error.field or "")
        if name not in form:
            message = "The questions were changed a moment ago. Open the page again."
            raise Conflict(message) from error
        form[name].errors = [*form[name].errors, error.message]
        return False
    return True


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Show a learner what waits for their opinion."""
    if viewer.enrolment_id is None or not learner(viewer):
        return
    if waiting := queries.waiting(viewer.enrolment_id, edition.id):
        yield Markup(render_template("questionnaires/card.html", waiting=waiting))  # noqa: S704 - a template's output
