"""Pages about the journey: what those who come say, and what administrators see of it; each look is on record."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import audit, clock
from lms.core.errors import NotFound
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.invitations import looking, queries, rules, travel, views
from lms.invitations.forms import Deciding, Page, whole
from lms.invitations.forms import Travel as TravelForm
from lms.invitations.rules import LARGEST_PAGE

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
MINE = "/e/<edition>/invitation/travel"


@blueprint.get(MINE, endpoint="travel")
@permission("learner")
def own_travel() -> ResponseReturnValue:
    """Show those who come what they said for the journey."""
    found = travel.read(views.invited())
    return _own(TravelForm(obj=found.asked or found.journey), Page())


def _own(form: TravelForm, page: Page) -> ResponseReturnValue:
    mine = queries.own(current_enrolment_id(), current_edition())
    found = travel.read(mine.enrolment_id)
    if mine.state not in rules.COMING:
        message = "Travel details are asked of those who have accepted the invitation."
        raise NotFound(message)
    form.version.data = str(found.version)
    frozen = rules.frozen(mine.gathering, mine.today) and found.version > 0
    closed = not mine.comes or rules.deleted(mine.gathering, mine.today)
    status = max(form.status, page.status)
    state = {"frozen": frozen, "closed": closed, "missing": rules.missing(found.journey), "press": Press()}
    return render_template("invitations/travel.html", mine=mine, found=found, form=form, page_form=page, **state), status


@blueprint.post(MINE)
@permission("learner")
@limited(60, 600)
def save_travel() -> ResponseReturnValue:
    """Keep what somebody says for the journey, or ask for a change."""
    form, enrolment = TravelForm(), views.invited()
    if form.validate():
        with form.refusals():
            kept = travel.save(enrolment, form.journey(), whole(form.version.data))
            flash("Saved." if kept else "Your request is noted. An administrator decides about it, and you get a mail.", "good")
            return redirect(url_for("invitations.travel"))
    return _own(form, Page())


@blueprint.post("/e/<edition>/invitation/passport")
@permission("learner")
@limited(20, 600)
def upload_page() -> ResponseReturnValue:
    """Keep the picture of the passport's page."""
    form, enrolment = Page(), views.invited()
    if form.validate():
        with form.refusals():
            travel.upload(enrolment, form.uploaded("page", LARGEST_PAGE, "A smaller picture is enough.")[1])
            flash("Your passport's page is kept, and sealed.", "good")
            return redirect(url_for("invitations.travel"))
    found = travel.read(enrolment)
    return _own(TravelForm(formdata=None, obj=found.journey), form)


@blueprint.post("/e/<edition>/invitation/passport/remove")
@permission("learner")
def remove_page() -> ResponseReturnValue:
    """Delete the picture of the passport's page."""
    travel.remove_page(views.invited())
    flash("The picture is deleted.", "good")
    return redirect(url_for("invitations.travel"))


@blueprint.get("/e/<edition>/invitation/passport")
@permission("learner")
def own_page() -> ResponseReturnValue:
    """Send those who uploaded it the picture of their passport's page."""
    return _sent(views.invited())


def _sent(enrolment_id: int) -> Response:
    kind, body = travel.page(enrolment_id)
    response = Response(body, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=f"passport-{enrolment_id}.{kind.rpartition('/')[2]}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/e/<edition>/invitations/<int:enrolment>/travel")
@permission("invitations.travel")
def travel_of(enrolment: int) -> ResponseReturnValue:
    """Show an administrator what somebody said for the journey; the person can read who looked."""
    return _travel_of(enrolment, Deciding())


def _travel_of(enrolment: int, form: Deciding) -> ResponseReturnValue:
    edition, found = current_edition(), looking.full(current_edition().id, enrolment)
    _note("travel.look", enrolment, "the travel details and access needs")
    deleted = rules.deleted(queries.require_gathering(edition.id), clock.today(edition.zone))
    page = {"found": found, "known": travel.read(enrolment), "enrolment": enrolment, "deleted": deleted}
    return render_template("invitations/travel_of.html", form=form, **page), form.status


def _note(action: str, enrolment: int, what: str) -> None:
    people = queries.person_of(enrolment)
    audit.seen(current_viewer(), action, ("enrolment", enrolment), people, what=what, edition_id=current_edition().id)


@blueprint.get("/e/<edition>/invitations/<int:enrolment>/passport")
@permission("invitations.travel")
def page_of(enrolment: int) -> ResponseReturnValue:
    """Send an administrator the picture of somebody's passport; the person can read who took it."""
    looking.full(current_edition().id, enrolment)
    response = _sent(enrolment)
    _note("travel.passport", enrolment, "the picture of the passport")
    return response


@blueprint.post("/e/<edition>/invitations/<int:enrolment>/travel/<int:change>")
@permission("invitations.travel")
def decide_travel(enrolment: int, change: int) -> ResponseReturnValue:
    """Grant or refuse a change of travel."""
    form = Deciding()
    if not form.validate():
        return _travel_of(enrolment, form)
    granted = form.verdict.data == "grant"
    travel.decide(current_edition(), enrolment, change, current_viewer(), form.words.data or "", granted=granted)
    flash("The change is made, and a mail says so." if granted else "The request is refused, and a mail says so.", "good")
    return redirect(url_for("invitations.travel_of", enrolment=enrolment))
