"""Pages of participants: the workshop, checking in, the agenda and its calendar; and what stands on the dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock
from lms.core.calendars import calendar, sent
from lms.core.errors import Forbidden
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_enrolment_id, current_viewer
from lms.invitations.api import gathering, participant
from lms.workshops import attendance, awarding, days, programme, sheets
from lms.workshops.calendar import entry
from lms.workshops.forms import CheckIn
from lms.workshops.rules import Standing
from lms.workshops.values import HalfDayInfo, Noted

blueprint = Blueprint("workshops", __name__, template_folder="templates")
TRIES, WINDOW = 5, 900


def require_there() -> None:
    """Raise `Forbidden` for who neither comes to the workshop nor belongs to the staff."""
    viewer = current_viewer()
    if not viewer.is_staff and (viewer.enrolment_id is None or participant(viewer.enrolment_id) is None):
        message = "This is for those who come to the workshop."
        raise Forbidden(message)


@blueprint.get("/e/<edition>/workshop/")
@permission("learner")
def home() -> ResponseReturnValue:
    """Show a participant the check-in, what is marked, and what the certificate still takes."""
    code = request.args.get("code", "")[:20]
    return _home(CheckIn(formdata=None, data={"code": code if code.isascii() and code.isalnum() else ""}))


def _home(form: CheckIn) -> ResponseReturnValue:
    require_there()
    edition, enrolment = current_edition(), current_enrolment_id()
    shown = {"halves": days.half_days(edition.id), "marks": sheets.marks_of(enrolment), "place": gathering(edition.id)}
    mine = awarding.candidate(edition.id, enrolment)
    return render_template("workshops/home.html", form=form, mine=mine, **shown), form.status


@blueprint.post("/e/<edition>/workshop/check-in")
@permission("learner")
@limited(TRIES, WINDOW, remedy="Ask the desk: they put you down by hand.")
def check_in() -> ResponseReturnValue:
    """Mark who types the code of a half-day as present."""
    require_there()
    form, edition = CheckIn(), current_edition()
    if form.validate_on_submit():
        with form.refusals():
            half, noted = attendance.check_in(edition.id, current_enrolment_id(), form.code.data or "")
            _say(half, noted)
            return redirect(url_for("workshops.home"))
    return _home(form)


def _say(half: HalfDayInfo, noted: Noted) -> None:
    """Tell what came of it, at the time on the clocks of the place."""
    if noted.standing == Standing.CONFLICT:
        flash(f"{half.label}: the desk has put you down as {noted.state}. Please ask the desk to look at it.", "warn")
        return
    time = f"{noted.at.astimezone(ZoneInfo(current_edition().zone)):%H:%M}"
    early = f": it counts from {time}, when the half-day begins" if noted.at > clock.now() else f" {time}"
    flash(f"{half.label}: {noted.state}{early}.", "good")


@blueprint.get("/e/<edition>/workshop/agenda")
@permission("participant")
def agenda() -> ResponseReturnValue:
    """Show the agenda, to read and to print."""
    require_there()
    edition = current_edition()
    found = programme.by_day(programme.agenda(edition.id), edition.zone)
    return render_template("workshops/agenda.html", days=found, place=gathering(edition.id))


@blueprint.get("/e/<edition>/workshop/agenda.ics")
@permission("participant")
def agenda_file() -> ResponseReturnValue:
    """Give the agenda as a calendar."""
    require_there()
    edition = current_edition()
    host = urlsplit(current_app.extensions["settings"].base_url).hostname or "localhost"
    entries = [entry(talk, host) for talk in programme.agenda(edition.id)]
    return sent(calendar(entries, f"Workshop of {edition.title}", clock.now()), f"workshop-{edition.slug}.ics")


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Lead a participant to the workshop."""
    if viewer.enrolment_id is not None and participant(viewer.enrolment_id) and days.half_days(edition.id):
        yield Markup(render_template("workshops/card.html"))  # noqa: S704 - rendered with escapes
