"""Pages of administrators: the days of a workshop, the dry run of its certificates, waivers, awarding, the ceremony's list."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.core import audit
from lms.core.domain import Enrolment
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.invitations.api import gathering
from lms.workshops import agenda_views, awarding, days
from lms.workshops.forms import Days, Keeping, WaiverForm, days_as_they_are, whole
from lms.workshops.rules import Need
from lms.workshops.values import Candidate

# The feature's blueprint, with these pages on it.
blueprint = agenda_views.blueprint


@blueprint.route("/e/<edition>/workshop/days", methods=["GET", "POST"])
@permission("workshops.manage")
@limited(60, 600)
def lay_out() -> ResponseReturnValue:
    """Lay out the days of the workshop and the hours of its half-days."""
    edition, place = current_edition(), gathering(current_edition().id)
    halves = days.half_days(edition.id)
    usual = {"first": place.starts_on, "last": place.ends_on} if place else {}
    form = Days(data={**usual, **days_as_they_are(halves, edition.zone)})
    if form.validate_on_submit():
        with form.refusals():
            days.set_up(edition.id, form.days(), current_viewer(), form.hours())
            flash("The half-days are laid out. Each has its code.", "good")
            return redirect(url_for("workshops.desk_index"))
    return render_template("workshops/days.html", form=form, halves=halves, place=place), form.status


@blueprint.get("/e/<edition>/workshop/awards/")
@permission("workshops.manage")
def awards() -> ResponseReturnValue:
    """Show who would get the workshop's certificate, and who would not and why."""
    return _awards(Keeping(formdata=None))


def _awards(keeping: Keeping, sent: int = 0) -> ResponseReturnValue:
    """Show the page; `sent` is the enrolment whose certificate somebody was letting stand."""
    edition = current_edition()
    found = awarding.dry_run(edition.id)
    _look(edition.id, found)
    new = [one for one in found if one.ok and one.certificate_id is None]
    waiting = awarding.asked(edition.id)
    return render_template("workshops/awards.html", found=found, new=new, waiting=waiting, keeping=keeping, sent=sent), keeping.status


def _look(edition_id: int, found: tuple[Candidate, ...]) -> None:
    people = select(Enrolment.person_id).where(Enrolment.id.in_([one.enrolment_id for one in found]))
    what = "what the workshop's certificate takes"
    audit.seen(current_viewer(), "workshop.look", ("edition", edition_id), people, what=what, edition_id=edition_id)


@blueprint.get("/e/<edition>/workshop/awards/ceremony")
@permission("workshops.manage")
def ceremony() -> ResponseReturnValue:
    """List those who are awarded, by country and name, for whoever hands the certificates over."""
    edition = current_edition()
    found = [one for one in awarding.dry_run(edition.id) if one.awarded]
    _look(edition.id, tuple(found))
    women = sum(one.gender == "woman" for one in found)
    return render_template("workshops/ceremony.html", found=sorted(found, key=lambda one: (one.country, one.name)), women=women)


@blueprint.post("/e/<edition>/workshop/awards/issue")
@permission("workshops.manage")
def award() -> ResponseReturnValue:
    """Award everybody who has earned it; refused if there are others by now."""
    Press()
    count = awarding.issue(current_edition().id, current_viewer(), expected=whole(request.form.get("count")))
    flash(f"Awarded: {count}. The certificates are being printed and mailed.", "good")
    return redirect(url_for("workshops.awards"))


@blueprint.route("/e/<edition>/workshop/awards/<int:enrolment>/waiver", methods=["GET", "POST"])
@permission("workshops.manage")
@limited(60, 600)
def waiver(enrolment: int) -> ResponseReturnValue:
    """Ask that a participant need not have something for the certificate."""
    edition, form = current_edition(), WaiverForm()
    one = awarding.require_candidate(edition.id, enrolment)
    if form.validate_on_submit():
        with form.refusals():
            awarding.ask_waiver(edition.id, enrolment, Need(form.need.data), form.reason.data or "", current_viewer())
            flash("It waits for another administrator now.", "good")
            return redirect(url_for("workshops.awards"))
    return render_template("workshops/waiver.html", one=one, form=form), form.status


@blueprint.post("/e/<edition>/workshop/awards/waivers/<int:waiver>/grant")
@permission("workshops.manage")
def grant(waiver: int) -> ResponseReturnValue:
    """Grant what another administrator has asked for."""
    Press()
    awarding.grant_waiver(current_edition().id, waiver, current_viewer())
    flash("The waiver is granted.", "good")
    return redirect(url_for("workshops.awards"))


@blueprint.post("/e/<edition>/workshop/awards/waivers/<int:waiver>/refuse")
@permission("workshops.manage")
def refuse(waiver: int) -> ResponseReturnValue:
    """Refuse a waiver, or take one's own request back."""
    Press()
    awarding.refuse_waiver(current_edition().id, waiver, current_viewer())
    flash("The waiver is refused.", "good")
    return redirect(url_for("workshops.awards"))


@blueprint.post("/e/<edition>/workshop/awards/<int:enrolment>/keep")
@permission("workshops.manage")
def keep(enrolment: int) -> ResponseReturnValue:
    """Let a certificate stand though attendance does not bear it any more."""
    form = Keeping()
    awarding.in_doubt(current_edition().id, enrolment)
    if form.validate_on_submit():
        with form.refusals():
            awarding.keep(current_edition().id, enrolment, current_viewer(), form.why.data or "")
            flash("The certificate stands, with your reason.", "good")
            return redirect(url_for("workshops.awards"))
    return _awards(form, enrolment)
