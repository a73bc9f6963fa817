"""Pages of the desk: who is there, the code to show, sheets of paper, devices without a network, disputes and walk-ins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import segno
from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from lms.core import audit, clock
from lms.core.assets import read_asset
from lms.core.domain import Enrolment
from lms.core.errors import NotFound
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.names import plain
from lms.core.permissions import permission
from lms.core.urls import absolute_url
from lms.core.viewer import current_edition, current_viewer
from lms.invitations.api import participants
from lms.workshops import attendance, days, desk, sheets, views
from lms.workshops.forms import Deciding, Marks, WalkInForm, whole
from lms.workshops.rules import How, State
from lms.workshops.values import AttendanceSheet, Entry, HalfDayInfo

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
MOST_LAG = timedelta(days=2)


@blueprint.get("/e/<edition>/workshop/desk/")
@permission("workshops.desk")
def desk_index() -> ResponseReturnValue:
    """Show the half-days with counts, and what somebody has to decide."""
    return _index(Deciding(formdata=None))


def _index(form: Deciding, sent: int = 0) -> ResponseReturnValue:
    """Show the page; `sent` is the mark that somebody was deciding about."""
    edition = current_edition()
    sheet = sheets.attendance(edition.id)
    _look(edition.id)
    counts = {half.id: {state: _count(sheet, half, state) for state in State} for half in sheet.half_days}
    waiting = {"disputes": sheets.disputes(edition.id), "visitors": sheets.visitors(edition.id)}
    return render_template("workshops/desk.html", sheet=sheet, counts=counts, form=form, sent=sent, **waiting), form.status


def _count(sheet: AttendanceSheet, half: HalfDayInfo, state: State) -> int:
    found = (one.marks.get(half.id) for one in sheet.attendees)
    return sum(mark is not None and mark.state == state for mark in found)


def _look(edition_id: int) -> None:
    whom = [one.enrolment_id for one in participants(edition_id)]
    people = select(Enrolment.person_id).where(Enrolment.id.in_(whom))
    what = "attendance of the workshop"
    audit.seen(current_viewer(), "attendance.look", ("edition", edition_id), people, what=what, edition_id=edition_id)


@blueprint.route("/e/<edition>/workshop/desk/<int:half_day>", methods=["GET", "POST"])
@permission("workshops.desk")
@limited(240, 600)
def mark_list(half_day: int) -> ResponseReturnValue:
    """Mark who is there in a half-day, by the list or from a sheet of paper."""
    edition, form = current_edition(), Marks()
    half, sheet = days.half_day(edition.id, half_day), sheets.attendance(edition.id)
    wanted = _wanted(sheet) if form.is_submitted() else {}
    if form.validate_on_submit():
        with form.refusals():
            count = _mark(half, sheet, wanted, form.reason.data or "")
            flash(f"Marked: {count}." if count else "Nothing was changed.", "good" if count else "info")
            return redirect(url_for("workshops.mark_list", half_day=half.id))
    return _list(half, sheet, form, wanted, WalkInForm(formdata=None)), form.status


def _list(half: HalfDayInfo, sheet: AttendanceSheet, form: Marks, wanted: Mapping[int, State], walk_in: WalkInForm) -> str:
    _look(current_edition().id)
    return render_template("workshops/list.html", half=half, sheet=sheet, form=form, wanted=wanted, walk_in=walk_in)


def _wanted(sheet: AttendanceSheet) -> dict[int, State]:
    """Read the states that were chosen; what is none counts as not chosen."""
    said = {one.enrolment_id: request.form.get(f"state-{one.enrolment_id}", "") for one in sheet.attendees}
    return {enrolment: State(text) for enrolment, text in said.items() if text in set(State)}


def _mark(half: HalfDayInfo, sheet: AttendanceSheet, wanted: Mapping[int, State], reason: str) -> int:
    """Mark those whose state is another than before, and tell how many."""
    how = How.PAPER if request.form.get("how") == How.PAPER else How.LIST
    stands = {one.enrolment_id: one.marks.get(half.id) for one in sheet.attendees}
    new = {enrolment: state for enrolment, state in wanted.items() if (mark := stands[enrolment]) is None or mark.state != state}
    for enrolment, state in new.items():
        attendance.record(Entry(half.id, enrolment, state, how, reason=reason), current_viewer())
    return len(new)


@blueprint.post("/e/<edition>/workshop/desk/<int:half_day>/walk-in")
@permission("workshops.desk")
@limited(120, 600)
def walk_in(half_day: int) -> ResponseReturnValue:
    """Note somebody who came and is not on the list."""
    edition, form = current_edition(), WalkInForm()
    half = days.half_day(edition.id, half_day)
    if form.validate_on_submit():
        desk.note_walk_in(half.id, form.name.data or "", form.institution.data or "", current_viewer())
        flash("Noted. Say on the desk's page who it is.", "good")
        return redirect(url_for("workshops.desk_index"))
    return _list(half, sheets.attendance(edition.id), Marks(formdata=None), {}, form), form.status


@blueprint.post("/e/<edition>/workshop/desk/walk-ins/<int:walk_in>")
@permission("workshops.desk")
def settle_walk_in(walk_in: int) -> ResponseReturnValue:
    """Say which participant a walk-in is, or that they are none."""
    Press()
    desk.settle_walk_in(current_edition().id, walk_in, current_viewer(), whole(request.form.get("enrolment")) or None)
    flash("That is settled.", "good")
    return redirect(url_for("workshops.desk_index"))


@blueprint.post("/e/<edition>/workshop/desk/disputes/<int:mark>")
@permission("workshops.desk")
def settle(mark: int) -> ResponseReturnValue:
    """Decide which of two marks holds."""
    form = Deciding()
    if form.validate_on_submit():
        with form.refusals():
            take = request.form.get("take") == "yes"
            attendance.settle(current_edition().id, mark, current_viewer(), take=take, reason=form.reason.data or "")
            flash("That is settled.", "good")
            return redirect(url_for("workshops.desk_index"))
    return _index(form, mark)


@blueprint.get("/e/<edition>/workshop/desk/<int:half_day>/code")
@permission("workshops.desk")
def show_code(half_day: int) -> ResponseReturnValue:
    """Show the code of a half-day, large and as a QR code, for a screen."""
    edition = current_edition()
    half = days.half_day(edition.id, half_day)
    code = days.code_of(half.id)
    url = absolute_url("workshops.home", edition=edition.slug, code=code)
    drawing = segno.make(url, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    qr = Markup(drawing)  # noqa: S704 - a drawing of our own
    return render_template("workshops/code.html", half=half, code=code, qr=qr, url=url)


@blueprint.get("/e/<edition>/workshop/desk/<int:half_day>/sheet")
@permission("workshops.desk")
def paper_sheet(half_day: int) -> ResponseReturnValue:
    """Give a sheet to print and sign; it is typed in on the list."""
    edition = current_edition()
    half = days.half_day(edition.id, half_day)
    _look(edition.id)
    return render_template("workshops/sheet.html", half=half, people=participants(edition.id))


@blueprint.get("/e/<edition>/workshop/desk/device")
@permission("workshops.desk")
def device() -> ResponseReturnValue:
    """Give the list for a device that may be without a network; here alone, the camera may be asked for, to read badges."""
    edition = current_edition()
    _look(edition.id)
    sheet = sheets.attendance(edition.id)
    page = render_template("workshops/device.html", halves=sheet.half_days, sheet=sheet, plain=plain)
    return page, {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}


@blueprint.get("/e/<edition>/workshop/desk/worker.js")
@permission("workshops.desk")
def device_worker() -> ResponseReturnValue:
    """Give the script that opens the device's page without a network; from here it reaches the desk's pages alone."""
    return Response(read_asset("desk-worker.js"), mimetype="text/javascript")


@blueprint.post("/e/<edition>/workshop/desk/marks")
@permission("workshops.desk")
@limited(240, 600)
def take_marks() -> ResponseReturnValue:
    """Take what a device has marked, each once."""
    Press()
    lag = _lag(request.form.get("now", ""))
    found = desk.take(current_edition().id, request.form.get("marks", ""), current_viewer(), lag=lag)
    return jsonify({taken.key: {"what": taken.what, "words": taken.words} for taken in found})


def _lag(said: str) -> timedelta:
    """Tell how far the device's clock is behind; one that is off by days, or says nothing, is taken at its word."""
    try:
        lag = clock.now() - clock.parse(said)
    except (ValueError, OverflowError):
        return timedelta(0)
    return lag if abs(lag) <= MOST_LAG else timedelta(0)


@blueprint.get("/e/<edition>/workshop/attendance/<int:enrolment>")
@permission("workshops.desk")
def person(enrolment: int) -> ResponseReturnValue:
    """Show everything that was marked of a participant."""
    edition = current_edition()
    sheet = sheets.attendance(edition.id)
    one = next((found for found in sheet.attendees if found.enrolment_id == enrolment), None)
    if one is None:
        message = "There is no such participant."
        raise NotFound(message)
    _look(edition.id)
    return render_template("workshops/person.html", one=one, sheet=sheet, past=sheets.history(edition.id, enrolment))
