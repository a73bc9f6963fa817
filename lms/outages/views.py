"""Pages about outages, for administrators: the list, one entered by hand, and the decision about one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.mail import Message
from lms.core.permissions import permission
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_viewer
from lms.editions.api import countries_there
from lms.outages import commands, emails, proposing, rules
from lms.outages.forms import Decide, EntryForm
from lms.outages.proposing import OutageInfo, Proposal

blueprint = Blueprint("outages", __name__, template_folder="templates")
MOST_SHOWN = 200


@blueprint.route("/e/<edition>/outages/", methods=["GET", "POST"])
@permission("outages.decide")
def index() -> ResponseReturnValue:
    """List the outages, and put down one that was not detected."""
    edition, form = current_edition(), EntryForm()
    form.offer(countries_there(edition.id))
    if form.validate_on_submit():
        with form.refusals():
            outage = commands.enter(edition, current_viewer(), form.entry(edition.zone))
            return redirect(url_for("outages.outage", outage=outage))
    return render_template("outages/index.html", form=form, outages=proposing.listing(edition), in_words=rules.in_words), form.status


@blueprint.get("/e/<edition>/outages/<int(max=2147483647):outage>")
@permission("outages.decide")
def outage(outage: int) -> ResponseReturnValue:
    """Show an outage with what is proposed for whom, or what was decided."""
    edition = current_edition()
    found = proposing.one(edition.id, outage)
    hours = rules.hours_of(found.length) if found.decision_id else proposing.hours_proposed(edition, found)
    form = Decide(data={"hours": hours, "reason": _reason(edition, found)})
    return _page(edition, found, form, hours)


@blueprint.post("/e/<edition>/outages/<int(max=2147483647):outage>")
@permission("outages.decide")
def decide(outage: int) -> ResponseReturnValue:
    """Give more time as proposed, or none; or show the proposal with other hours."""
    edition, viewer, form = current_edition(), current_viewer(), Decide()
    found = proposing.one(edition.id, outage)
    if form.validate_on_submit() and form.act.data in {"approve", "dismiss"}:
        with form.refusals():
            flash(_done(edition, viewer, found, form), "good")
            return redirect(url_for("outages.outage", outage=outage))
    hours = form.hours.data if form.hours.data and 1 <= form.hours.data <= rules.MOST_HOURS else rules.hours_of(found.length)
    return _page(edition, found, form, hours)


def _done(edition: EditionInfo, viewer: Viewer, found: OutageInfo, form: Decide) -> str:
    """Do what was pressed, and say what was done."""
    if form.act.data == "dismiss":
        commands.dismiss(edition, viewer, found.id, form.reason.data or "")
        return "Dismissed: nobody gets more time because of this outage."
    count = commands.approve(edition, viewer, found.id, form.approval)
    return f"Approved: {count} {'learner gets' if count == 1 else 'learners get'} more time, and a mail."


def _page(edition: EditionInfo, found: OutageInfo, form: Decide, hours: int) -> ResponseReturnValue:
    if found.decision_id:
        progress = proposing.progress(found.decision_id)
        return render_template("outages/decided.html", outage=found, in_words=rules.in_words, progress=progress), form.status
    proposal = proposing.proposal(edition, found, hours)
    form.shown.data = proposal.mark
    context = {"letter": _letter(edition, proposal, form.reason.data or ""), "most": MOST_SHOWN, "in_words": rules.in_words}
    return render_template("outages/proposal.html", outage=found, form=form, proposal=proposal, **context), form.status


def _letter(edition: EditionInfo, proposal: Proposal, reason: str) -> Message | None:
    """Write the mail that the first of those affected would get."""
    if not proposal.people:
        return None
    first = proposal.people[0]
    url = absolute_url("editions.dashboard", edition=edition.slug)
    return emails.made_good(first.name, (edition.title, edition.zone), reason, first.parts, url)


def _reason(edition: EditionInfo, found: OutageInfo) -> str:
    """Propose what to say to learners."""
    here = ZoneInfo(edition.zone)
    since, until = found.since.astimezone(here), found.until.astimezone(here)
    end = f"{until:%H:%M}" if since.date() == until.date() else f"{until:%H:%M} on {until.day} {until:%B}"
    return f"The platform could not be reached from {since:%H:%M} on {since.day} {since:%B} until {end} ({edition.zone})."
