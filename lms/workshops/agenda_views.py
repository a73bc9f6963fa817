"""Pages on which staff plan sessions, place case studies in them, and write down what they brought."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.casestudies.api import case_studies
from lms.core.forms import Press
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.workshops import agenda, desk_views, programme
from lms.workshops.forms import Placing, RecordForm, SessionForm, record_as_it_is, session_as_it_is, whole
from lms.workshops.talks import Talk

# The feature's blueprint, with these pages on it.
blueprint = desk_views.blueprint


@blueprint.route("/e/<edition>/workshop/sessions/new", methods=["GET", "POST"])
@permission("workshops.desk")
@limited(120, 600)
def new_session() -> ResponseReturnValue:
    """Put a session into the agenda."""
    edition, form = current_edition(), SessionForm()
    if form.validate_on_submit():
        with form.refusals():
            agenda.plan(edition.id, form.plan(edition.zone), current_viewer())
            flash("The session is in the agenda.", "good")
            return redirect(url_for("workshops.agenda"))
    return render_template("workshops/new_session.html", form=form), form.status


@blueprint.route("/e/<edition>/workshop/sessions/<int:session>", methods=["GET", "POST"])
@permission("workshops.desk")
@limited(240, 600)
def session(session: int) -> ResponseReturnValue:
    """Change what is planned for a session."""
    edition, talk = current_edition(), programme.talk(current_edition().id, session)
    form = SessionForm(data=session_as_it_is(talk, edition.zone))
    if form.validate_on_submit():
        with form.refusals():
            agenda.change(edition.id, session, form.plan(edition.zone), current_viewer(), version=whole(form.version.data))
            flash("The session is changed.", "good")
            return redirect(url_for("workshops.agenda"))
    form.version.data = str(talk.version)  # who has read what is stored may send the same again
    return _session(talk, form, _placing(talk)), form.status


def _placing(talk: Talk) -> Placing:
    form = Placing(data={"studies": [slot.case_study_id for slot in talk.slots]})
    form.offer((study.id, f"{study.title} ({study.name})") for study in case_studies(current_edition().id))
    return form


def _session(talk: Talk, form: SessionForm, placing: Placing) -> str:
    return render_template("workshops/session.html", talk=talk, form=form, placing=placing)


@blueprint.post("/e/<edition>/workshop/sessions/<int:session>/case-studies")
@permission("workshops.desk")
def place(session: int) -> ResponseReturnValue:
    """Say which case studies are presented in a session."""
    edition, talk = current_edition(), programme.talk(current_edition().id, session)
    form = _placing(talk)
    if form.validate_on_submit():
        agenda.place(edition.id, session, form.studies.data or [], current_viewer())
        flash("The case studies have their slots.", "good")
        return redirect(url_for("workshops.agenda"))
    return _session(talk, SessionForm(formdata=None, data=session_as_it_is(talk, edition.zone)), form), form.status


@blueprint.post("/e/<edition>/workshop/sessions/<int:session>/remove")
@permission("workshops.desk")
def remove_session(session: int) -> ResponseReturnValue:
    """Take a session out of the agenda."""
    Press()
    agenda.remove(current_edition().id, session, current_viewer())
    flash("The session is not in the agenda any more.", "good")
    return redirect(url_for("workshops.agenda"))


@blueprint.route("/e/<edition>/workshop/sessions/<int:session>/record", methods=["GET", "POST"])
@permission("workshops.desk")
@limited(120, 600)
def session_record(session: int) -> ResponseReturnValue:
    """Write down what a session brought, who really spoke, and what was said."""
    edition, talk = current_edition(), programme.talk(current_edition().id, session)
    found = next(iter(programme.records(edition.id, session)), None)
    form = RecordForm(data=record_as_it_is(talk, found, edition.zone))
    form.offer(talk)
    if form.validate_on_submit():
        with form.refusals():
            agenda.report(edition.id, session, form.report(edition.zone), current_viewer(), version=whole(form.version.data))
            flash("The record is kept, and the report finds it.", "good")
            return redirect(url_for("workshops.agenda"))
    form.version.data = str(found.version if found else 0)
    return render_template("workshops/record.html", talk=talk, found=found, form=form), form.status
