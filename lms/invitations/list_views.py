"""What administrators print and hand on: badges, sheets to sign, the participants, and locked lists for the journey."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from lms.core import audit, clock
from lms.core.errors import Conflict
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.plugins import on_demand
from lms.core.slots import collect
from lms.core.spreadsheet import packed
from lms.core.viewer import current_edition, current_viewer
from lms.invitations import queries, rules, travel_lists, travel_views
from lms.invitations.emails import day
from lms.invitations.forms import Taking
from lms.invitations.values import HEADINGS, Receiver, Sheet, State

# The feature's blueprint, with these pages on it.
blueprint = travel_views.blueprint
LISTS = "/e/<edition>/invitations/travel"
HALF_DAYS = "invitations.half_days"


@blueprint.get("/e/<edition>/invitations/<any(badges,'sign-in',participants):sheet>.pdf")
@permission("invitations.manage")
@limited(30, 600, methods=("GET",))
def sheet(sheet: str) -> ResponseReturnValue:
    """Send badges, sheets to sign or the list of participants, for those who come."""
    edition, gathering = current_edition(), queries.require_gathering(current_edition().id)
    coming = [one for one in queries.participants(edition.id) if one.state != State.ABSENT]
    if not coming:
        message = "Nobody has accepted yet, so there is nothing to print."
        raise Conflict(message)
    found, people = Sheet(sheet), queries.person_of(*(one.enrolment_id for one in coming))
    what = f"{HEADINGS[found].lower()} (PDF) with name, institution and country"
    about, chosen_sheet = ("edition", edition.id), {"sheet": sheet}
    audit.seen(current_viewer(), "invitations.print", about, people, what=what, edition_id=edition.id, filter=chosen_sheet)
    signed = collect(HALF_DAYS, edition.id) or [day(one) for one in rules.days_of(gathering)]
    printed = on_demand("lms.invitations.printing").sheet(found, gathering, coming, signed, clock.today(edition.zone))
    return _pdf(printed, f"{edition.slug}-{sheet}.pdf")


def _pdf(body: bytes, name: str) -> Response:
    response = Response(body, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get(LISTS, endpoint="lists")
@permission("invitations.travel")
def show_lists() -> ResponseReturnValue:
    """Show who has said what is needed for the journey, and what lists can be taken."""
    return _lists(Taking())


def _lists(form: Taking) -> ResponseReturnValue:
    edition, gathering = current_edition(), queries.require_gathering(current_edition().id)
    people, today = travel_lists.travellers(edition.id), clock.today(edition.zone)
    if form.password.errors or not form.password.data:
        form.password.data = travel_lists.password()
    state = {"frozen": rules.frozen(gathering, today), "deleted": rules.deleted(gathering, today)}
    return render_template("invitations/lists.html", form=form, people=people, gathering=gathering, **state), form.status


@blueprint.post(LISTS)
@permission("invitations.travel")
@limited(20, 600)
def take_list() -> ResponseReturnValue:
    """Send a list for the journey as a file that a password locks; everybody on it can read who took it, and why."""
    form, edition = Taking(), current_edition()
    if not form.validate():
        return _lists(form)
    gathering, people = queries.require_gathering(edition.id), travel_lists.travellers(edition.id)
    if not people or rules.deleted(gathering, clock.today(edition.zone)):
        message = "There are no travel details: nobody comes, or they were deleted on their day."
        raise Conflict(message)
    receiver = Receiver(form.receiver.data)
    found = travel_lists.listed(receiver, people)
    printed = on_demand("lms.invitations.printing").travel(found, gathering, clock.today(edition.zone))
    table = packed([found.heads, *found.rows], found.heading[:31])
    body = on_demand("lms.invitations.locking").locked(printed, form.password.data, f"{receiver}.xlsx", table)
    _note(receiver, form.reason.data or "", people)
    return _pdf(body, f"{edition.slug}-{receiver}.pdf")


def _note(receiver: Receiver, reason: str, people: tuple[travel_lists.Traveller, ...]) -> None:
    edition, heads = current_edition(), ", ".join(travel_lists.HEADS[receiver]).lower()
    what = f"a locked list, {travel_lists.HEADINGS[receiver].lower()} ({heads}), for this reason: {reason}"
    theirs, chosen = queries.person_of(*(one.enrolment_id for one in people)), {"list": receiver}
    audit.seen(current_viewer(), "travel.export", ("edition", edition.id), theirs, what=what, edition_id=edition.id, filter=chosen)
